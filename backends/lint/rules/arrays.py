"""Arrays are cut into at most 1,024 pieces (UG1399, "pragma HLS array_partition"; Vitis HLS refuses
more with XFORM 203-103)."""

from collections.abc import Iterator
from math import prod

from ..cursors import Node
from ..functions import Function
from ..pragmas import Pragma
from ..unit import Found, Unit

MOST_PIECES = 1024


def pieces(unit: Unit) -> Iterator[Found]:
    """All partitions of an array together make at most 1,024 pieces of it."""
    for function in unit.functions.values():
        cut: dict[str, list[int]] = {}
        for pragma in function.pragmas:
            variable = _variable(function, pragma)
            if pragma.name != "array_partition" or variable is None:
                continue
            if not variable.type.dimensions:
                yield Found(
                    pragma.place,
                    f"`{variable.name}` of `{function.name}` is a {variable.type.name}; only an "
                    "array of constant size can be partitioned",
                )
                continue
            factors = cut.setdefault(variable.key, [1] * len(variable.type.dimensions))
            if message := _cut(pragma, variable, factors):
                yield Found(pragma.place, message)
            elif prod(factors) > MOST_PIECES:
                yield Found(
                    pragma.place,
                    f"`{variable.name}` of `{function.name}` is cut into {prod(factors):,} pieces; "
                    f"at most {MOST_PIECES:,}",
                )


def _variable(function: Function, pragma: Pragma) -> Node | None:
    name = pragma.value("variable")
    return function.variable(name, pragma.place.offset) if name else None


def _cut(pragma: Pragma, variable: Node, factors: list[int]) -> str | None:
    """Notes what a pragma does to each dimension; without `dim` it is the first, 0 is all."""
    sizes = variable.type.dimensions
    dim = pragma.value("dim") or "1"
    if not dim.isdecimal():
        return None
    if int(dim) > len(sizes):
        return f"dim={dim} of `{variable.name}`, which has {len(sizes)} dimensions"
    for index in range(len(sizes)) if dim == "0" else (int(dim) - 1,):
        factor = pragma.value("factor") or ""
        partial = factor.isdecimal() and not pragma.says("complete")
        factors[index] = min(int(factor), sizes[index]) if partial else sizes[index]
    return None
