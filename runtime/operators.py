"""What the integer ops of a codec mean, on NumPy arrays: the definition that everything else is
tested against. Frames are [1, C, H, W]; vectors have one element per channel.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from os import cpu_count
from typing import Any, TypeAlias

import numpy as np

from .arithmetic import Array, Int64Array, round_shift, saturate
from .gdn_cores import MANTISSA_BITS, OUTPUT_BITS, TABLE, Form, GdnCore, form_of, mantissas

Block: TypeAlias = Callable[[Array], Array]

BLOCK_ELEMENTS = 1 << 16
MOST_TABLES = 8
MAX_SHIFT = 62
FLOAT64_FRACTION_BITS = 52
FLOAT64_BIAS = 1022
FLOAT64_EXPONENTS = 1 << 11
KEY_SHIFT = FLOAT64_FRACTION_BITS + 1 - MANTISSA_BITS
KEY_MASK = (1 << MANTISSA_BITS) - 1


def _blockwise(
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

    with ThreadPoolExecutor(threads or cpu_count()) as pool:
        list(pool.map(process, range(0, len(pixels), block)))
    return result.reshape(height, width, channels).transpose(2, 0, 1)[np.newaxis]


def requantizer(
    bias: Array,
    multiplier: Array,
    negative: Array | None,
    shift: int,
    bounds: tuple[int, int],
    dtype: np.dtype[Any],
) -> Block:
    """A function of blocks of pixels [n, C]: saturate(round_half_up((x + bias) · M / 2^shift)),
    M = `negative` where x + bias < 0 and it is given, else `multiplier`; every product below 2^62.
    """
    offset, positive = bias.astype(np.int64), multiplier.astype(np.int64)
    below = None if negative is None else negative.astype(np.int64)

    def block(x: Array) -> Array:
        v = x.astype(np.int64)
        v += offset
        v *= positive if below is None else np.where(v < 0, below, positive)
        return saturate(round_shift(v, shift, v), *bounds, dtype, v)

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
    return _blockwise(block, frame, dtype, threads)


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

    return _blockwise(block, frame, dtype, threads)


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
    """GDN in integers (`gdn.core`), by an implementation of its function or the factors of all 2^18
    mantissas, `drop` bits of f(x) left out; every norm in [1, 2^48), x in 16 bits, multiplier in
    17. `ValueError` for a core that does not have the form."""
    factors = _factors_by_norm(core, l2, inverse).astype(np.float32)
    units = _units_by_exponent(shift, l2, inverse)
    matrix = gamma.astype(np.float64).T
    addend, scale = beta.astype(np.float64), multiplier.astype(np.float64)

    def block(x: Array) -> Array:
        wide = x.astype(np.float64)
        terms = np.square(wide, wide) if l2 else np.abs(wide, wide)
        if drop:
            terms = np.floor(np.ldexp(terms, -drop) + 0.5)
        norm = terms @ matrix
        norm += addend
        bits = norm.view(np.int64)
        exponent = bits >> FLOAT64_FRACTION_BITS
        bits >>= KEY_SHIFT
        bits &= KEY_MASK
        factor = np.multiply(factors.take(bits, mode="wrap"), x, norm, dtype=np.float64)
        factor *= scale  # at most 2^49, so exact, in whatever unit
        factor *= units.take(exponent, mode="wrap")
        factor += 0.5
        return saturate(np.floor(factor, factor), *bounds, dtype, factor)

    return _blockwise(block, frame, dtype, threads)


def _units_by_exponent(shift: int, l2: bool, inverse: bool) -> Array:
    """2^-t for each biased exponent of a norm in float64, t being the last shift (float64)."""
    length = np.arange(FLOAT64_EXPONENTS) - FLOAT64_BIAS
    halvings = (length + 1) >> 1 if l2 else length
    return np.ldexp(1.0, -np.clip(shift - halvings if inverse else shift + halvings, 1, MAX_SHIFT))


def _factors_by_norm(core: GdnCore | Int64Array, l2: bool, inverse: bool) -> Int64Array:
    """g(mantissa / 2^18) · 2^16 by what is read off a norm in float64: the last bit of its exponent
    and the first 17 of its fraction."""
    form = form_of(l2, inverse)
    if form is None:
        return _by_norm(np.arange(1 << MANTISSA_BITS) >> (MANTISSA_BITS - OUTPUT_BITS), False)
    if isinstance(core, GdnCore):
        core = all_factors(core.approximation(form).evaluate, form)
    return _by_norm(core, l2)


def _by_norm(factors: Int64Array, l2: bool) -> Int64Array:
    key = np.arange(1 << MANTISSA_BITS)
    mantissa = key & KEY_MASK >> 1 | 1 << (MANTISSA_BITS - 1)
    # An odd bit length, which is an odd biased exponent, is rounded up for l2.
    return factors[mantissa >> (key >> (MANTISSA_BITS - 1)) if l2 else mantissa]


@lru_cache(MOST_TABLES)
def all_factors(evaluate: Callable[[Int64Array], Int64Array], form: Form) -> Int64Array:
    """The factors of all 2^18 mantissas, 0 below those of the form: eight times as fast to look up
    as to compute."""
    factors = np.zeros(1 << MANTISSA_BITS, np.int64)
    known = mantissas(form)
    factors[known] = evaluate(known)
    return factors
