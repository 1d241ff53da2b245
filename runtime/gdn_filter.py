"""GDN by float32 wherever no rounding error can change the result, exact elsewhere: the same bits
in a third of the time.

A filter in the sense of Shewchuk (1997): a result is computed with a bound of its error; if the
whole interval rounds to one integer, that is the result.
"""

from dataclasses import dataclass

import numpy as np

from .arithmetic import Array
from .gdn import MAX_SHIFT, Gdn
from .gdn_cores import MANTISSA_BITS, OUTPUT_BITS

UNIT = 2.0**-24
"""The relative error of a rounding to float32."""
ROUNDINGS = 8
"""More than a result goes through beside the sum of its norm."""
WIDEST = 1 / 16
"""The widest interval of the largest result that is worth a filter."""
RANGE = 2.0**90
"""What keeps products of weights with terms of 31 bits, and their sums, normal in float32."""
NORM_BITS = 48
PART = 1 << 14


def fastest(exact: Gdn) -> "Gdn | FilteredGdn":
    """The filtered GDN, or the exact one where hardly anything would pass, or where a shift is
    clamped, terms are rounded or a number could leave the range of float32."""
    low, high = exact.bounds
    lengths = np.array([int(exact.beta.min()).bit_length(), NORM_BITS])
    shifts = exact.shifts(lengths)
    if exact.drop or shifts.min() < 1 or shifts.max() > MAX_SHIFT or exact.multiplier.min() < 1:
        return exact
    margin = 1.01 * _error(exact) + ROUNDINGS * UNIT
    if margin * (max(-low, high) + 1) > WIDEST:
        return exact
    matrix, addend = _norm_weights(exact)
    numbers = np.concatenate((matrix[matrix > 0], addend))
    if numbers.min() < 1 / RANGE or numbers.max() > RANGE:
        return exact
    return FilteredGdn(exact, matrix.astype(np.float32), addend.astype(np.float32), margin)


@dataclass(frozen=True)
class FilteredGdn:
    """A GDN on blocks of pixels [n, C]. `matrix` [C, C] and `addend` [C] (float32) give norms that
    hold multiplier and shift, so that a result is x divided by the root of its norm, or whatever
    the form is; its relative error is below `margin`."""

    exact: Gdn
    matrix: Array
    addend: Array
    margin: float

    def __call__(self, x: Array) -> Array:
        """The result for a block."""
        value, norm = self._approximate(x)
        one = self._rounded(value, 1 - self.margin, norm)
        other = self._rounded(value, 1 + self.margin, value)
        result = one.astype(self.exact.dtype)
        doubtful = np.flatnonzero(one != other)
        if len(doubtful):
            pixels, channels = np.divmod(doubtful, x.shape[1])
            result[pixels, channels] = self.exact.at(x, pixels, channels)
        return result

    def _approximate(self, x: Array) -> tuple[Array, Array]:
        """Results that are not rounded, within 1/4 of the bounds, and room for as many."""
        wide = x.astype(np.float32)
        norm = (np.square(wide) if self.exact.l2 else np.abs(wide)) @ self.matrix
        norm += self.addend
        if self.exact.l2:
            np.sqrt(norm, norm)
        (np.multiply if self.exact.inverse else np.divide)(wide, norm, wide)
        low, high = self.exact.bounds
        np.maximum(wide, np.float32(low - 0.25), wide)
        np.minimum(wide, np.float32(high + 0.25), wide)
        return wide, norm

    @staticmethod
    def _rounded(value: Array, factor: float, out: Array) -> Array:
        np.multiply(value, np.float32(factor), out)
        out += np.float32(0.5)
        return np.floor(out, out)


def _norm_weights(exact: Gdn) -> tuple[Array, Array]:
    """What float32 norms are made of: matrix and addend, times a power of what the result is scaled
    with, 2^16 · multiplier / 2^shift."""
    scale = np.ldexp(exact.multiplier.astype(np.float64), OUTPUT_BITS - exact.shift)
    power = (2 if exact.l2 else 1) * (1 if exact.inverse else -1)
    factor = scale**power
    return exact.gamma.astype(np.float64).T * factor, exact.beta * factor


def _error(exact: Gdn) -> float:
    """A bound of the relative error of a float32 result: the core's, for all real numbers that have
    a mantissa; roundings of weights, terms, products and sums, none of them negative (Higham, 3.1);
    of the root and the quotient."""
    first = 1 << (MANTISSA_BITS - (2 if exact.l2 else 1))
    parts = range(first, 1 << MANTISSA_BITS, PART)
    core = max(_core_error(exact, start, start + PART) for start in parts)
    return (1 + core) * (1 + UNIT) ** (len(exact.beta) + ROUNDINGS) - 1


def _core_error(exact: Gdn, start: int, stop: int) -> float:
    """The largest relative error of the factors of a part of the mantissas."""
    mantissa: Array = np.arange(start, stop + 1) / (1 << MANTISSA_BITS)
    root = np.sqrt(mantissa) if exact.l2 else mantissa
    wanted: Array = (root if exact.inverse else 1 / root) * (1 << OUTPUT_BITS)
    factors = exact.factors[start:stop]
    return max(float(np.abs(factors / end - 1).max()) for end in (wanted[:-1], wanted[1:]))
