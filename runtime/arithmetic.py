"""The two functions through which every integer of a compiled codec goes: rounding and saturation.

`docs/numbers.md` states the contract; `backends/hls/include/licc/arithmetic.h` is its twin in C++.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Int64Array: TypeAlias = NDArray[np.int64]


def round_shift(values: Int64Array, shift: int | Int64Array) -> Int64Array:
    """⌊v / 2^shift + 1/2⌋ of int64 values, shift >= 0: half rounds up. No value may exceed 2^62."""
    half = np.left_shift(np.int64(1), shift) >> 1
    return np.right_shift(values + half, shift)


def saturate(values: Int64Array, low: int, high: int, dtype: np.dtype[Any]) -> Array:
    """Values clipped to [low, high], as `dtype`."""
    return np.clip(values, low, high).astype(dtype)
