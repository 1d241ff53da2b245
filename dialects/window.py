"""The geometry of a sliding window: sizes, phases and taps of both kinds of convolution.

A stride-s transposed convolution is computed as its s × s phases: the output pixels (Y, X) with the
same (Y mod s, X mod s) share their taps, and no product has an inserted zero as a factor.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Window:
    """A square kernel over a zero-padded frame; `transposed` for a transposed convolution."""

    kernel: int
    stride: int
    padding: int
    transposed: bool = False

    def output_size(self, size: int) -> int:
        """Output rows (columns) of `size` input rows (columns)."""
        if self.transposed:
            return size * self.stride
        return (size + 2 * self.padding - self.kernel) // self.stride + 1

    def grid_size(self, size: int) -> int:
        """Rows (columns) of the grid that is gone through: output pixels of a convolution, input
        pixels of a transposed one."""
        return size if self.transposed else self.output_size(size)

    @property
    def output_padding(self) -> int:
        """What torch calls output_padding, where the output is exactly stride × input."""
        return self.stride + 2 * self.padding - self.kernel

    @property
    def phases(self) -> int:
        """Row (column) phases of the output: s for a transposed convolution, else 1."""
        return self.stride if self.transposed else 1

    def taps(self, phase: int) -> tuple[tuple[int, int], ...]:
        """(kernel index, input offset) of each tap of one row (column) phase.

        The input row of a tap is first + offset, with first = Y · stride of the output row Y for a
        convolution, and Y // stride for a transposed one.
        """
        return _taps(self, phase)

    @property
    def most_taps(self) -> int:
        """Row taps of the phase that has most."""
        return max(len(self.taps(phase)) for phase in range(self.phases))

    @property
    def offsets(self) -> tuple[int, int]:
        """The smallest and the largest input offset of any tap (0, 0 if there is none)."""
        found = [offset for phase in range(self.phases) for _, offset in self.taps(phase)] or [0]
        return min(found), max(found)

    def steps(self, row_phase: int, column_phase: int, taps: int) -> int:
        """Steps for the taps of one output pixel, with `taps` row taps side by side."""
        rows = max(1, len(self.taps(row_phase))) if taps == 1 else 1
        return rows * max(1, len(self.taps(column_phase)))

    def pixel_steps(self, taps: int) -> tuple[int, ...]:
        """`steps` of every phase, row phase by row phase."""
        return _pixel_steps(self, taps)


@cache
def _taps(window: Window, phase: int) -> tuple[tuple[int, int], ...]:
    if not window.transposed:
        return tuple((k, k - window.padding) for k in range(window.kernel))
    reach = [(k, phase + window.padding - k) for k in range(window.kernel)]
    return tuple((k, d // window.stride) for k, d in reach if d % window.stride == 0)


@cache
def _pixel_steps(window: Window, taps: int) -> tuple[int, ...]:
    phases = range(window.phases)
    return tuple(window.steps(row, column, taps) for row in phases for column in phases)
