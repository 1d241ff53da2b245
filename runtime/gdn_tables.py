"""The tables of the GDN core: g(m / 2^18) on a 2^16 scale for 18-bit mantissas m, in 512 segments.

base[i] = round(2^16 · g(i / 512)); between two entries the core interpolates linearly. All entries
come from integer roots and divisions, so that they are the same on every machine.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import isqrt

import numpy as np

from .arithmetic import Int64Array, round_shift

MANTISSA_BITS = 18
INDEX_BITS = 9
FRACTION_BITS = MANTISSA_BITS - INDEX_BITS
SEGMENTS = 1 << INDEX_BITS
OUTPUT_BITS = 16


def _rounded_root(square: int, divisor: int) -> int:
    """round(√(square / divisor)), half up."""
    return (isqrt(4 * square // divisor) + 1) // 2


def _reciprocal_root(i: int) -> int:
    return _rounded_root(SEGMENTS << (2 * OUTPUT_BITS), i)


def _root(i: int) -> int:
    return _rounded_root(i << (2 * OUTPUT_BITS), SEGMENTS)


def _reciprocal(i: int) -> int:
    return ((SEGMENTS << (OUTPUT_BITS + 1)) // i + 1) // 2


@dataclass(frozen=True)
class Table:
    """`base` and `slope` (int64) of the segments `first` to 511."""

    first: int
    base: Int64Array
    slope: Int64Array

    def evaluate(self, mantissa: Int64Array) -> Int64Array:
        """g(mantissa / 2^18) · 2^16, rounded, for int64 mantissas below 2^18."""
        index = (mantissa >> FRACTION_BITS) - self.first
        fraction = mantissa & ((1 << FRACTION_BITS) - 1)
        return self.base[index] + round_shift(self.slope[index] * fraction, FRACTION_BITS)


@cache
def table(l2: bool, inverse: bool) -> Table | None:
    """The table of one form of the core; none for inverse l1, whose g is the identity."""
    if inverse and not l2:
        return None
    function: Callable[[int], int] = _reciprocal
    if l2:
        function = _root if inverse else _reciprocal_root
    first = SEGMENTS // (4 if l2 else 2)
    values = np.array([function(i) for i in range(first, SEGMENTS + 1)], np.int64)
    return Table(first, values[:-1], np.diff(values))
