"""The integer program of a design, with the float one in the place of what was left out."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from ...dialects.quant import PIXEL_SCALE, UniformAttr
from ...dialects.tensors import container, integer_range, type_of
from ...runtime.arithmetic import Array
from ...runtime.codec import encode, predicted_means
from ..interpreter import function_names, run

SYNTHETIC_SPREAD = 3.0


@dataclass(frozen=True)
class Program:
    """Runs functions by name: those of `integer` bit-exactly, others by rounding what `reference`
    (the float program) gives to the format of their result. A decoder that was compiled alone gets
    its latents in this way.
    """

    integer: ModuleOp
    reference: ModuleOp

    @cached_property
    def functions(self) -> tuple[str, ...]:
        """The functions of the whole codec."""
        return function_names(self.reference)

    @cached_property
    def compiled(self) -> tuple[str, ...]:
        """The functions that run in integers."""
        return function_names(self.integer)

    def __call__(self, name: str, frame: Array) -> Array:
        """The integer result of a function for an integer frame [1, C, H, W]."""
        if name in self.compiled:
            return run(self.integer, name, frame)
        source, result = boundary_formats(self.reference, name)
        real = frame.astype(np.float32) * np.float32(source.scale)
        return to_integers(run(self.reference, name, real), result)

    def trace(self, image: Array) -> dict[str, tuple[Array, Array]]:
        """What each compiled function is given and makes of it when the codec runs on an image
        (uint8 [1, 3, H, W]); a lone decoder is given symbols from a Laplace distribution."""
        seen: dict[str, tuple[Array, Array]] = {}

        def transform(name: str, frame: Array) -> Array:
            seen[name] = (frame, self(name, frame))
            return seen[name][1]

        if "g_a" in self.functions:
            latent = encode(transform, self.functions, image).restored
        else:
            latent = _synthetic_symbols(self.reference, image.shape)
        if "g_s" in self.compiled:
            transform("g_s", latent)
        return {name: seen[name] for name in self.compiled}


@dataclass(frozen=True)
class FloatCodec:
    """The float program on one image: what each function was given, and the decoded pixels."""

    inputs: dict[str, Array]
    pixels: Array | None


def run_float(module: ModuleOp, image: Array) -> FloatCodec:
    """Runs the float codec on an image (uint8 [1, 3, H, W]) with rounded latents and 8-bit output;
    no pixels if it has no decoder."""
    names = function_names(module)
    inputs: dict[str, Array] = {}

    def transform(name: str, frame: Array) -> Array:
        inputs[name] = frame
        return run(module, name, frame)

    if "g_a" not in names:
        latent = _synthetic_symbols(module, image.shape).astype(np.float32)
        transform("g_s", latent)
        return FloatCodec(inputs, None)
    latent = transform("g_a", image.astype(np.float32) * np.float32(PIXEL_SCALE))
    means = None
    if "h_a" in names:
        symbols = np.rint(transform("h_a", latent))
        if "h_s" in names:
            means = predicted_means(transform("h_s", symbols), latent.shape[1])
    centre = np.zeros_like(latent) if means is None else means
    if "g_s" not in names:
        return FloatCodec(inputs, None)
    pixels = transform("g_s", np.rint(latent - centre) + centre)
    whole = np.clip(np.floor(pixels.astype(np.float64) / PIXEL_SCALE + 0.5), 0, 255)
    return FloatCodec(inputs, whole.astype(np.uint8))


def boundary_formats(module: ModuleOp, name: str) -> tuple[UniformAttr, UniformAttr]:
    """The formats of the argument and the result of a float function."""
    argument, result = (type_of(value).encoding for value in _boundary(module, name))
    if not isinstance(argument, UniformAttr) or not isinstance(result, UniformAttr):
        raise ValueError(f"@{name} does not have the formats of a codec's interface")
    return argument, result


def to_integers(real: Array, format: UniformAttr) -> Array:
    """Real values in an integer format: rounded half up and saturated."""
    steps = np.floor(real.astype(np.float64) / format.scale + 0.5)
    return np.clip(steps, *integer_range(format.storage)).astype(container(format.storage))


def _boundary(module: ModuleOp, name: str) -> tuple[SSAValue, SSAValue]:
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    function = next(op for op in functions if op.sym_name.data == name)
    terminator = function.get_return_op()
    assert terminator is not None
    return function.args[0], terminator.operands[0]


def _synthetic_symbols(module: ModuleOp, image: tuple[int, ...]) -> Array:
    latent, pixels = (type_of(value).get_shape() for value in _boundary(module, "g_s"))
    size = (latent[2] * image[2] // pixels[2], latent[3] * image[3] // pixels[3])
    noise = np.random.default_rng(0).laplace(0.0, SYNTHETIC_SPREAD, (1, latent[1], *size))
    return np.round(noise).astype(np.int16)
