"""Values of module parameters, and how SystemVerilog spells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Bits:
    """A number of so many bits, unsigned."""

    width: int
    value: int


Parameter: TypeAlias = bool | int | str | Bits


def table(values: Sequence[int], bits: int) -> Bits:
    """Integers side by side, the first in the lowest bits, negative ones as two's complement."""
    mask = (1 << bits) - 1
    return Bits(
        bits * len(values), sum((value & mask) << (bits * i) for i, value in enumerate(values))
    )


def literal(value: Parameter) -> str:
    """The value as text."""
    match value:
        case bool():
            return str(int(value))
        case int():
            return str(value)
        case str():
            return f'"{value}"'
        case Bits(width, number):
            return f"{width}'h{number:x}"
