"""The float level of a student that nobody has trained: what `import_model` would give, with random
weights, and with the ranges that `calibrate` would find where only their sign matters.

Resources and cycles of a compiled student depend on its shapes, on the signs of its values and,
slightly, on the sizes of its weights (docs/dimensioning.md).
"""

from enum import StrEnum

import numpy as np
from xdsl.dialects.builtin import (
    BoolAttr,
    FloatAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    f32,
    f64,
    i64,
)
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue
from xdsl.rewriter import Rewriter

from ...dialects import gdn, nn
from ...dialects.gdn import NormAttr
from ...dialects.quant import RangeAttr
from ...dialects.tensors import Array, constant, shape_of, tensor_type
from ...dialects.window import Window
from ..raising import FACTORIZED, HYPERPRIOR
from ..sizes import check_multiple
from .architecture import Architecture
from .transforms import (
    Convolution,
    Layer,
    Magnitude,
    Medians,
    Normalization,
    Rectifier,
    Transform,
    transforms_of,
)

SIGNED, UNSIGNED = RangeAttr(-1.0, 1.0), RangeAttr(0.0, 1.0)


class Weights(StrEnum):
    """How large the weights of a convolution are: spread as trained ones are, or all as large as
    the largest."""

    TYPICAL = "typical"
    LARGEST = "largest"


def untrained_module(
    student: Architecture, height: int, width: int, weights: Weights = Weights.TYPICAL
) -> ModuleOp:
    """The functions of a student for an image of height x width pixels, verified; the same for
    every call. Raises `ModelError` for a size that the family does not take."""
    check_multiple(f"{student.family} student", student.stride, height, width)
    formats = HYPERPRIOR if student.has_hyperprior else FACTORIZED
    functions: list[FuncOp] = []
    for name, transform in transforms_of(student).items():
        size = (height // transform.stride, width // transform.stride)
        builder = _Builder(name, transform, student, size, weights)
        functions.append(builder.function(*formats[name]))
    module = ModuleOp(functions)
    module.verify()
    return module


class _Builder:
    """A function under construction."""

    def __init__(
        self,
        name: str,
        transform: Transform,
        student: Architecture,
        size: tuple[int, int],
        weights: Weights,
    ):
        self.name, self.transform, self.student, self.weights = name, transform, student, weights
        self.block = Block(arg_types=[tensor_type(f32, (1, transform.inputs, *size))])
        self.value: SSAValue = self.block.args[0]

    def function(self, input: Attribute, output: Attribute) -> FuncOp:
        """The function of all layers, with the formats of its boundary."""
        for name, layer in self.transform.layers.items():
            self.add(f"{self.name}.{name}", layer)
        argument, result = (
            Rewriter.replace_value_with_new_type(value, tensor_type(f32, shape_of(value), format))
            for value, format in ((self.block.args[0], input), (self.value, output))
        )
        self.block.add_op(ReturnOp(result))
        return FuncOp(self.name, ((argument.type,), (result.type,)), Region(self.block))

    def add(self, name: str, layer: Layer) -> None:
        """Adds a layer to the end."""
        properties: dict[str, Attribute] = {"layer": StringAttr(name)}
        match layer:
            case Convolution():
                self.add_convolution(layer, properties)
            case Normalization():
                norm, inverse = NormAttr(self.student.norm), BoolAttr.from_bool(layer.inverse)
                properties |= {"norm": norm, "inverse": inverse}
                channels = self.channels
                dense = np.full((channels, channels), 0.1 / channels)
                arrays = [np.ones(channels), dense + 0.1 * np.eye(channels)]
                self.emit(gdn.NormalizeOp, arrays, properties)
            case Rectifier(0.0):
                self.emit(nn.ReluOp, [], properties, UNSIGNED)
            case Rectifier():
                properties["slope"] = FloatAttr(layer.slope, f64)
                self.emit(nn.LeakyReluOp, [], properties)
            case Magnitude():
                self.emit(nn.AbsOp, [], properties, UNSIGNED)
            case Medians():
                self.emit(nn.BiasOp, [np.zeros(self.channels)], properties)

    @property
    def channels(self) -> int:
        """Channels of the last layer's result."""
        return shape_of(self.value)[1]

    def add_convolution(self, layer: Convolution, properties: dict[str, Attribute]) -> None:
        """Adds a convolution without a bias."""
        window = Window(layer.kernel, layer.stride, layer.kernel // 2, layer.transposed)
        numbers = {"stride": window.stride, "padding": window.padding}
        properties |= {key: IntegerAttr(number, i64) for key, number in numbers.items()}
        inputs, *size = shape_of(self.value)[1:]
        channels = (inputs, layer.outputs) if layer.transposed else (layer.outputs, inputs)
        shape = (*channels, layer.kernel, layer.kernel)
        kind = nn.ConvTranspose2dOp if layer.transposed else nn.Conv2dOp
        arrays = [self.weight(shape), np.zeros(layer.outputs)]
        sizes = (window.output_size(n) for n in size)
        self.emit(kind, arrays, properties, SIGNED, (1, layer.outputs, *sizes))

    def weight(self, shape: tuple[int, ...]) -> Array:
        """The weight of a convolution, the same for the same shape; its scale does not matter."""
        match self.weights:
            case Weights.TYPICAL:
                return np.random.default_rng(0).laplace(size=shape)
            case Weights.LARGEST:
                return np.ones(shape, np.float32)

    def emit(
        self,
        kind: type[Operation],
        arrays: list[Array],
        properties: dict[str, Attribute],
        range: RangeAttr = SIGNED,
        shape: tuple[int, ...] | None = None,
    ) -> None:
        """Adds an op on the last value and some constants, with a result of some range and shape
        (None: that of the last value)."""
        constants = [constant(array) for array in arrays]
        op = kind.create(
            operands=[self.value, *(each.result for each in constants)],
            properties=properties,
            result_types=[tensor_type(f32, shape or shape_of(self.value), range)],
        )
        self.block.add_ops([*constants, op])
        self.value = op.results[0]
