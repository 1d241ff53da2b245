"""The quant dialect: what a number of the codec means as an integer, and the ops that change it.

Three attributes stand in the encoding of a tensor type, one for each state on the way to integers:
`#quant.range` (what calibration saw), `#quant.uniform` (the integer format that was decided, on a
tensor that is still f32) and `#quant.scale` (what one step of an integer tensor is worth).
"""

from math import isfinite

from xdsl.dialects.builtin import FloatAttr, IntegerAttr, IntegerType, StringAttr, TensorType, f64
from xdsl.ir import Attribute, Dialect, ParametrizedAttribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from .tensors import shape_of

MULTIPLIER_BITS = 17
MAX_SHIFT = 62
LATENT_SCALE = 2.0**-6
PIXEL_SCALE = 1 / 255


def _parse_float(parser: AttrParser) -> FloatAttr:
    return FloatAttr(float(parser.parse_number()), f64)


def _print_float(printer: Printer, value: float) -> None:
    """As xDSL prints it, except for long whole numbers: their hexadecimal form would not parse."""
    if "." in f"{value:.17g}" or float(f"{value:.5e}") == value:
        printer.print_float(value, f64)
    else:
        printer.print_string(f"{value:.16e}")


@irdl_attr_definition
class RangeAttr(ParametrizedAttribute):
    """The lowest and highest value that calibration saw: `#quant.range<-1.5, 2.25>`."""

    name = "quant.range"

    low: FloatAttr
    high: FloatAttr

    def __init__(self, low: float, high: float):
        super().__init__(FloatAttr(low, f64), FloatAttr(high, f64))

    @property
    def bounds(self) -> tuple[float, float]:
        """(lowest, highest)."""
        return self.low.value.data, self.high.value.data

    def verify(self) -> None:
        low, high = self.bounds
        if not low <= high:
            raise VerifyException(f"quant.range expects low <= high, found {low} and {high}")
        if not isfinite(high - low):
            raise VerifyException(f"quant.range expects finite bounds, found {low} and {high}")

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            low = _parse_float(parser)
            parser.parse_punctuation(",")
            return [low, _parse_float(parser)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            _print_float(printer, self.low.value.data)
            printer.print_string(", ")
            _print_float(printer, self.high.value.data)


def _verify_scale(name: str, scale: float) -> None:
    if not 0.0 < scale < float("inf"):
        raise VerifyException(f"{name} expects a positive, finite scale, found {scale}")


@irdl_attr_definition
class UniformAttr(ParametrizedAttribute):
    """The integer format decided for a float tensor, value = integer · scale:
    `#quant.uniform<ui8, 0.5>`."""

    name = "quant.uniform"

    storage: IntegerType
    step: FloatAttr

    def __init__(self, storage: IntegerType, scale: float):
        super().__init__(storage, FloatAttr(scale, f64))

    @property
    def scale(self) -> float:
        """What one integer step is worth."""
        return self.step.value.data

    def verify(self) -> None:
        _verify_scale(self.name, self.scale)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            storage = parser.parse_type()
            parser.parse_punctuation(",")
            return [storage, _parse_float(parser)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_attribute(self.storage)
            printer.print_string(", ")
            _print_float(printer, self.scale)


@irdl_attr_definition
class ScaleAttr(ParametrizedAttribute):
    """What one step of an integer tensor is worth: `#quant.scale<0.5>`."""

    name = "quant.scale"

    step: FloatAttr

    def __init__(self, scale: float):
        super().__init__(FloatAttr(scale, f64))

    @property
    def scale(self) -> float:
        """What one integer step is worth."""
        return self.step.value.data

    def verify(self) -> None:
        _verify_scale(self.name, self.scale)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            return [_parse_float(parser)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            _print_float(printer, self.scale)


IntegerTensor = TensorType[IntegerType]


def frame_channels(name: str, value: SSAValue) -> int:
    """The channels of a frame; raises unless it is one, of shape 1 x C x H x W."""
    shape = shape_of(value)
    if len(shape) != 4 or shape[0] != 1:
        raise VerifyException(f"{name}: input must be 1 x C x H x W, found shape {shape}")
    return shape[1]


def verify_per_channel(name: str, what: str, value: SSAValue, channels: int) -> None:
    """Raises unless `value` is a vector with one element for each of `channels` channels."""
    if shape_of(value) != (channels,):
        raise VerifyException(
            f"{name}: {what} must have one element for each of the {channels} channels, "
            f"found shape {shape_of(value)}"
        )


def verify_shift(name: str, shift: IntegerAttr, low: int = 0, high: int = MAX_SHIFT) -> None:
    """Raises unless low <= shift <= high; up to 62 every intermediate fits 64 bits."""
    if not low <= shift.value.data <= high:
        raise VerifyException(f"{name}: shift must be in {low}..{high}, found {shift.value.data}")


def verify_requantizer(
    name: str,
    channels: int,
    vectors: dict[str, SSAValue | None],
    shift: IntegerAttr,
    shifts: tuple[int, int] = (0, MAX_SHIFT),
) -> None:
    """The contract of every requantiser: per-channel vectors and a shift in its range."""
    for what, value in vectors.items():
        if value is not None:
            verify_per_channel(name, what, value, channels)
    verify_shift(name, shift, *shifts)


@irdl_op_definition
class RequantizeOp(IRDLOperation):
    """Scales accumulators to the format of the next layer, in integers.

    v = input + bias[c];  M = negative[c] where v < 0 and `negative` is given, else multiplier[c];
    result = saturate(round_half_up(v · M / 2^shift)). A `negative` of zeros is a ReLU, one of
    slope · multiplier a leaky ReLU.

    ```
    %y = quant.requantize %acc, %bias, %m {layer = "g_a.0", shift = 24 : i64}
        : (tensor<1x4x8x8xi21>, tensor<4xi32>, tensor<4xi32>) -> tensor<1x4x8x8xi8>
    ```
    """

    name = "quant.requantize"

    input = operand_def(IntegerTensor)
    bias = operand_def(IntegerTensor)
    multiplier = operand_def(IntegerTensor)
    negative = opt_operand_def(IntegerTensor)
    shift = prop_def(IntegerAttr)
    layer = prop_def(StringAttr)
    result = result_def(IntegerTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = (
        "$input `,` $bias `,` $multiplier (`,` `negative` $negative^)? attr-dict `:` "
        "functional-type(operands, results)"
    )

    def verify_(self) -> None:
        vectors = {"bias": self.bias, "multiplier": self.multiplier, "negative": self.negative}
        verify_requantizer(self.name, frame_channels(self.name, self.input), vectors, self.shift)
        verify_same_shape(self.name, self.input, self.result)


@irdl_op_definition
class OffsetOp(IRDLOperation):
    """Adds a fixed-point constant to every channel: result = saturate((input << shift) + m[c]).

    In front of a synthesis transform: symbol + median, with `shift` fractional bits.

    ```
    %y = quant.offset %symbols, %medians {layer = "g_s.median", shift = 6 : i64}
        : (tensor<1x4x8x8xi16>, tensor<4xi32>) -> tensor<1x4x8x8xi16>
    ```
    """

    name = "quant.offset"

    input = operand_def(IntegerTensor)
    offset = operand_def(IntegerTensor)
    shift = prop_def(IntegerAttr)
    layer = prop_def(StringAttr)
    result = result_def(IntegerTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "$input `,` $offset attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        channels = frame_channels(self.name, self.input)
        verify_per_channel(self.name, "offset", self.offset, channels)
        verify_shift(self.name, self.shift)
        verify_same_shape(self.name, self.input, self.result)


def verify_same_shape(name: str, *values: SSAValue) -> None:
    """Raises unless all values have one shape."""
    shapes = {shape_of(value) for value in values}
    if len(shapes) != 1:
        raise VerifyException(f"{name}: expected one shape, found {sorted(shapes)}")


def scale_of(type: Attribute) -> float:
    """What one integer step of a tensor type is worth; `ValueError` if it has no scale."""
    encoding = type.encoding if isa(type, TensorType[Attribute]) else None
    if isinstance(encoding, ScaleAttr | UniformAttr):
        return encoding.scale
    raise ValueError(f"expected a tensor with a scale, found {type}")


Quant = Dialect("quant", [OffsetOp, RequantizeOp], [RangeAttr, ScaleAttr, UniformAttr])
