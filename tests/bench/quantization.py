"""What each step to integers of few bits costs in quality: the tables of docs/quantization.md.

    python tests/bench/quantization.py MODEL --images DIR [--norm l1] [--only TITLE…]

The float model and the integer program of every row on the same images, each at its own size;
rates from the entropy tables or, without any, from the symbols' histograms. Weights are rounded,
and ranges found, on the images that licc carries. Prints Markdown, row by row.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

from licc.backends.design.program import Program
from licc.compiler import known_passes, make_pipeline
from licc.dialects.gdn import Norm
from licc.evaluation.benchmark import pad_to_stride
from licc.evaluation.codecs import Coded, integer_program, run_float, run_integers
from licc.evaluation.figures import Comparison, Figures, mean_figures
from licc.evaluation.published import curve_of
from licc.evaluation.rates import bits_of, entropy_model
from licc.frontend import load_model
from licc.frontend.model import Model
from licc.runtime.arithmetic import Array
from licc.runtime.images import crop_to, find_images, psnr, read_image
from licc.settings import Settings, number_options

PLAIN = "prune-channels, calibrate, assign-precision, choose-gdn-cores, quantize"
WHOLE = "..., quantize"
W8A8 = Settings(precision="w8a8", rounding="nearest")
ADAPTIVE = Settings(precision="w8a8", rounding="adaptive")
MIXED = "w8a10,g_a.0=w4,g_a.1=a8,g_a.2=w4"
ROWS = {
    "w8a8, plain": (PLAIN, W8A8),
    "+ ranges, mse": (
        "prune-channels, calibrate, assign-precision, choose-gdn-cores, fit-scales, quantize",
        Settings(precision="w8a8", ranges="mse"),
    ),
    "+ equalisation": (WHOLE, Settings(precision="w8a8", ranges="mse", rounding="nearest")),
    "+ adaptive rounding": (WHOLE, Settings(precision="w8a8", ranges="mse", rounding="adaptive")),
    "min-max ranges instead": (WHOLE, ADAPTIVE),
    "weights alone, w8a16": (WHOLE, Settings(precision="w8a16", rounding="adaptive")),
    "w8a10": (WHOLE, Settings(precision="w8a10", rounding="adaptive")),
    f"mixed, {MIXED}": (WHOLE, Settings(precision=MIXED, rounding="adaptive")),
    "w9a10, the default": (WHOLE, Settings(precision="w9a10", rounding="adaptive")),
    "w16a16": (WHOLE, Settings(precision="w16a16", rounding="nearest")),
}
HEADER = """
| {name} | PSNR, dB | bpp | rate at equal PSNR | PSNR at equal rate |
|---|---|---|---|---|"""


def main() -> None:
    """Prints the table of a model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("--images", type=Path, nargs="+", required=True)
    parser.add_argument("--norm", type=Norm)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS))
    options = parser.parse_args()
    model = load_model(options.model, options.norm)
    images = [read_image(path) for path in find_images(tuple(options.images))]
    measure = Measure(model, images)
    curve = curve_of(model.family)
    reference = measure(lambda image: run_float(model, image))
    print(HEADER.format(name=options.model.stem))
    print(f"| float | {reference.psnr:.3f} | {reference.rate:.4f} | | |", flush=True)
    for title in options.only:
        program = program_of(model, *ROWS[title])
        found = measure(lambda image, program=program: run_integers(program, image))
        change = Comparison(reference, found)
        print(
            f"| {title} | {found.psnr:.3f} | {found.rate:.4f} | {change.at_equal_psnr(curve):+.2f} "
            f"% | {change.at_equal_rate(curve):+.3f} dB |",
            flush=True,
        )


class Measure:
    """Mean figures of a codec on images (uint8 [1, 3, H, W])."""

    def __init__(self, model: Model, images: list[Array]):
        self.stride, self.images, self.entropy = model.stride, images, entropy_model(model)

    def __call__(self, codec: Callable[[Array], Coded]) -> Figures:
        """The figures of what a codec makes of each padded image."""
        return mean_figures(self.image(image, codec) for image in self.images)

    def image(self, image: Array, codec: Callable[[Array], Coded]) -> Figures:
        """The figures of one image."""
        height, width = image.shape[2:]
        coded = codec(pad_to_stride(image, self.stride))
        rate = bits_of(self.entropy, coded) / (height * width)
        return Figures(psnr(image, crop_to(coded.pixels, height, width)), None, rate, rate, None)


def program_of(model: Model, pipeline: str, settings: Settings) -> Program:
    """The integer program that a pipeline makes of a model."""
    return integer_program(model, make_pipeline(pipeline, number_options(settings), known_passes()))


if __name__ == "__main__":
    main()
