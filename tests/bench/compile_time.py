"""How long compiling takes beside importing the libraries it needs, in one run.

    python tests/bench/compile_time.py

A factorized model with N = 128, M = 192 at 1280 x 720, from its checkpoint and from `.mlir`: the
best of three runs of whole processes, and their peak memory.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from models import write_checkpoint

RUNS = 3
IMPORTS = "import torch, compressai, torch_mlir"


def main() -> None:
    """Prints times, their ratio, and the largest peak memory of a compilation."""
    with tempfile.TemporaryDirectory() as folder:
        model, dump = Path(folder) / "model.pth", Path(folder) / "ir"
        write_checkpoint(model, "factorized", 128, 192)
        imports = _best(sys.executable, "-c", IMPORTS)
        compile_ = ("-m", "licc.cli", "compile", "--quiet", "-o", f"{folder}/design", "--size")
        size = "1280x720"
        whole = _best(sys.executable, *compile_, size, str(model))
        _seconds(sys.executable, *compile_, size, str(model), "--dump-ir", str(dump))
        from_ir = _best(sys.executable, *compile_, size, str(dump / "00-float.mlir"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    print(f"{IMPORTS}: {imports:.1f} s")
    print(f"licc compile model.pth:  {whole:.1f} s, {whole / imports:.1f} times the imports")
    print(f"licc compile model.mlir: {from_ir:.1f} s")
    print(f"largest peak memory: {peak:.2f} GiB")


def _best(*command: str) -> float:
    return min(_seconds(*command) for _ in range(RUNS))


def _seconds(*command: str) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
