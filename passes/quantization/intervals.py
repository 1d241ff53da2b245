"""Interval analysis: which sums a convolution or a norm can reach, given its actual weights."""

import numpy as np

from ...dialects.window import Window
from ...runtime.arithmetic import Array


def signed_bits(low: int, high: int) -> int:
    """Bits of the narrowest signed integer that holds both."""
    return max((value if value >= 0 else ~value).bit_length() for value in (low, high)) + 1


def convolution_bounds(weight: Array, window: Window, low: int, high: int) -> tuple[Array, Array]:
    """The lowest and the highest sum of each output channel, for inputs in [low, high] and zero.

    weight (integers): [out, in, k, k], or [in, out, k, k] where the window is transposed; then each
    phase sums its own taps only, and the bound is that of the worst phase.
    """
    wide = weight.astype(np.int64)
    if not window.transposed:
        return _bounds(wide.reshape(len(wide), -1), low, high)
    kernels = wide.transpose(1, 0, 2, 3)
    taps = [[k for k, _ in window.taps(phase)] for phase in range(window.phases)]
    parts = [kernels[:, :, rows][..., columns] for rows in taps for columns in taps]
    bounds = [_bounds(part.reshape(len(part), -1), low, high) for part in parts]
    return np.min([b[0] for b in bounds], axis=0), np.max([b[1] for b in bounds], axis=0)


def _bounds(rows: Array, low: int, high: int) -> tuple[Array, Array]:
    positive, negative = np.maximum(rows, 0).sum(axis=1), np.minimum(rows, 0).sum(axis=1)
    low, high = min(low, 0), max(high, 0)
    return positive * low + negative * high, positive * high + negative * low
