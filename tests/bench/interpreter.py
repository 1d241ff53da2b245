"""How long the integer program takes beside the float model in PyTorch, in one run.

    python tests/bench/interpreter.py [MODEL IMAGES…]

Encoder and decoder, image by image, float first: the seconds of all images together, and their
ratio. Without arguments: a factorized model with N = 64, M = 192, and a 768 x 512 mosaic, five
times.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from models import write_checkpoint

from licc.evaluation.benchmark import pad_to_stride
from licc.evaluation.codecs import integer_program, passes_to_integers, run_float, run_integers
from licc.frontend import load_model
from licc.frontend.model import Model
from licc.passes.calibrate import built_in_mosaic
from licc.runtime.images import find_images, read_image
from licc.settings import Settings

RUNS = 5


def main() -> None:
    """Prints both times and their ratio."""
    if len(sys.argv) > 1:
        model = load_model(sys.argv[1])
        images = [read_image(path) for path in find_images(tuple(map(Path, sys.argv[2:])))]
    else:
        model, images = untrained(), [built_in_mosaic(512, 768)] * RUNS
    program = integer_program(model, passes_to_integers(Settings().for_model(model.precision)))
    seconds = [0.0, 0.0]
    for number, image in enumerate([images[0], *images]):
        padded = pad_to_stride(image, model.stride)
        taken = seconds_of(run_float, model, padded), seconds_of(run_integers, program, padded)
        if number:  # the first run of both makes their tables
            seconds = [sum(pair) for pair in zip(seconds, taken, strict=True)]
    print(f"{len(images)} images")
    print(f"PyTorch, float:        {seconds[0]:.2f} s")
    print(f"interpreter, integers: {seconds[1]:.2f} s")
    print(f"ratio:                 {seconds[1] / seconds[0]:.2f}")


def untrained() -> Model:
    """A model with random weights."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.pth"
        write_checkpoint(path, "factorized", 64, 192)
        return load_model(path)


def seconds_of(function: Callable[..., Any], *arguments: Any) -> float:
    """How long a call takes."""
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
