"""Convolutions and transposed ones, of whole frames or of frames that come in bands of rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np

from .arithmetic import Array
from .kernel import Kernel
from .scatter import FEW_OUTPUTS, Taps, scattered

Finish: TypeAlias = Callable[[Array], Array]

BAND_VALUES = 1 << 17
"""How many values a band of a transposed convolution may have that is not the whole frame: anyone's
files can ask for a synthesis, which is to take little memory."""


def unchanged(sums: Array) -> Array:
    """A copy of the sums."""
    return sums.copy()


def conv2d(
    frame: Array, weight: Array, stride: int, padding: int, finish: Finish = unchanged
) -> Array:
    """Cross-correlation with zero padding.

    frame [1, C, H, W] and weight [O, C, k, k] of integers (result: exact float64 or float32) or of
    float32 (result: float32); result [1, O, (H + 2·padding − k) // stride + 1, …]. `finish` makes
    the result of the sums, block by block of pixels [n, O], while they are in the cache.
    """
    return _whole(Convolution(weight, stride, padding, False), frame, finish)


def conv_transpose2d(
    frame: Array, weight: Array, stride: int, padding: int, finish: Finish = unchanged
) -> Array:
    """Transposed convolution with a result of exactly stride × frame, phase by phase.

    frame [1, C, H, W], weight [C, O, k, k]; types as in `conv2d`; result [1, O, s·H, s·W].
    """
    return _whole(Convolution(weight, stride, padding, True), frame, finish)


def _whole(convolution: "Convolution", frame: Array, finish: Finish) -> Array:
    (band,) = convolution.bands([frame[0].transpose(1, 2, 0)], frame.shape[2], finish)
    return band.transpose(2, 0, 1)[np.newaxis]


@dataclass(frozen=True)
class Phase:
    """The pixels of the result at (row, column) of each group: their kernel, and the first row and
    column of the frame that the first group reads."""

    row: int
    column: int
    start: tuple[int, int]
    kernel: Kernel

    @property
    def stop(self) -> int:
        """The row behind the last that the first group reads."""
        return self.start[0] + self.kernel.weight.shape[2]


@dataclass(frozen=True)
class Convolution:
    """A convolution, weight [O, C, k, k], or a transposed one, weight [C, O, k, k].

    The result comes in groups: pixels, or stride × stride pixels of a transposed one.
    """

    weight: Array
    stride: int
    padding: int
    transposed: bool

    def bands(
        self, bands: Iterable[Array], height: int, finish: Finish = unchanged
    ) -> Iterator[Array]:
        """The result as bands [h, W, O], for a frame of `height` rows that comes as bands
        [h, W, C]; one for one that is the whole frame. No more rows are held than are needed."""
        first = done = seen = 0
        held: Array | None = None
        for band in bands:
            held = band if held is None else np.concatenate((held, band))
            seen += len(band)
            ready = self._ready(seen, height)
            most = ready - done if seen == len(band) else max(1, len(band) // self._step)
            if self.transposed and len(band) < height:
                most = min(most, self._rows_at_once(band.shape[1]))
            del band
            while done < ready:
                part = done, min(ready, done + most)
                yield self._groups(held, first, part, finish)
                done = part[1]
            unused = max(0, min(done * self._step + self._first_row - first, len(held)))
            held, first = held[unused:].copy(), first + unused

    def height(self, rows: int) -> int:
        """The rows of the result for so many."""
        return self._group_count(rows) * self._group

    def _rows_at_once(self, width: int) -> int:
        """How many rows of groups a band may have, for a frame of so many columns."""
        values = self._group**2 * self._group_count(width) * self.weight.shape[1]
        return max(1, BAND_VALUES // values)

    @property
    def _step(self) -> int:
        """How many rows of the frame there are to a group."""
        return 1 if self.transposed else self.stride

    @property
    def _group(self) -> int:
        """How many rows of the result there are to a group."""
        return self.stride if self.transposed else 1

    @cached_property
    def _first_row(self) -> int:
        return min(phase.start[0] for phase in self._phases)

    def _ready(self, seen: int, height: int) -> int:
        """How many rows of groups can be computed from so many rows."""
        count = self._group_count(height)
        if seen == height:
            return count
        last = max(phase.stop for phase in self._phases)
        return min(count, max(0, (seen - last) // self._step + 1))

    def _group_count(self, size: int) -> int:
        """How many groups there are for so many rows or columns."""
        if self.transposed:
            return size
        return (size + 2 * self.padding - self.weight.shape[-1]) // self.stride + 1

    @cached_property
    def _phases(self) -> tuple[Phase, ...]:
        if not self.transposed:
            return (Phase(0, 0, (-self.padding, -self.padding), Kernel(self.weight)),)
        weight = self._whole_kernel.weight
        return tuple(
            Phase(
                *(row, column, (vertical.start, horizontal.start)),
                Kernel(weight[:, :, vertical.elements][:, :, :, horizontal.elements]),
            )
            for row, vertical in enumerate(self._taps)
            for column, horizontal in enumerate(self._taps)
        )

    @cached_property
    def _taps(self) -> tuple[Taps, ...]:
        """The taps of each phase of a transposed convolution along an axis."""
        size, stride, padding = self.weight.shape[-1], self.stride, self.padding
        found: list[Taps] = []
        for phase in range(stride):
            taps = [k for k in range(size) if (phase + padding - k) % stride == 0][::-1]
            found.append(Taps(taps, (phase + padding - taps[0]) // stride if taps else 0))
        return tuple(found)

    @cached_property
    def _whole_kernel(self) -> Kernel:
        return Kernel(self.weight.transpose(1, 0, 2, 3))

    def _sums(
        self, frame: Array, top: int, size: tuple[int, int]
    ) -> Iterator[tuple[int, int, int, Array]]:
        """The sums of groups from row `top` of a frame on: of each block row and column in the
        group, the first row, and the sums [n, O]."""
        if (
            self.transposed
            and self.weight.dtype.kind != "f"
            and self.weight.shape[1] <= FEW_OUTPUTS
        ):
            yield from scattered(frame, self._whole_kernel, self._taps, top, size)
            return
        for phase in self._phases:
            start = top + phase.start[0], phase.start[1]
            for y, sums in phase.kernel.blocks(frame, self._step, start, size):
                yield phase.row, phase.column, y, sums

    def _groups(self, frame: Array, top: int, groups: tuple[int, int], finish: Finish) -> Array:
        """Rows of groups of the result, [h, W, O], from a band whose first row is number `top`."""
        rows, columns = groups[1] - groups[0], self._group_count(frame.shape[1])
        result: Array | None = None
        start = groups[0] * self._step - top
        for row, column, y, sums in self._sums(frame, start, (rows, columns)):
            found = finish(sums)
            if result is None:
                shape = (rows, self._group, columns, self._group, found.shape[1])
                result = np.empty(shape, found.dtype)
            elif found.dtype != result.dtype:
                result = result.astype(np.result_type(result, found))
            found = found.reshape(-1, columns, found.shape[1])
            result[y : y + len(found), row, :, column] = found
        assert result is not None
        return result.reshape(rows * self._group, columns * self._group, -1)
