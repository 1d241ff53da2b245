"""The steps of an integer program: each an op of docs/numbers.md with its constants."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from . import operators
from .arithmetic import Array, saturate
from .convolution import Convolution
from .formats import Format
from .gdn import Gdn
from .gdn_cores import built_in_cores
from .gdn_filter import fastest


@dataclass(frozen=True)
class Requantize:
    """saturate(round((x + bias) · M / 2^shift)), M = `negative` below 0 where it is given."""

    bias: Array
    multiplier: Array
    negative: Array | None
    shift: int
    result: Format

    def __call__(self, threads: int | None, frame: Array) -> Array:
        """The result for a frame."""
        bounds, dtype = self.result.bounds, self.result.dtype
        constants = self.bias, self.multiplier, self.negative
        return operators.requantize(frame, *constants, self.shift, bounds, dtype, threads)

    def block(self, given: Format) -> operators.Block:
        """The same for blocks of pixels [n, C] of a format."""
        bounds, dtype = self.result.bounds, self.result.dtype
        constants = self.bias, self.multiplier, self.negative
        largest = max(map(abs, given.bounds))
        return operators.requantizer(*constants, self.shift, bounds, dtype, largest)


@dataclass(frozen=True)
class Convolve:
    """A convolution or a transposed one, requantised where that follows at once; else exact sums
    in `sums`."""

    weight: Array
    stride: int
    padding: int
    transposed: bool
    sums: Format
    then: Requantize | None

    def bands(self, bands: Iterable[Array], height: int) -> Iterator[Array]:
        """Bands [h, W, O] of the result, for a frame of `height` rows that comes in bands
        [h, W, C]."""
        return self._convolution.bands(bands, height, self._finish)

    def height(self, rows: int) -> int:
        """The rows of the result for so many."""
        return self._convolution.height(rows)

    @cached_property
    def _convolution(self) -> Convolution:
        return Convolution(self.weight, self.stride, self.padding, self.transposed)

    @cached_property
    def _finish(self) -> operators.Block:
        if self.then:
            return self.then.block(self.sums)
        return lambda sums: sums.astype(self.sums.dtype)


@dataclass(frozen=True)
class Offset:
    """saturate(x · 2^shift + constant)."""

    constant: Array
    shift: int
    result: Format

    def __call__(self, threads: int | None, frame: Array) -> Array:
        """The result for a frame."""
        result = self.result
        return operators.offset(
            frame, self.constant, self.shift, result.bounds, result.dtype, threads
        )


@dataclass(frozen=True)
class Normalize:
    """GDN by a core of licc's, or by the `factors` (int32 [2^18]) of another."""

    beta: Array
    gamma: Array
    multiplier: Array
    shift: int
    l2: bool
    inverse: bool
    drop: int
    core: str
    factors: Array | None
    result: Format

    def __call__(self, threads: int | None, frame: Array) -> Array:
        """The result for a frame."""
        return operators.blockwise(self._block, frame, self.result.dtype, threads)

    @cached_property
    def _block(self) -> operators.Block:
        given = self.factors
        core = built_in_cores()[self.core] if given is None else given.astype(np.int64)
        constants = self.beta, self.gamma, self.multiplier, self.shift, self.l2, self.inverse
        return fastest(Gdn(*constants, self.result.bounds, self.result.dtype, core, self.drop))


@dataclass(frozen=True)
class Absolute:
    """|x|, saturated."""

    result: Format

    def __call__(self, threads: int | None, frame: Array) -> Array:
        """The result for a frame."""
        return saturate(np.abs(frame.astype(np.int64)), *self.result.bounds, self.result.dtype)


@dataclass(frozen=True)
class Add:
    """x + y, saturated."""

    result: Format

    def __call__(self, threads: int | None, frame: Array, other: Array) -> Array:
        """The result for two frames."""
        total = frame.astype(np.int64) + other.astype(np.int64)
        return saturate(total, *self.result.bounds, self.result.dtype)


PixelStep: TypeAlias = Requantize | Offset | Normalize | Absolute | Add
Step: TypeAlias = PixelStep | Convolve
