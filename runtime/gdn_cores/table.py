"""`table`: 512 segments in a block RAM, and straight lines between them. The default.

With h = 1/512, what is computed differs from 2^16 · g by at most 1/2 for the rounding of the
entries, 1/2 for that of the interpolated value and 2^16 · h² / 8 · max |g''| for the line.
"""

from fractions import Fraction

from .core import Approximation, Form, GdnCore, LaneCost
from .linear import lines

INDEX_BITS = 9
COST = LaneCost(dsp=1, bram18=1, lut=2, ff=45, latency=5)
ERRORS = {Form.L2: 16, Form.L2_INVERSE: 32, Form.L1: 16}


def _form(form: Form, units: int) -> Approximation:
    table = lines(form, INDEX_BITS)
    return Approximation(table.evaluate, Fraction(units, 1 << 20), COST, table.widths)


TABLE = GdnCore("table", {form: _form(form, units) for form, units in ERRORS.items()})
