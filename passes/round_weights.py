"""`round-weights`: weights in few bits with which the integer program's layers come out right."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import DenseArrayBase, ModuleOp, f64
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from ..backends.interpreter import run
from ..dialects.functions import alone
from ..dialects.quant import scale_of
from ..dialects.tensors import array_of
from ..runtime.arithmetic import Array
from ..runtime.codec import encode
from .calibrate import Calibrate
from .constants import replace_constant
from .pruning.groups import Convolution
from .quantize import Quantize
from .rounding.execution import Execution
from .rounding.layer import Rounded, moments_of, round_layer

METHODS = ("nearest", "adaptive")
ORDER = ("g_a", "h_a", "h_s", "g_s")


@dataclass(frozen=True)
class RoundWeights(ModulePass):
    """Rounds the weights of convolution after convolution, in the order of the codec, to the bits
    that `assign-precision` gave them, so that on calibration images each layer of the integer
    program gives what it gives in float: reconstruction after training, in closed form (the
    layer-wise objective of AdaRound: Nagel et al., ICML 2020; the solution of OPTQ: Frantar et al.,
    ICLR 2023; bias correction: Nagel et al., ICCV 2019).

    Inputs of a layer are those that the layers rounded before it make, so that it makes up for
    their errors as well. With the `method` nearest nothing is done: `quantize` rounds to the
    nearest step. `layers` names those to round, with commas (all if empty); `images` and `limit`
    are those of `calibrate`.
    """

    name = "round-weights"

    method: str = "adaptive"
    layers: str = ""
    images: str = ""
    limit: int = 8

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.method not in METHODS:
            raise PassFailedException(
                f"round-weights: method must be one of {', '.join(METHODS)}, found {self.method}"
            )
        if self.method == "nearest":
            return
        known = {layer.layer.data for layer in convolutions(op)}
        chosen = {name.strip() for name in self.layers.split(",")} - {""} or known
        if unknown := chosen - known:
            raise PassFailedException(
                f"round-weights: {min(unknown)} is no convolution; there are "
                f"{', '.join(sorted(known))}"
            )
        functions = {f.sym_name.data: f for f in op.ops if isinstance(f, FuncOp)}
        frames = Calibrate(self.images, self.limit).frames(op)
        rounded: dict[str, ModuleOp] = {}
        for name in (name for name in ORDER if name in functions):
            inputs = [codec_input(name, tuple(functions), rounded, frame) for frame in frames]
            round_function(ctx, functions[name], inputs, chosen)
            rounded[name] = quantized(ctx, functions[name])


def round_function(
    ctx: Context, function: FuncOp, frames: Sequence[Array], chosen: Collection[str]
) -> None:
    """Rounds convolutions of a float function, those of some names, for integer frames at its
    input."""
    scale = np.float32(scale_of(function.args[0].type))
    original = alone(function)
    reals = [Execution(frame.astype(np.float32) * scale) for frame in frames]
    integers = [Execution(frame) for frame in frames]
    for before, layer in zip(
        list(convolutions(original)), list(convolutions(function)), strict=True
    ):
        if layer.layer.data not in chosen:
            continue
        if layer.weight_bits is None:
            raise PassFailedException(
                f"round-weights: {layer.layer.data} has no weight_bits; run assign-precision first"
            )
        name, program = layer.layer.data, quantized(ctx, function)
        after = next(one for one in convolutions(program) if one.layer.data == name)
        step = np.float32(scale_of(layer.input.type))
        moments = moments_of(
            layer.window,
            [one.input_of(after).astype(np.float32) * step for one in integers],
            [one.input_of(before) for one in reals],
        )
        weight, bits = array_of(layer.weight), layer.weight_bits.value.data
        take(layer, round_layer(weight, layer.window, moments, bits))


def take(layer: Convolution, found: Rounded) -> None:
    """Gives a float convolution weights on the steps that are noted with it, and a new bias."""
    replace_constant(layer, layer.weight, found.weight)
    layer.weight_scale = DenseArrayBase.from_list(f64, found.scale.tolist())
    if layer.bias is not None:
        replace_constant(layer, layer.bias, array_of(layer.bias) + found.shift)


def convolutions(module: ModuleOp | FuncOp) -> Iterator[Convolution]:
    """The convolutions of a program, in its order."""
    return (op for op in module.walk() if isinstance(op, Convolution))


def quantized(ctx: Context, function: FuncOp) -> ModuleOp:
    """A function in integers, as `quantize` makes them, in a module of its own."""
    module = alone(function)
    Quantize().apply(ctx, module)
    return module


def codec_input(
    name: str, functions: tuple[str, ...], rounded: dict[str, ModuleOp], frame: Array
) -> Array:
    """What the codec gives to a function for an image (or, where there is no encoder, symbols), as
    far as the functions before it are rounded."""
    if "g_a" not in functions:
        return frame
    given: dict[str, Array] = {}

    def transform(function: str, value: Array) -> Array:
        given[function] = value
        if function == name:
            raise _Reached
        return run(rounded[function], function, value)

    try:
        return encode(transform, functions, frame).restored
    except _Reached:
        return given[name]


class _Reached(Exception):
    """The codec has come to the function that was asked for."""
