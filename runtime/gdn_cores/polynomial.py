"""`polynomial`: a parabola on each of 64 segments, its coefficients in LUTs; no block RAM.

Through the values at a segment's begin, middle and end, a, b and c, with t the position in it,
    2^20 · g ≈ c0 + t · (c1 + t · c2),   c0 = a,  c1 = 4b − 3a − c,  c2 = 2 · (a − 2b + c),
in two products, each rounded; then four bits are dropped.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from ..arithmetic import Int64Array, round_shift
from .core import MANTISSA_BITS, OUTPUT_BITS, Approximation, Form, GdnCore, LaneCost
from .roots import first_segment, rounded

INDEX_BITS = 6
FRACTION_BITS = MANTISSA_BITS - INDEX_BITS
GUARD_BITS = 4
ERRORS = {Form.L2: 9, Form.L2_INVERSE: 19, Form.L1: 10}


@dataclass(frozen=True)
class Parabolas:
    """Coefficients (int64) of the segments from `first` on."""

    first: int
    constant: Int64Array
    linear: Int64Array
    square: Int64Array

    def evaluate(self, mantissa: Int64Array) -> Int64Array:
        """g(mantissa / 2^18) · 2^16, rounded, for int64 mantissas below 2^18."""
        index = (mantissa >> FRACTION_BITS) - self.first
        t = mantissa & ((1 << FRACTION_BITS) - 1)
        slope = self.linear[index] + round_shift(self.square[index] * t, FRACTION_BITS)
        value = self.constant[index] + round_shift(slope * t, FRACTION_BITS)
        return round_shift(value, GUARD_BITS)

    @property
    def widths(self) -> dict[str, int]:
        """The bits of what is kept and of what is multiplied, signs included."""

        def signed(values: Int64Array) -> int:
            return int(np.abs(values).max()).bit_length() + 1

        slope = max(signed(self.linear), signed(self.linear + self.square))
        return {
            "constant": signed(self.constant) - 1,
            "linear": signed(self.linear),
            "square": signed(self.square),
            "slope": slope,
            "fraction": FRACTION_BITS + 1,
            "product": slope + FRACTION_BITS,
        }


@cache
def parabolas(form: Form) -> Parabolas:
    """The parabolas of a form."""
    first, segments, bits = (
        first_segment(form, INDEX_BITS),
        1 << INDEX_BITS,
        OUTPUT_BITS + GUARD_BITS,
    )
    points = range(2 * first, 2 * segments + 1)
    values = np.array([rounded(form, i, 2 * segments, bits) for i in points], np.int64)
    begin, middle, end = values[:-2:2], values[1:-1:2], values[2::2]
    return Parabolas(first, begin, 4 * middle - 3 * begin - end, 2 * (begin - 2 * middle + end))


def _form(form: Form, units: int) -> Approximation:
    found = parabolas(form)
    widths = found.widths
    memory = widths["constant"] + widths["linear"] + widths["square"]
    later = widths["constant"] + FRACTION_BITS
    kept = memory + FRACTION_BITS + 2 * (widths["linear"] + widths["constant"])
    cost = LaneCost(dsp=2, lut=memory + later, ff=kept, latency=9)
    return Approximation(found.evaluate, Fraction(units, 1 << 20), cost, widths)


POLYNOMIAL = GdnCore("polynomial", {form: _form(form, units) for form, units in ERRORS.items()})
