"""The types of the torch dialect: tensors that are never written to, and Python's own values."""

from collections.abc import Sequence

from xdsl.dialects.builtin import DYNAMIC_INDEX, ArrayAttr, IntAttr, StringAttr
from xdsl.ir import Attribute, ParametrizedAttribute, TypeAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer


@irdl_attr_definition
class VTensorType(ParametrizedAttribute, TypeAttribute):
    """A tensor that is never written to: `!torch.vtensor<[1,3,16,16],f32>`."""

    name = "torch.vtensor"

    shape: ArrayAttr[IntAttr]
    element_type: Attribute

    def __init__(self, shape: Sequence[int], element_type: Attribute):
        super().__init__(ArrayAttr(IntAttr(size) for size in shape), element_type)

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        def size() -> IntAttr:
            dynamic = parser.parse_optional_punctuation("?") is not None
            return IntAttr(DYNAMIC_INDEX if dynamic else parser.parse_integer(False, False))

        with parser.in_angle_brackets():
            shape = parser.parse_comma_separated_list(parser.Delimiter.SQUARE, size)
            parser.parse_punctuation(",")
            return [ArrayAttr(shape), parser.parse_type()]

    def print_parameters(self, printer: Printer) -> None:
        sizes = (size.data for size in self.shape)
        shape = ",".join("?" if size == DYNAMIC_INDEX else str(size) for size in sizes)
        with printer.in_angle_brackets():
            printer.print_string(f"[{shape}],")
            printer.print_attribute(self.element_type)


@irdl_attr_definition
class IntType(ParametrizedAttribute, TypeAttribute):
    """A Python int."""

    name = "torch.int"


@irdl_attr_definition
class FloatType(ParametrizedAttribute, TypeAttribute):
    """A Python float."""

    name = "torch.float"


@irdl_attr_definition
class BoolType(ParametrizedAttribute, TypeAttribute):
    """A Python bool."""

    name = "torch.bool"


@irdl_attr_definition
class NoneType(ParametrizedAttribute, TypeAttribute):
    """Python's None."""

    name = "torch.none"


@irdl_attr_definition
class ListType(ParametrizedAttribute, TypeAttribute):
    """A Python list: `!torch.list<int>`."""

    name = "torch.list"

    element: StringAttr

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            return [StringAttr(parser.parse_identifier())]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string(self.element.data)
