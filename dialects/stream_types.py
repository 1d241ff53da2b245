"""Types and attributes of the stream dialect: what flows, and how it is delivered.

A frame flows pixel by pixel, row by row; inside a pixel, ceil(C / lanes) words of `lanes` channels.
"""

from enum import auto

from xdsl.dialects.builtin import IntAttr, IntegerType, TensorType
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, ParametrizedAttribute, SpacedOpaqueSyntaxAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.str_enum import StrEnum

from .window import Window

IntegerTensor = TensorType[IntegerType]


def ceil_div(a: int, b: int) -> int:
    """⌈a / b⌉."""
    return -(-a // b)


def parse_fields(parser: AttrParser, names: tuple[str, ...]) -> list[Attribute]:
    """Parses `name = 1, name = 2, …` in the given order."""
    fields: list[Attribute] = []
    for i, name in enumerate(names):
        if i:
            parser.parse_punctuation(",")
        parser.parse_keyword(name)
        parser.parse_punctuation("=")
        fields.append(IntAttr(parser.parse_integer(allow_boolean=False)))
    return fields


def print_fields(printer: Printer, fields: dict[str, IntAttr]) -> None:
    """Prints `name = 1, name = 2, …`."""
    printer.print_string(", ".join(f"{name} = {field.data}" for name, field in fields.items()))


def _parse_frame(parser: AttrParser, names: tuple[str, ...]) -> list[Attribute]:
    with parser.in_angle_brackets():
        frame = parser.parse_type()
        parser.parse_punctuation(",")
        return [frame, *parse_fields(parser, names)]


def _verify_frame(name: str, frame: IntegerTensor, fields: dict[str, IntAttr]) -> None:
    if len(frame.get_shape()) != 4 or frame.get_shape()[0] != 1:
        raise VerifyException(f"{name} expects an integer frame 1 x C x H x W, found {frame}")
    for field, value in fields.items():
        if value.data < 1:
            raise VerifyException(f"{name}: {field} must be at least 1, found {value.data}")


@irdl_attr_definition
class FifoType(ParametrizedAttribute, TypeAttribute):
    """A FIFO that carries a frame in words of `lanes` channels and holds `depth` words:
    `!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>`."""

    name = "stream.fifo"

    frame: IntegerTensor
    lane_count: IntAttr
    word_depth: IntAttr

    def __init__(self, frame: IntegerTensor, lanes: int, depth: int = 2):
        super().__init__(frame, IntAttr(lanes), IntAttr(depth))

    @property
    def lanes(self) -> int:
        """Channels in a word."""
        return self.lane_count.data

    @property
    def depth(self) -> int:
        """Words the FIFO holds."""
        return self.word_depth.data

    @property
    def pixels(self) -> int:
        """Pixels of a frame."""
        return self.frame.get_shape()[2] * self.frame.get_shape()[3]

    @property
    def words_per_pixel(self) -> int:
        """Words that carry one pixel."""
        return ceil_div(self.frame.get_shape()[1], self.lanes)

    @property
    def word_bits(self) -> int:
        """Bits of a word."""
        return self.lanes * self.frame.element_type.width.data

    def with_depth(self, depth: int) -> "FifoType":
        """The same FIFO with room for `depth` words."""
        return FifoType(self.frame, self.lanes, depth)

    def with_lanes(self, lanes: int) -> "FifoType":
        """The same frame in words of `lanes` channels."""
        return FifoType(self.frame, lanes, self.depth)

    def verify(self) -> None:
        _verify_frame(self.name, self.frame, self._fields())

    def _fields(self) -> dict[str, IntAttr]:
        return {"lanes": self.lane_count, "depth": self.word_depth}

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        return _parse_frame(parser, ("lanes", "depth"))

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_attribute(self.frame)
            printer.print_string(", ")
            print_fields(printer, self._fields())


@irdl_attr_definition
class WindowsType(ParametrizedAttribute, TypeAttribute):
    """A FIFO of windows: for each output pixel, `repeat` times over, for each step over the kernel,
    each group of `lanes` input channels: a word of `taps` × `lanes` values.
    `!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 5, repeat = 3, depth = 2>`, followed by
    `, pixels = 2` where a word holds the windows of so many neighbours of a row, one after the
    other."""

    name = "stream.windows"

    frame: IntegerTensor
    lane_count: IntAttr
    tap_count: IntAttr
    repeat_count: IntAttr
    word_depth: IntAttr
    pixel_count: IntAttr

    def __init__(
        self,
        frame: IntegerTensor,
        lanes: int,
        taps: int = 1,
        repeat: int = 1,
        depth: int = 2,
        pixels: int = 1,
    ):
        fields = (lanes, taps, repeat, depth, pixels)
        super().__init__(frame, *(IntAttr(field) for field in fields))

    @property
    def lanes(self) -> int:
        """Input channels side by side in a word."""
        return self.lane_count.data

    @property
    def taps(self) -> int:
        """Kernel rows side by side in a word."""
        return self.tap_count.data

    @property
    def repeat(self) -> int:
        """How often the window of a pixel is sent."""
        return self.repeat_count.data

    @property
    def depth(self) -> int:
        """Words the FIFO holds."""
        return self.word_depth.data

    @property
    def pixels(self) -> int:
        """Windows of neighbours side by side in a word."""
        return self.pixel_count.data

    @property
    def word_lanes(self) -> int:
        """Values of a word."""
        return self.pixels * self.taps * self.lanes

    @property
    def groups(self) -> int:
        """Groups of input channels."""
        return ceil_div(self.frame.get_shape()[1], self.lanes)

    @property
    def word_bits(self) -> int:
        """Bits of a word."""
        return self.word_lanes * self.frame.element_type.width.data

    def with_depth(self, depth: int) -> "WindowsType":
        """The same FIFO with room for `depth` words."""
        return WindowsType(self.frame, self.lanes, self.taps, self.repeat, depth, self.pixels)

    def verify(self) -> None:
        _verify_frame(self.name, self.frame, self._fields())

    def _fields(self) -> dict[str, IntAttr]:
        return {
            "lanes": self.lane_count,
            "taps": self.tap_count,
            "repeat": self.repeat_count,
            "depth": self.word_depth,
            "pixels": self.pixel_count,
        }

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            frame = parser.parse_type()
            parser.parse_punctuation(",")
            fields = parse_fields(parser, ("lanes", "taps", "repeat", "depth"))
            more = parser.parse_optional_punctuation(",") is not None
            pixels = parse_fields(parser, ("pixels",)) if more else [IntAttr(1)]
            return [frame, *fields, *pixels]

    def print_parameters(self, printer: Printer) -> None:
        fields = self._fields()
        if self.pixels == 1:
            fields.pop("pixels")
        with printer.in_angle_brackets():
            printer.print_attribute(self.frame)
            printer.print_string(", ")
            print_fields(printer, fields)


@irdl_attr_definition
class WindowAttr(ParametrizedAttribute):
    """The geometry of a window: `#stream.window<kernel = 5, stride = 2, padding = 2>`, followed by
    `, transposed` for a transposed convolution."""

    name = "stream.window"

    kernel: IntAttr
    stride: IntAttr
    padding: IntAttr
    transposed: IntAttr

    def __init__(self, window: Window):
        numbers = (window.kernel, window.stride, window.padding, int(window.transposed))
        super().__init__(*(IntAttr(number) for number in numbers))

    @property
    def window(self) -> Window:
        """The geometry with its arithmetic."""
        return Window(
            self.kernel.data, self.stride.data, self.padding.data, bool(self.transposed.data)
        )

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            fields = parse_fields(parser, ("kernel", "stride", "padding"))
            transposed = parser.parse_optional_punctuation(",") is not None
            if transposed:
                parser.parse_keyword("transposed")
            return [*fields, IntAttr(int(transposed))]

    def print_parameters(self, printer: Printer) -> None:
        fields = {"kernel": self.kernel, "stride": self.stride, "padding": self.padding}
        with printer.in_angle_brackets():
            print_fields(printer, fields)
            if self.transposed.data:
                printer.print_string(", transposed")


class Memory(StrEnum):
    """Where an array lives."""

    BRAM = auto()
    LUTRAM = auto()
    REGISTERS = auto()


@irdl_attr_definition
class MemoryAttr(EnumAttribute[Memory], SpacedOpaqueSyntaxAttribute):
    """`#stream<memory bram>`, `#stream<memory lutram>` or `#stream<memory registers>`."""

    name = "stream.memory"


class Multiplier(StrEnum):
    """What the products of an engine are made of: DSP slices, or LUTs."""

    DSP = auto()
    LUT = auto()


@irdl_attr_definition
class MultiplierAttr(EnumAttribute[Multiplier], SpacedOpaqueSyntaxAttribute):
    """`#stream<multiplier dsp>` or `#stream<multiplier lut>`."""

    name = "stream.multiplier"
