"""How long the integer program takes beside the float model in PyTorch, in one run.

    python tests/bench/interpreter.py [IMAGE]

Encoder and decoder of a factorized model with N = 128, M = 192, on a 768 x 512 image (or IMAGE,
cropped to multiples of 64): the median of five runs of each, and their ratio.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from models import write_checkpoint
from xdsl.context import Context

from licc.backends.design.program import Program
from licc.frontend import import_model, load_model
from licc.frontend.model import reconstruct
from licc.passes.assign_precision import AssignPrecision
from licc.passes.calibrate import Calibrate, built_in_mosaic
from licc.passes.quantize import Quantize
from licc.runtime.images import crop_to, read_image

RUNS = 5


def main() -> None:
    """Prints both times and their ratio."""
    image = built_in_mosaic(512, 768)
    if len(sys.argv) > 1:
        image = read_image(Path(sys.argv[1]))
        image = crop_to(image, *(n // 64 * 64 for n in image.shape[2:]))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.pth"
        write_checkpoint(path, "factorized", 128, 192)
        model = load_model(path)
    reference = import_model(model, *image.shape[2:])
    integer = reference.clone()
    for pass_ in (Calibrate(), AssignPrecision(), Quantize()):
        pass_.apply(Context(), integer)
    program = Program(integer, reference)
    pixels = np.ascontiguousarray(image[0].transpose(1, 2, 0))
    torch_seconds = _median(lambda: reconstruct(model, pixels))
    licc_seconds = _median(lambda: program.trace(image))
    print(f"PyTorch, float:        {torch_seconds:.2f} s")
    print(f"interpreter, integers: {licc_seconds:.2f} s")
    print(f"ratio:                 {licc_seconds / torch_seconds:.2f}")


def _median(function) -> float:
    times = []
    function()
    for _ in range(RUNS):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


if __name__ == "__main__":
    main()
