"""`small-table`: 64 segments in LUTs, one LUT for each bit of a word, and straight lines between
them. The cheapest, for layers whose results have few bits."""

from fractions import Fraction

from .core import Approximation, Form, GdnCore, LaneCost
from .linear import lines

INDEX_BITS = 6
ERRORS = {Form.L2: 368, Form.L2_INVERSE: 144, Form.L1: 252}


def _form(form: Form, units: int) -> Approximation:
    table = lines(form, INDEX_BITS)
    base, bits = table.widths["base"], table.widths["base"] + table.widths["slope"]
    kept = bits + table.fraction_bits + 2 * base
    cost = LaneCost(dsp=1, lut=bits + 2, ff=kept, latency=5)
    return Approximation(table.evaluate, Fraction(units, 1 << 20), cost, table.widths)


SMALL_TABLE = GdnCore("small-table", {form: _form(form, units) for form, units in ERRORS.items()})
