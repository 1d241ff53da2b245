"""The two functions through which every integer of a compiled codec goes: rounding and saturation.

`docs/numbers.md` states the contract; `backends/hls/include/licc/arithmetic.h` is its twin in C++.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]
Int64Array: TypeAlias = NDArray[np.int64]

PIECE = 1 << 15


def round_shift(
    values: Int64Array, shift: int | Int64Array, out: Int64Array | None = None
) -> Int64Array:
    """⌊v / 2^shift + 1/2⌋ of int64 values, shift >= 0: half rounds up. No value may exceed 2^62.
    The result goes to `out` if it is given, which may be `values`."""
    half = np.left_shift(np.int64(1), shift) >> 1
    return np.right_shift(np.add(values, half, out=out), shift, out=out)


def saturate(
    values: Array, low: int, high: int, dtype: np.dtype[Any], out: Array | None = None
) -> Array:
    """Values clipped to [low, high], as `dtype`; `out`, which may be `values`, is room for the
    clipped ones."""
    return np.minimum(np.maximum(values, low, out=out), high, out=out).astype(dtype)


def piecewise(function: Callable[..., Array], dtype: np.dtype[Any], *arrays: Array) -> Array:
    """`function` of arrays of one shape, element by element, as `dtype`; piece by piece, so that
    what it computes with in wide integers takes no memory."""
    flat = [array.reshape(-1) for array in arrays]
    result = np.empty(arrays[0].size, dtype)
    for start in range(0, result.size, PIECE):
        part = slice(start, start + PIECE)
        result[part] = function(*(array[part] for array in flat))
    return result.reshape(arrays[0].shape)
