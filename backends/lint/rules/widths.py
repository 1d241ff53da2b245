"""Words are not wider than the tools take."""

from collections.abc import Iterator
from math import prod

from ..cursors import Node, Type
from ..functions import Function
from ..regions import is_stream
from ..unit import Found, Unit

MOST_STREAM_BITS = 8192
MOST_INTEGER_BITS = 1024
INTEGERS = ("ap_int", "ap_uint", "ap_int_base")


def stream_width(unit: Unit) -> Iterator[Found]:
    """The words of a stream have at most 8,192 bits."""
    for function, variable in _variables(unit):
        if is_stream(variable):
            width = bits(variable.type.type_argument())
            if width > MOST_STREAM_BITS:
                yield Found(
                    variable.place,
                    f"the stream `{variable.name}` of `{function.name}` carries words of {width:,} "
                    f"bits; at most {MOST_STREAM_BITS:,}",
                )


def ap_int_width(unit: Unit) -> Iterator[Found]:
    """An ap_int has at most 1,024 bits (UG1399, "Arbitrary Precision (AP) Data Types")."""
    widest: dict[str, int] = {}
    for function, variable in _variables(unit):
        type = variable.type.type_argument() if is_stream(variable) else variable.type
        name = type.name
        if name not in widest:
            widest[name] = max(_integers(type), default=0)
        if widest[name] > MOST_INTEGER_BITS:
            yield Found(
                variable.place,
                f"`{variable.name}` of `{function.name}` holds an ap_int of {widest[name]:,} bits; "
                f"at most {MOST_INTEGER_BITS:,}",
            )


def bits(type: Type) -> int:
    """The bits of a value, without padding."""
    element, count = type.element, prod(type.dimensions)
    if element.template in INTEGERS:
        return count * element.integer_argument()
    fields = element.fields
    return count * (sum(map(bits, fields)) if fields else 8 * max(0, element.bytes))


def _integers(type: Type) -> Iterator[int]:
    """The widths of the ap_ints in a value."""
    element = type.element
    if element.template in INTEGERS:
        yield element.integer_argument()
    else:
        for field in element.fields:
            yield from _integers(field)


def _variables(unit: Unit) -> Iterator[tuple[Function, Node]]:
    for function in unit.functions.values():
        for variable in (*function.parameters, *function.variables):
            yield function, variable
