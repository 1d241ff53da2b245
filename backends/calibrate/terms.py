"""What the coefficients of the cost model are multiplied with, got from the model itself.

The model is linear in its coefficients, with a part that has none: `cost(c) = fixed + Σ cᵢ · termᵢ`
for LUTs and for registers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...dialects.coefficients import NAMES, Coefficients
from ...dialects.memories import Resources

Cost: TypeAlias = Callable[[Coefficients], Resources]
Matrix: TypeAlias = NDArray[np.float64]

FITTED = ("lut", "ff")
UNIT = float(1 << 20)


@dataclass(frozen=True)
class Terms:
    """For LUTs and for registers, what every coefficient is multiplied with [2, K], and what has
    no coefficient [2]."""

    factors: Matrix
    fixed: Matrix


def terms_of(cost: Cost) -> Terms:
    """The terms of a cost, each measured with a coefficient so large that rounding does not
    count."""
    fixed = _amounts(cost, {})
    columns = [(_amounts(cost, {name: UNIT}) - fixed) / UNIT for name in NAMES]
    return Terms(np.stack(columns, axis=1), fixed)


def _amounts(cost: Cost, values: dict[str, float]) -> Matrix:
    found = cost(Coefficients(**(dict.fromkeys(NAMES, 0.0) | values)))
    return np.array([found.lut, found.ff], np.float64)
