"""Blocked matrix products of one kernel with the patches of a frame, exact for integers.

A float product of integers is exact while every partial sum stays below 2^24 (float32) or 2^53
(float64). The bound is taken from the actual weights and the actual frame; where float32 alone
would not do, the sum is cut into pieces that it holds, or computed in float64.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .arithmetic import Array

Cuts: TypeAlias = tuple[np.dtype[Any], tuple[slice, ...]]

BLOCK_BYTES = 1 << 20
FINISH_BYTES = 16
"""What a sum takes while it is finished: two numbers of 64 bits."""
MAX_PIECES = 4
EXACT_FLOAT32 = 1 << 24
EXACT_FLOAT64 = 1 << 53


@dataclass(frozen=True)
class Kernel:
    """Weights [O, C, k, l], of integers or float32."""

    weight: Array
    _known: list[tuple[int, Cuts]] = field(default_factory=list[tuple[int, Cuts]], repr=False)

    def blocks(
        self, frame: Array, stride: int, start: tuple[int, int], size: tuple[int, int]
    ) -> Iterator[tuple[int, Array]]:
        """Σ weight[o, c, i, j] · frame[y·stride + start[0] + i, x·stride + start[1] + j, c] for
        frame [H, W, C], zeros outside, as blocks of rows: the first row y, and [rows · size[1], O],
        which holds until the next block."""
        outputs = len(self.weight)
        if self._matrix.size == 0:
            yield 0, np.zeros((size[0] * size[1], outputs), np.float32)
            return
        dtype, (first, *others) = self.cuts(magnitude_of(frame))
        patches = self._patches(frame, stride, start, size)
        matrix = self._matrix.astype(dtype, copy=False)
        pixel_bytes = len(matrix) * dtype.itemsize + outputs * FINISH_BYTES
        block = min(size[0], max(1, BLOCK_BYTES // (size[1] * pixel_bytes)))
        buffer = np.empty((block, *patches.shape[1:]), dtype)
        sums = np.empty((block * size[1], outputs), np.float64 if others else dtype)
        more = np.empty((len(sums) if others else 0, outputs), dtype)
        for y in range(0, size[0], block):
            part = patches[y : y + block]
            np.copyto(buffer[: len(part)], part)
            window = buffer[: len(part)].reshape(-1, len(matrix))
            into = sums[: len(window)]
            np.matmul(window[:, first], matrix[first], out=into, casting="same_kind")
            for piece in others:
                into += np.matmul(window[:, piece], matrix[piece], out=more[: len(window)])
            yield y, into

    def _patches(
        self, frame: Array, stride: int, start: tuple[int, int], size: tuple[int, int]
    ) -> Array:
        """A view [rows, columns, k, l · C] of what each pixel of the result reads."""
        _, channels, height, width = self.weight.shape
        reach = [stride * (n - 1) + k for n, k in zip(size, (height, width), strict=True)]
        wide = padded(frame, start, (reach[0], reach[1]))
        rows, columns, step = wide.strides
        return as_strided(
            wide,
            (*size, height, width * channels),
            (stride * rows, stride * columns, rows, step),
            writeable=False,
        )

    @cached_property
    def _matrix(self) -> Array:
        """The weights as [k · l · C, O]: in float32, where that holds them."""
        matrix = self.weight.transpose(2, 3, 1, 0).reshape(-1, len(self.weight))
        if matrix.dtype.kind != "f" and magnitude_of(matrix) > EXACT_FLOAT32:
            return matrix
        return matrix.astype(np.float32)

    def cuts(self, magnitude: int) -> Cuts:
        """Cuts for integers of at most this magnitude: those that are known from another band, if
        they are not for much larger ones."""
        for known, cuts in self._known:
            if known // 2 <= magnitude <= known:
                return cuts
        cuts = self._find_cuts(magnitude)
        self._known[:] = [(magnitude, cuts)]
        return cuts

    def _find_cuts(self, magnitude: int) -> Cuts:
        """The dtype and the cuts of the summed axis with which a product with integers of at most
        this magnitude is exact."""
        if self.weight.dtype.kind == "f":
            return np.dtype(np.float32), (slice(None),)
        sums = self._matrix.astype(np.int64)
        np.abs(sums, out=sums).cumsum(axis=0, out=sums)
        sums *= magnitude
        largest = int(sums[-1].max())
        if largest >= EXACT_FLOAT64:
            raise OverflowError(f"a convolution's sum may reach {largest}, beyond 2^53")
        pieces: list[slice] = []
        start = 0
        while start < len(sums):
            stop = start + int(np.searchsorted(sums[start:].max(axis=1), EXACT_FLOAT32))
            if stop == start or len(pieces) == MAX_PIECES:
                return np.dtype(np.float64), (slice(None),)
            pieces.append(slice(start, stop))
            sums[stop:] -= sums[stop - 1]
            start = stop
        return np.dtype(np.float32), tuple(pieces)


def magnitude_of(values: Array) -> int:
    """The largest |v| of integers; of other values it decides nothing."""
    if values.dtype.kind == "f" or not values.size:
        return 0
    return max(abs(int(values.max())), abs(int(values.min())))


def padded(frame: Array, start: tuple[int, int], reach: tuple[int, int]) -> Array:
    """frame [H, W, C] from `start` on, `reach` rows and columns long, zeros outside."""
    wide = np.zeros((*reach, frame.shape[2]), frame.dtype)
    source = [slice(max(0, a), max(0, a + n)) for a, n in zip(start, reach, strict=True)]
    part = frame[source[0], source[1]]
    top, left = max(0, -start[0]), max(0, -start[1])
    wide[top : top + part.shape[0], left : left + part.shape[1]] = part
    return wide
