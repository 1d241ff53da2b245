"""What an implementation of the GDN core's function is: its bits, its proven error, its cost.

A norm is normalised to an 18-bit mantissa m, and a core computes r ≈ 2^16 · g(m / 2^18), with g
the reciprocal root (l2), the root (l2 inverse) or the reciprocal (l1). The inverse of l1 needs
none: its g is the identity. A core is data and functions on NumPy integers; nothing here knows the
IR.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..arithmetic import Int64Array

MANTISSA_BITS = 18
OUTPUT_BITS = 16
LARGEST_FACTOR = 1 << (OUTPUT_BITS + 1)
ERROR_BITS = 20
ERROR_UNIT = 1 << ERROR_BITS


class Form(StrEnum):
    """Which function a core computes, by the form of GDN that needs it."""

    L2 = "l2"
    L2_INVERSE = "l2_inverse"
    L1 = "l1"


def form_of(l2: bool, inverse: bool) -> Form | None:
    """The function that a GDN needs; none for inverse l1."""
    if l2:
        return Form.L2_INVERSE if inverse else Form.L2
    return None if inverse else Form.L1


def mantissas(form: Form) -> Int64Array:
    """All mantissas of a form: from 2^17 for l1, from 2^16 for l2 (whose exponent is even)."""
    first = 1 << (MANTISSA_BITS - (1 if form is Form.L1 else 2))
    return np.arange(first, 1 << MANTISSA_BITS, dtype=np.int64)


@dataclass(frozen=True)
class LaneCost:
    """What one lane takes for its function: DSP slices, block RAMs of 18 Kbit, LUTs and registers
    beyond those that the coefficients `normalize_lut` and `normalize_ff` count for every lane, and
    cycles from mantissa to factor. All are counted by hand from the structure."""

    dsp: int
    bram18: int = 0
    lut: int = 0
    ff: int = 0
    latency: int = 1


@dataclass(frozen=True)
class Approximation:
    """One form of a core: `evaluate` maps int64 mantissas to int64 factors r in [0, 2^17],
    |r / (2^16 · g) − 1| ≤ `error`, a multiple of 2^-20; `widths` are the bits of what it computes
    with, by name."""

    evaluate: Callable[[Int64Array], Int64Array]
    error: Fraction
    cost: LaneCost
    widths: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True)
class GdnCore:
    """An implementation with its forms. In C++ it is `struct gdn_<name>` (a `-` of the name is `_`)
    with `template <norm FORM, bool INVERSE> static uint<18>::type factor(uint<18>::type m)`, in
    namespace licc; `header` is the text that defines it, empty for what licc's headers define."""

    name: str
    forms: Mapping[Form, Approximation]
    header: str = ""

    @property
    def struct(self) -> str:
        """The name of the C++ struct."""
        return f"gdn_{self.name.replace('-', '_')}"

    def approximation(self, form: Form) -> Approximation:
        """The implementation of a form; `ValueError` if the core has none."""
        if form not in self.forms:
            raise ValueError(
                f"GDN core {self.name} has no form {form}, only {', '.join(self.forms)}"
            )
        return self.forms[form]


def within(form: Form, factors: Int64Array, units: int) -> NDArray[np.bool_]:
    """Where |r / (2^16 · g(m / 2^18)) − 1| ≤ units · 2^-20, for the factors r of all mantissas m.

    Exact, in 64-bit integers: with r in [0, 2^17] and E = 2^20,
        l2          (E − units)² ≤ r² · m / 2^10 ≤ (E + units)²
        l2 inverse  (E − units)² · m ≤ r² · 2^26 ≤ (E + units)² · m
        l1          (E − units)  ≤ r · m / 2^14  ≤ (E + units)
    """
    m = mantissas(form)
    low, high = ERROR_UNIT - units, ERROR_UNIT + units
    match form:
        case Form.L2:
            value, low, high = factors**2 * m, low**2 << 10, high**2 << 10
        case Form.L2_INVERSE:
            value, low, high = factors**2 << 26, m * low**2, m * high**2
        case Form.L1:
            value, low, high = factors * m, low << 14, high << 14
    return (low <= value) & (value <= high)


def check(core: GdnCore) -> None:
    """Proves the declared errors of a core on every mantissa; `ValueError` that names the form and
    the first mantissa that breaks its bound."""
    for form, each in core.forms.items():
        where, m = f"GDN core {core.name}: {form}", mantissas(form)
        units = each.error * ERROR_UNIT
        if units.denominator != 1 or not 0 < units < ERROR_UNIT:
            raise ValueError(
                f"{where}: error must be a multiple of 2^-20 in 0..1, found {each.error}"
            )
        factors = np.asarray(each.evaluate(m))
        if factors.shape != m.shape or factors.dtype != np.int64:
            raise ValueError(
                f"{where}: must give an int64 for each mantissa, found {factors.dtype} "
                f"of shape {factors.shape}"
            )
        for wrong, message in (
            ((factors < 0) | (factors > LARGEST_FACTOR), f"must be in 0..{LARGEST_FACTOR}"),
            (~within(form, factors.clip(0, LARGEST_FACTOR), int(units)), _beyond(each.error)),
        ):
            if wrong.any():
                at = int(np.argmax(wrong))
                raise ValueError(
                    f"{where}: the factor of mantissa {m[at]} {message}, is {factors[at]}"
                )


def _beyond(error: Fraction) -> str:
    return f"must be within {float(error):.3g} of the value, the declared error"


def largest_error(form: Form, factors: Int64Array) -> Fraction:
    """The least multiple of 2^-20 that bounds the relative error of all mantissas' factors."""
    low, high = 0, ERROR_UNIT - 1
    while low < high:
        middle = (low + high) // 2
        if within(form, factors, middle).all():
            high = middle
        else:
            low = middle + 1
    return Fraction(low, ERROR_UNIT)
