"""The GDN core's functions on all mantissas, within bounds that follow from how they are made.

Between two entries of a table, with h = 1/512 and u = m / 2^18, what is computed differs from
2^16 · g(u) by at most
- 1/2 for the rounding of the entries, 1/2 for that of the interpolated value, and
- 2^16 · h² / 8 · max |g''| over the segment for the straight line;
so the relative error is greatest where a power of two begins or ends, and at most
    l2           max((1 + 3/4) / 2^17, (1 + 0.03) / 2^16)    = 1.6e-5
    l2 inverse   (1 + 1/16) / 2^15                           = 3.3e-5
    l1           (1 + 1/15) / 2^16                           = 1.65e-5
    l1 inverse   3/4 / 2^15, for two bits are dropped        = 2.3e-5
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import isqrt

import numpy as np
import pytest

from licc.runtime.arithmetic import Array
from licc.runtime.gdn_tables import table


@dataclass(frozen=True)
class Form:
    """One form of the core: g, the largest |g''| of a segment that begins at u, the first
    mantissa, and the bound of the relative error."""

    l2: bool
    inverse: bool
    function: Callable[[Array], Array]
    curvature: Callable[[Array], Array]
    first: int
    bound: float


FORMS = (
    Form(True, False, lambda u: u**-0.5, lambda u: 0.75 * u**-2.5, 1 << 16, 1.6e-5),
    Form(True, True, lambda u: u**0.5, lambda u: 0.25 * u**-1.5, 1 << 16, 3.3e-5),
    Form(False, False, lambda u: 1 / u, lambda u: 2 * u**-3.0, 1 << 17, 1.65e-5),
)


@pytest.mark.parametrize("form", FORMS, ids=["l2", "l2 inverse", "l1"])
def test_all_mantissas(form: Form) -> None:
    lookup = table(form.l2, form.inverse)
    assert lookup is not None
    mantissa = np.arange(form.first, 1 << 18)
    found = lookup.evaluate(mantissa)
    exact = 2.0**16 * form.function(mantissa / 2.0**18)
    line = 2.0**16 * (1 / 512) ** 2 / 8 * form.curvature((mantissa >> 9) / 512)
    assert (np.abs(found - exact) <= 1 + line).all()
    assert (np.abs(found - exact) / exact).max() < form.bound
    assert found.max() <= 1 << 17


def test_inverse_l1_needs_no_table() -> None:
    assert table(False, True) is None
    mantissa = np.arange(1 << 17, 1 << 18)
    assert ((mantissa / 4 - (mantissa >> 2)) / (mantissa / 4)).max() < 2.3e-5


@pytest.mark.parametrize("l2", [False, True])
@pytest.mark.parametrize("inverse", [False, True])
def test_entries_are_rounded_exactly(l2: bool, inverse: bool) -> None:
    """base[i] is the integer b with (2b − 1) < 2^17 · g(i/512) ≤ (2b + 1), in integers."""
    lookup = table(l2, inverse)
    if lookup is None:
        assert (l2, inverse) == (False, True)
        return
    entries = [*lookup.base.tolist(), int(lookup.base[-1] + lookup.slope[-1])]
    assert lookup.first == (128 if l2 else 256)
    assert entries[-1] == 1 << 16
    for i, entry in enumerate(entries, start=lookup.first):
        if l2 and inverse:
            assert isqrt((i << 34) // 512) in (2 * entry - 1, 2 * entry)
        elif l2:
            assert isqrt((512 << 34) // i) in (2 * entry - 1, 2 * entry)
        else:
            assert (512 << 17) // i in (2 * entry - 1, 2 * entry)
