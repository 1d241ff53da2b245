"""GDN in integers, exact: what the op `gdn.core` of docs/numbers.md means."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from .arithmetic import Array, Int64Array, piecewise, saturate
from .gdn_cores import MANTISSA_BITS, OUTPUT_BITS, TABLE, Form, GdnCore, form_of, mantissas

MOST_TABLES = 8
MAX_SHIFT = 62
FLOAT64_FRACTION_BITS = 52
FLOAT64_BIAS = 1022
FLOAT64_EXPONENTS = 1 << 11
KEY_SHIFT = FLOAT64_FRACTION_BITS + 1 - MANTISSA_BITS
KEY_MASK = (1 << MANTISSA_BITS) - 1


@dataclass(frozen=True)
class Gdn:
    """A GDN on blocks of pixels [n, C], by an implementation of its function or the factors of all
    2^18 mantissas, `drop` bits of f(x) left out; every norm in [1, 2^48), x in 16 bits, multiplier
    in 17. `ValueError` for a core that does not have the form."""

    beta: Array
    gamma: Array
    multiplier: Array
    shift: int
    l2: bool
    inverse: bool
    bounds: tuple[int, int]
    dtype: np.dtype[Any]
    core: GdnCore | Int64Array = TABLE
    drop: int = 0

    def __call__(self, x: Array) -> Array:
        """The result for a block."""
        norm = self._terms(x) @ self._matrix
        norm += self._addend
        return self._normalized(x, norm, self._scale)

    def at(self, x: Array, pixels: Array, channels: Array) -> Array:
        """The results [k] for k values of a block, given by their pixels and channels."""
        products = self._terms(x[pixels]) * self._matrix.T[channels]
        norm = products.sum(axis=1) + self._addend[channels]
        return self._normalized(x[pixels, channels], norm, self._scale[channels])

    @cached_property
    def factors(self) -> Int64Array:
        """The factors of all 2^18 mantissas (int64), 0 for those that the form does not have."""
        form = form_of(self.l2, self.inverse)
        if form is None:
            return np.arange(1 << MANTISSA_BITS) >> (MANTISSA_BITS - OUTPUT_BITS)
        if isinstance(self.core, GdnCore):
            return all_factors(self.core.approximation(form).evaluate, form)
        return self.core

    def shifts(self, length: Int64Array) -> Int64Array:
        """The last shift for each bit length of a norm, before it is clamped to 1 … 62."""
        halvings = (length + 1) >> 1 if self.l2 else length
        return self.shift - halvings if self.inverse else self.shift + halvings

    @cached_property
    def _matrix(self) -> Array:
        return self.gamma.astype(np.float64).T

    @cached_property
    def _addend(self) -> Array:
        return self.beta.astype(np.float64)

    @cached_property
    def _scale(self) -> Array:
        return self.multiplier.astype(np.float64)

    @cached_property
    def _units(self) -> Array:
        """2^-t for each biased exponent of a norm in float64, t being the last shift."""
        length = np.arange(FLOAT64_EXPONENTS) - FLOAT64_BIAS
        return np.ldexp(1.0, -np.clip(self.shifts(length), 1, MAX_SHIFT))

    @cached_property
    def _by_norm(self) -> Array:
        """The factors by what is read off a norm in float64: the last bit of its exponent and the
        first 17 of its fraction. An odd bit length, which is an odd biased exponent, is rounded up
        for l2."""
        keys = np.arange(1 << MANTISSA_BITS, dtype=np.int32)
        return piecewise(self._of_keys, np.dtype(np.float32), keys)

    def _of_keys(self, key: Array) -> Array:
        mantissa = key & KEY_MASK >> 1 | 1 << (MANTISSA_BITS - 1)
        return self.factors[mantissa >> (key >> (MANTISSA_BITS - 1)) if self.l2 else mantissa]

    def _terms(self, x: Array) -> Array:
        wide = x.astype(np.float64)
        terms = np.square(wide, wide) if self.l2 else np.abs(wide, wide)
        return np.floor(np.ldexp(terms, -self.drop) + 0.5) if self.drop else terms

    def _normalized(self, x: Array, norm: Array, scale: Array) -> Array:
        """The result for values, their norms, which are overwritten, and their multipliers."""
        bits = norm.view(np.int64)
        exponent = bits >> FLOAT64_FRACTION_BITS
        bits >>= KEY_SHIFT
        bits &= KEY_MASK
        factor = np.multiply(self._by_norm.take(bits, mode="wrap"), x, norm, dtype=np.float64)
        factor *= scale  # at most 2^49, so exact, in whatever unit
        factor *= self._units.take(exponent, mode="wrap")
        factor += 0.5
        return saturate(np.floor(factor, factor), *self.bounds, self.dtype, factor)


@lru_cache(MOST_TABLES)
def all_factors(evaluate: Callable[[Int64Array], Int64Array], form: Form) -> Int64Array:
    """The factors of all 2^18 mantissas, 0 below those of the form: eight times as fast to look up
    as to compute."""
    factors = np.zeros(1 << MANTISSA_BITS, np.int64)
    known = mantissas(form)
    factors[known[0] :] = piecewise(evaluate, factors.dtype, known)
    return factors
