"""The modelled frame interval against the simulated one, on designs for 1280x720 video.

Hyperprior frames are padded to a multiple of 64. `python tests/bench/simulation.py`
"""

import tempfile
import time
from pathlib import Path

from models import write_checkpoint
from xdsl.dialects.func import FuncOp

from licc import Settings, compile
from licc.backends.simulator import simulate_function
from licc.dialects.schedule import frame_cycles

CASES = (
    ("factorized", 64, 192, (1280, 720), "encoder"),
    ("factorized", 128, 192, (1280, 720), "encoder"),
    ("hyperprior", 64, 192, (1280, 768), "both"),
)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        for family, n, m, size, direction in CASES:
            model, folder = Path(name) / f"{family}-{n}.pth", Path(name) / f"{family}-{n}"
            write_checkpoint(model, family, n, m)
            design = compile(model, folder, Settings(size=size, direction=direction))
            for function in design.module("stream").ops:
                if isinstance(function, FuncOp):
                    report(f"{family} N={n} @{function.sym_name.data}", function)


def report(name: str, function: FuncOp) -> None:
    """Prints a line for one function."""
    start = time.perf_counter()
    found, modelled = simulate_function(function), frame_cycles(function)
    seconds = time.perf_counter() - start
    print(
        f"{name:24} modelled {modelled:11,}  simulated {found.interval:11,}  "
        f"ratio {found.interval / modelled:.4f}  steady {found.steady}  {seconds:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
