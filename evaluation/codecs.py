"""The two codecs that are compared: the float model, and the integer program that licc compiles."""

from dataclasses import dataclass

import numpy as np
from xdsl.passes import ModulePass

from ..backends.design.program import Program
from ..backends.targets import load_target
from ..compiler import ELLIPSIS, Pipeline, known_passes, make_pipeline
from ..frontend import import_model
from ..frontend.model import Model, reconstruct
from ..runtime.arithmetic import Array
from ..runtime.codec import FRACTION_BITS, encode
from ..settings import Settings, pass_options

LAST_PASS = "quantize"
IMAGE = 64
PIXEL_MAX = np.float32(255)


@dataclass(frozen=True)
class Coded:
    """What a codec makes of an image: integer symbols [1, C, H, W] of the latent and of the
    hyper-latent, the predicted scales of the latent (float32), and pixels (uint8 [1, 3, H, W])."""

    symbols: Array
    hyper: Array | None
    scales: Array | None
    pixels: Array


def passes_to_integers(settings: Settings) -> tuple[ModulePass, ...]:
    """The passes of `licc compile` up to the integer program; `ValueError` for wrong settings."""
    options = pass_options(settings, load_target(settings.target))
    return make_pipeline(f"{ELLIPSIS}, {LAST_PASS}", options, known_passes(settings.load))


def integer_program(model: Model, passes: tuple[ModulePass, ...]) -> Program:
    """The integer program that passes make of a model; it runs on frames of any size."""
    side = -(-IMAGE // model.stride) * model.stride
    reference = import_model(model, side, side)
    integer = reference.clone()
    Pipeline(passes).apply(integer)
    return Program(integer, reference)


def run_float(model: Model, image: Array) -> Coded:
    """The float model in PyTorch on an image (uint8 [1, 3, H, W], multiples of its stride)."""
    found = reconstruct(model, image[0].transpose(1, 2, 0))
    pixels = np.rint(np.clip(found.pixels, 0, 1) * PIXEL_MAX).astype(np.uint8)
    return Coded(found.symbols["g_a"], found.symbols.get("h_a"), found.scales, pixels[np.newaxis])


def run_integers(program: Program, image: Array) -> Coded:
    """The integer program on an image (uint8 [1, 3, H, W], multiples of the model's stride)."""
    latents = encode(program, program.functions, image)
    scales = None
    if latents.scales is not None:
        scales = latents.scales.astype(np.float32) / np.float32(1 << FRACTION_BITS)
    pixels = program("g_s", latents.restored)
    return Coded(latents.symbols, latents.hyper, scales, pixels)
