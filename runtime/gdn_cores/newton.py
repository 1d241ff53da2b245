"""`newton`: a seed from 256 segments in LUTs, and one step of Newton's iteration; no block RAM.

The seed y is g in the middle of a segment, on a 2^12 scale; u = m / 2^18. With d what is left,
    l2          y + y · d / 2,   d = 1 − (u · y) · y
    l2 inverse  y + w · d,       d = u − y²,  w ≈ 1 / (2 · √u) in the middle of the segment
    l1          y + y · d,       d = 1 − u · y
each has a relative error of about the square of the seed's, which is 2^-8 at most.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np

from ..arithmetic import Int64Array, round_shift
from .core import MANTISSA_BITS, OUTPUT_BITS, Approximation, Form, GdnCore, LaneCost
from .roots import first_segment, rounded

INDEX_BITS = 8
FRACTION_BITS = MANTISSA_BITS - INDEX_BITS
SEED_BITS = 12
REST_BITS = 24
FIT_BITS = 25
ERRORS = {Form.L2: 27, Form.L2_INVERSE: 24, Form.L1: 20}
DSP = {Form.L2: 3, Form.L2_INVERSE: 2, Form.L1: 2}
ENTRY_LUTS = {Form.L2: 4, Form.L2_INVERSE: 4, Form.L1: 2}


@dataclass(frozen=True)
class Newton:
    """Seeds (int64), and for the root the weights w of the rest, of the segments from `first`."""

    form: Form
    first: int
    seed: Int64Array
    weight: Int64Array

    def evaluate(self, mantissa: Int64Array) -> Int64Array:
        """g(mantissa / 2^18) · 2^16, rounded, for int64 mantissas below 2^18."""
        index = (mantissa >> FRACTION_BITS) - self.first
        seed = self.seed[index]
        match self.form:
            case Form.L2:
                near = (mantissa * seed) >> (MANTISSA_BITS + SEED_BITS - FIT_BITS)
                rest = (1 << (FIT_BITS + SEED_BITS)) - near * seed
                rest >>= FIT_BITS + SEED_BITS - REST_BITS
                step = (seed * rest) >> 1
            case Form.L2_INVERSE:
                rest = (mantissa << (REST_BITS - MANTISSA_BITS)) - seed * seed
                step = self.weight[index] * rest
            case Form.L1:
                rest = (1 << (MANTISSA_BITS + SEED_BITS)) - mantissa * seed
                rest >>= MANTISSA_BITS + SEED_BITS - REST_BITS
                step = seed * rest
        return round_shift((seed << REST_BITS) + step, SEED_BITS + REST_BITS - OUTPUT_BITS)


@cache
def newton(form: Form) -> Newton:
    """The seeds of a form, and the weights of the root."""
    first, segments = first_segment(form, INDEX_BITS), 1 << INDEX_BITS
    middles = range(2 * first + 1, 2 * segments, 2)
    seed = [rounded(form, i, 2 * segments, SEED_BITS) for i in middles]
    weight = [rounded(Form.L2, i, 2 * segments, SEED_BITS - 1) for i in middles]
    return Newton(form, first, np.array(seed, np.int64), np.array(weight, np.int64))


def _form(form: Form, units: int) -> Approximation:
    found = newton(form)
    words = SEED_BITS + 1 + (SEED_BITS if form is Form.L2_INVERSE else 0)
    widths = {"seed": SEED_BITS + 1, "rest": 18, "sum": SEED_BITS + REST_BITS + 2}
    delays = widths["seed"] * (2 if form is Form.L2 else 1)
    delays += SEED_BITS if form is Form.L2_INVERSE else 0
    kept = words + MANTISSA_BITS * (3 if form is Form.L2_INVERSE else 1) + 2 * widths["seed"]
    lut = words * ENTRY_LUTS[form] + widths["rest"] + delays
    cost = LaneCost(DSP[form], lut=lut, ff=kept, latency=1 + 4 * DSP[form])
    return Approximation(found.evaluate, Fraction(units, 1 << 20), cost, widths)


NEWTON = GdnCore("newton", {form: _form(form, units) for form, units in ERRORS.items()})
