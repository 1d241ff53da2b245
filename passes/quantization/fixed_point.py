"""Real factors as integers: 17-bit multipliers with a common shift, and symmetric weights."""

from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import IntegerType

from ...dialects.quant import MAX_SHIFT, MULTIPLIER_BITS
from ...dialects.tensors import integer_type
from ...runtime.arithmetic import Array
from .intervals import signed_bits


@dataclass(frozen=True)
class Multipliers:
    """factors ≈ values / 2^shift, values (int64) below 2^17."""

    values: Array
    shift: int


def multipliers(factors: Array, shifts: tuple[int, int] = (0, MAX_SHIFT)) -> Multipliers:
    """The best 17-bit multipliers of positive real factors, with one shift for all, in a range.

    The largest factor gets all 17 bits, unless that needs a higher shift. `ValueError` if it needs
    a lower one.
    """
    largest = float(np.max(factors))
    exponent = MULTIPLIER_BITS - int(np.frexp(largest)[1]) if largest > 0 else 0
    lowest, highest = shifts
    shift = min(exponent, highest)
    if shift < lowest:
        raise ValueError(f"a factor of {largest:.3g} is beyond {MULTIPLIER_BITS} bits")
    values = np.floor(np.ldexp(factors, shift) + 0.5).astype(np.int64)
    return Multipliers(np.minimum(values, (1 << MULTIPLIER_BITS) - 1), shift)


def symmetric_weights(
    weight: Array, bits: int, axis: int, scales: Array | None = None
) -> tuple[Array, Array]:
    """Weights as signed integers of `bits` bits and the scale of each output channel (`axis`):
    `scales`, or what just holds the channel's largest weight."""
    others = tuple(i for i in range(weight.ndim) if i != axis)
    largest = np.abs(weight).max(axis=others, keepdims=True).astype(np.float64)
    highest = (1 << (bits - 1)) - 1
    scale = np.where(largest > 0, largest / highest, 1.0)
    if scales is not None:
        scale = scales.reshape(scale.shape)
    steps = np.clip(np.floor(weight / scale + 0.5), -highest, highest)
    return steps.astype(np.int64), scale.reshape(-1)


def narrowest(values: Array) -> IntegerType:
    """The narrowest signed type of at least two bits that holds all values."""
    return integer_type(max(2, signed_bits(int(values.min()), int(values.max()))))
