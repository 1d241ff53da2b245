"""Real factors as integers: 17-bit multipliers with a common shift, and symmetric weights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import IntegerType

from ..dialects.quant import MAX_SHIFT, MULTIPLIER_BITS
from ..dialects.tensors import integer_range, integer_type
from ..runtime.arithmetic import Array
from .intervals import signed_bits


@dataclass(frozen=True)
class Multipliers:
    """factors ≈ values / 2^shift, values (int64) below 2^17."""

    values: Array
    shift: int


def multipliers(factors: Array, lowest_shift: int = 0) -> Multipliers:
    """The best 17-bit multipliers of positive real factors, with one shift for all.

    The largest factor gets all 17 bits. `ValueError` if that needs a shift below `lowest_shift`.
    """
    largest = float(np.max(factors))
    exponent = MULTIPLIER_BITS - int(np.frexp(largest)[1]) if largest > 0 else 0
    shift = min(exponent, MAX_SHIFT)
    if shift < lowest_shift:
        raise ValueError(f"a factor of {largest:.3g} is beyond {MULTIPLIER_BITS} bits")
    values = np.floor(np.ldexp(factors, shift) + 0.5).astype(np.int64)
    return Multipliers(np.minimum(values, (1 << MULTIPLIER_BITS) - 1), shift)


def symmetric_weights(weight: Array, bits: int, axis: int) -> tuple[Array, Array]:
    """Weights as signed integers of `bits` bits and the scale of each output channel (`axis`),
    which just holds the channel's largest weight."""
    others = tuple(i for i in range(weight.ndim) if i != axis)
    largest = np.abs(weight).max(axis=others, keepdims=True).astype(np.float64)
    highest = (1 << (bits - 1)) - 1
    scale = np.where(largest > 0, largest / highest, 1.0)
    return np.floor(weight / scale + 0.5).astype(np.int64), scale.reshape(-1)


def narrowest(values: Array, sizes: Sequence[int] = (8, 16, 32, 48, 64)) -> IntegerType:
    """The narrowest signed type of the given sizes that holds all values."""
    needed = signed_bits(int(values.min()), int(values.max()))
    element = integer_type(next(size for size in sizes if size >= needed))
    assert integer_range(element)[0] <= values.min()
    return element
