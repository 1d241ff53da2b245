"""Piecewise linear: a table of values, and straight lines between them.

base[i] = round(2^16 · g(i / 2^index)); with i the upper bits of the mantissa and f the F others,
r = base[i] + round((base[i + 1] − base[i]) · f / 2^F).
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from ..arithmetic import Int64Array, round_shift
from .core import MANTISSA_BITS, OUTPUT_BITS, Form
from .roots import first_segment, rounded


@dataclass(frozen=True)
class Lines:
    """`base` and `slope` (int64) of the segments from `first` on, `fraction_bits` wide each."""

    first: int
    fraction_bits: int
    base: Int64Array
    slope: Int64Array

    def evaluate(self, mantissa: Int64Array) -> Int64Array:
        """g(mantissa / 2^18) · 2^16, rounded, for int64 mantissas below 2^18."""
        index = (mantissa >> self.fraction_bits) - self.first
        fraction = mantissa & ((1 << self.fraction_bits) - 1)
        return self.base[index] + round_shift(self.slope[index] * fraction, self.fraction_bits)

    @property
    def widths(self) -> dict[str, int]:
        """The bits of what is kept and of what is multiplied, signs included."""
        slope = max(int(np.abs(self.slope).max()).bit_length() + 1, 2)
        return {
            "base": int(self.base.max()).bit_length(),
            "slope": slope,
            "fraction": self.fraction_bits + 1,
            "product": slope + self.fraction_bits,
        }


@cache
def lines(form: Form, index_bits: int) -> Lines:
    """The lines of a form on 2^index_bits segments of [0, 1)."""
    first, segments = first_segment(form, index_bits), 1 << index_bits
    values = np.array(
        [rounded(form, i, segments, OUTPUT_BITS) for i in range(first, segments + 1)], np.int64
    )
    return Lines(first, MANTISSA_BITS - index_bits, values[:-1], np.diff(values))
