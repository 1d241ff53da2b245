"""Implementations of the GDN core's function, one a file; `built_in_cores` gives them by name.

Another one is a `GdnCore` in a file of yours: see docs/gdn.md.
"""

from .core import (
    MANTISSA_BITS,
    OUTPUT_BITS,
    Approximation,
    Form,
    GdnCore,
    LaneCost,
    check,
    form_of,
    largest_error,
    mantissas,
)
from .newton import NEWTON
from .polynomial import POLYNOMIAL
from .small_table import SMALL_TABLE
from .table import TABLE

__all__ = [
    "MANTISSA_BITS",
    "OUTPUT_BITS",
    "TABLE",
    "Approximation",
    "Form",
    "GdnCore",
    "LaneCost",
    "built_in_cores",
    "check",
    "form_of",
    "largest_error",
    "mantissas",
]


def built_in_cores() -> dict[str, GdnCore]:
    """The cores that licc carries, by their names; the first is the default."""
    return {core.name: core for core in (TABLE, SMALL_TABLE, POLYNOMIAL, NEWTON)}
