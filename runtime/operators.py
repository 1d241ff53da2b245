"""What the integer ops of a codec mean, on NumPy arrays: the definition that everything else is
tested against. Frames are [1, C, H, W]; vectors have one element per channel.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any, TypeAlias

import numpy as np

from .arithmetic import Array, Int64Array, round_shift, saturate
from .gdn import Gdn
from .gdn_cores import TABLE, GdnCore

Block: TypeAlias = Callable[[Array], Array]

BLOCK_ELEMENTS = 1 << 16
EXACT_FLOAT64 = 1 << 53


def blockwise(
    function: Block, frame: Array, dtype: np.dtype[Any], threads: int | None = None
) -> Array:
    """`function` on blocks of pixels [n, C] of a frame, small enough for the cache, in so many
    threads (by default, one for each processor)."""
    channels, height, width = frame.shape[1:]
    pixels = frame[0].transpose(1, 2, 0).reshape(-1, channels)
    result = np.empty(pixels.shape, dtype)
    block = max(1, BLOCK_ELEMENTS // channels)

    def process(start: int) -> None:
        result[start : start + block] = function(pixels[start : start + block])

    starts = range(0, len(pixels), block)
    if threads == 1 or len(starts) == 1:
        list(map(process, starts))
    else:
        with ThreadPoolExecutor(threads or cpu_count()) as pool:
            list(pool.map(process, starts))
    return result.reshape(height, width, channels).transpose(2, 0, 1)[np.newaxis]


def requantizer(
    bias: Array,
    multiplier: Array,
    negative: Array | None,
    shift: int,
    bounds: tuple[int, int],
    dtype: np.dtype[Any],
    largest: int | None = None,
) -> Block:
    """A function of blocks of pixels [n, C]: saturate(round_half_up((x + bias) · M / 2^shift)),
    M = `negative` where x + bias < 0 and it is given, else `multiplier`; every product below 2^62.
    `largest` bounds |x|: where it shows that float64 holds every product, that is what computes.
    """
    offset, positive = bias.astype(np.int64), multiplier.astype(np.int64)
    below = None if negative is None else negative.astype(np.int64)
    falling = below is None or bool((below <= positive).all())
    if largest is not None and falling and _fits_float64(largest, offset, positive):
        return _float_requantizer(offset, positive, below, shift, bounds, dtype)

    def block(x: Array) -> Array:
        v = x.astype(np.int64)
        v += offset
        v *= positive if below is None else np.where(v < 0, below, positive)
        return saturate(round_shift(v, shift, v), *bounds, dtype, v)

    return block


def _fits_float64(largest: int, offset: Int64Array, multiplier: Int64Array) -> bool:
    """Whether every (x + bias) · M and the half that is added to it lie below 2^53."""
    product = (largest + int(np.abs(offset).max())) * int(multiplier.max())
    return 2 * product < EXACT_FLOAT64


def _float_requantizer(
    offset: Int64Array,
    positive: Int64Array,
    below: Int64Array | None,
    shift: int,
    bounds: tuple[int, int],
    dtype: np.dtype[Any],
) -> Block:
    """A `requantizer` in float64, with `below` nowhere above `positive`: then the greater of both
    products is the one that counts."""
    unit = np.ldexp(1.0, -shift)
    scale, addend = positive * unit, offset * positive * unit + 0.5
    other = None if below is None else (below * unit, offset * below * unit + 0.5)

    def block(x: Array) -> Array:
        v = np.multiply(x, scale, dtype=np.float64)
        v += addend
        if other is not None:
            w = np.multiply(x, other[0], dtype=np.float64)
            w += other[1]
            np.maximum(v, w, v)
        return saturate(np.floor(v, v), *bounds, dtype, v)

    return block


def requantize(
    frame: Array,
    bias: Array,
    multiplier: Array,
    negative: Array | None,
    shift: int,
    bounds: tuple[int, int],
    dtype: np.dtype[Any],
    threads: int | None = None,
) -> Array:
    """A frame through a `requantizer`."""
    block = requantizer(bias, multiplier, negative, shift, bounds, dtype)
    return blockwise(block, frame, dtype, threads)


def offset(
    frame: Array,
    constant: Array,
    shift: int,
    bounds: tuple[int, int],
    dtype: np.dtype[Any],
    threads: int | None = None,
) -> Array:
    """saturate(x · 2^shift + constant)."""
    addend = constant.astype(np.int64)

    def block(x: Array) -> Array:
        return saturate((x.astype(np.int64) << shift) + addend, *bounds, dtype)

    return blockwise(block, frame, dtype, threads)


def gdn_core(
    frame: Array,
    beta: Array,
    gamma: Array,
    multiplier: Array,
    shift: int,
    *,
    l2: bool,
    inverse: bool,
    bounds: tuple[int, int],
    dtype: np.dtype[Any],
    core: GdnCore | Int64Array = TABLE,
    drop: int = 0,
    threads: int | None = None,
) -> Array:
    """A frame through a `Gdn`."""
    block = Gdn(beta, gamma, multiplier, shift, l2, inverse, bounds, dtype, core, drop)
    return blockwise(block, frame, dtype, threads)
