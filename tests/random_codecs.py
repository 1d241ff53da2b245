"""Random float codecs in IR, small enough to run in a test.

`transform` makes a function of a list of layers; `factorized` and `hyperprior` are whole codecs,
which between them have a layer of every kind. The seed decides the weights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import BoolAttr, FloatAttr, IntegerAttr, ModuleOp, StringAttr, f64, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.rewriter import Rewriter

from licc.dialects import gdn, nn
from licc.dialects.gdn import Norm, NormAttr
from licc.dialects.quant import LATENT_SCALE, PIXEL_SCALE, UniformAttr
from licc.dialects.tensors import constant, f32, integer_type, shape_of, tensor_type
from licc.dialects.window import Window

PIXELS = UniformAttr(integer_type(8, signed=False), PIXEL_SCALE)
SYMBOLS = UniformAttr(integer_type(16), 1.0)
LATENTS = UniformAttr(integer_type(16), LATENT_SCALE)


@dataclass(frozen=True)
class Conv:
    """A convolution with bias; the padding keeps size / stride."""

    channels: int
    kernel: int = 3
    stride: int = 1


@dataclass(frozen=True)
class Deconv(Conv):
    """A transposed convolution with bias."""


@dataclass(frozen=True)
class Gdn:
    """GDN with positive beta and gamma."""

    norm: Norm = Norm.L2
    inverse: bool = False


@dataclass(frozen=True)
class Bias:
    """A number for each channel, as medians are."""


@dataclass(frozen=True)
class Relu:
    """A ReLU."""


@dataclass(frozen=True)
class Leaky:
    """A leaky ReLU."""

    slope: float = 0.01


@dataclass(frozen=True)
class Abs:
    """Magnitudes."""


@dataclass(frozen=True)
class Add:
    """Adds the result of an earlier layer, by its number."""

    layer: int


Layer = Conv | Gdn | Bias | Relu | Leaky | Abs | Add


def frame_type(shape: tuple[int, int, int], format: UniformAttr):
    """The type of a float frame [1, C, H, W] at a codec's boundary."""
    return tensor_type(f32, (1, *shape), format)


def transform(
    name: str,
    layers: Sequence[Layer],
    shape: tuple[int, int, int],
    formats: tuple[UniformAttr, UniformAttr],
    seed: int = 0,
) -> FuncOp:
    """`func @name` of the layers, on a frame of (channels, height, width), with random weights that
    keep the variance; `formats` are those of the argument and of the result."""
    rng = np.random.default_rng(seed)
    block = Block(arg_types=[frame_type(shape, formats[0])])
    values: list[SSAValue] = []
    value: SSAValue = block.args[0]
    for number, layer in enumerate(layers):
        ops = _lower(layer, f"{name}.{number}", value, values, rng)
        block.add_ops(ops)
        value = ops[-1].results[0]
        values.append(value)
    value = Rewriter.replace_value_with_new_type(
        value, tensor_type(f32, shape_of(value), formats[1])
    )
    block.add_op(ReturnOp(value))
    return FuncOp(name, ((block.args[0].type,), (value.type,)), Region(block))


def _lower(
    layer: Layer,
    name: str,
    value: SSAValue,
    values: Sequence[SSAValue],
    rng: np.random.Generator,
) -> list[Operation]:
    """The op of a layer behind its constants."""
    kind, properties = _kind(layer)
    shape = shape_of(value)
    if isinstance(layer, Conv):
        size = (_window(layer).output_size(n) for n in shape[2:])
        shape = (1, layer.channels, *size)
    arrays = _arrays(layer, shape_of(value)[1], rng)
    constants = [constant(array.astype(np.float32)) for array in arrays]
    second = [values[layer.layer]] if isinstance(layer, Add) else []
    op = kind.create(
        operands=[value, *second, *(c.result for c in constants)],
        properties={"layer": StringAttr(name), **properties},
        result_types=[tensor_type(f32, shape)],
    )
    return [*constants, op]


def _window(layer: Conv) -> Window:
    return Window(layer.kernel, layer.stride, layer.kernel // 2, isinstance(layer, Deconv))


def _kind(layer: Layer) -> tuple[type[Operation], dict[str, Attribute]]:
    """The op of a layer, and its properties but for the name."""
    match layer:
        case Conv():
            kind = nn.ConvTranspose2dOp if isinstance(layer, Deconv) else nn.Conv2dOp
            window = _window(layer)
            numbers = {"stride": window.stride, "padding": window.padding}
            return kind, {key: IntegerAttr(number, i64) for key, number in numbers.items()}
        case Gdn():
            inverse = BoolAttr.from_bool(layer.inverse)
            return gdn.NormalizeOp, {"norm": NormAttr(layer.norm), "inverse": inverse}
        case Leaky():
            return nn.LeakyReluOp, {"slope": FloatAttr(layer.slope, f64)}
        case Bias():
            return nn.BiasOp, {}
        case Relu():
            return nn.ReluOp, {}
        case Abs():
            return nn.AbsOp, {}
        case Add():
            return nn.AddOp, {}


def _arrays(layer: Layer, channels: int, rng: np.random.Generator) -> list[NDArray[np.float64]]:
    """The random constants of a layer on so many channels."""
    match layer:
        case Conv():
            return _convolution_weights(_window(layer), channels, layer.channels, rng)
        case Gdn():
            gamma = rng.uniform(0, 0.3, (channels, channels)) / np.sqrt(channels)
            return [rng.uniform(0.1, 2, channels), gamma]
        case Bias():
            return [rng.normal(0, 1, channels)]
        case _:
            return []


def _convolution_weights(
    window: Window, inputs: int, outputs: int, rng: np.random.Generator
) -> list[NDArray[np.float64]]:
    """Weight and bias; a phase of a transposed convolution has k²/s² taps."""
    taps = window.kernel**2 / window.phases**2
    channels = (inputs, outputs) if window.transposed else (outputs, inputs)
    shape = (*channels, window.kernel, window.kernel)
    return [rng.normal(0, 1 / np.sqrt(inputs * taps), shape), rng.normal(0, 0.1, outputs)]


def factorized(size: int = 32, channels: int = 4, latents: int = 3) -> ModuleOp:
    """@g_a and @g_s of a codec with a factorised prior: every kind of layer, 8× down and up."""
    analysis = transform(
        "g_a",
        [
            Conv(channels, 5, 4),
            Gdn(Norm.L2),
            Conv(channels, 3, 1),
            Leaky(),
            Add(1),
            Gdn(Norm.L1),
            Conv(latents, 5, 2),
            Bias(),
        ],
        (3, size, size),
        (PIXELS, SYMBOLS),
    )
    synthesis = transform(
        "g_s",
        [Bias(), Deconv(channels, 5, 2), Gdn(Norm.L2, inverse=True), Deconv(3, 9, 4)],
        (latents, size // 8, size // 8),
        (SYMBOLS, PIXELS),
        seed=1,
    )
    return ModuleOp([analysis, synthesis])


def hyperprior(size: int = 32, channels: int = 4, latents: int = 3) -> ModuleOp:
    """All four functions of a codec with a scale hyperprior."""
    deep, deeper = size // 4, size // 8
    return ModuleOp(
        [
            transform(
                "g_a",
                [Conv(channels, 5, 2), Gdn(Norm.L1), Conv(latents, 5, 2)],
                (3, size, size),
                (PIXELS, LATENTS),
            ),
            transform(
                "h_a",
                [Abs(), Conv(channels, 3, 1), Relu(), Conv(2, 5, 2), Bias()],
                (latents, deep, deep),
                (LATENTS, SYMBOLS),
                seed=1,
            ),
            transform(
                "h_s",
                [Bias(), Deconv(channels, 5, 2), Relu(), Conv(latents, 3, 1), Relu()],
                (2, deeper, deeper),
                (SYMBOLS, LATENTS),
                seed=2,
            ),
            transform(
                "g_s",
                [Deconv(channels, 5, 2), Gdn(Norm.L1, inverse=True), Deconv(3, 5, 2)],
                (latents, deep, deep),
                (LATENTS, PIXELS),
                seed=3,
            ),
        ]
    )


def photograph(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """A smooth random frame [1, 3, H, W] over all 8 bits."""
    steps = np.random.default_rng(seed).normal(size=(1, 3, height, width))
    surface = steps.cumsum(2).cumsum(3)
    return np.round((surface - surface.min()) / np.ptp(surface) * 255).astype(np.uint8)
