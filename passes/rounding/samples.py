"""What the taps of a convolution see on calibration frames, as matrices."""

from dataclasses import dataclass

import numpy as np

from ...dialects.window import Window
from ...runtime.arithmetic import Array


@dataclass(frozen=True)
class Phase:
    """The taps of one row and one column phase: kernel indices, and input offsets."""

    rows: tuple[tuple[int, int], ...]
    columns: tuple[tuple[int, int], ...]

    @property
    def kernel_indices(self) -> tuple[Array, Array]:
        """What takes the taps of the phase out of the last two axes of a kernel."""
        rows, columns = np.ix_([k for k, _ in self.rows], [k for k, _ in self.columns])
        return rows, columns


def phases_of(window: Window) -> tuple[Phase, ...]:
    """The phases of a window that have taps: disjoint, together the whole kernel."""
    taps = [window.taps(phase) for phase in range(window.phases)]
    return tuple(Phase(rows, columns) for rows in taps for columns in taps if rows and columns)


def positions(window: Window, shape: tuple[int, ...], most: int, seed: int) -> tuple[Array, Array]:
    """Rows and columns of at most `most` of the windows over a frame [1, C, H, W], drawn without
    repetition."""
    grid = [window.grid_size(length) for length in shape[2:]]
    count = grid[0] * grid[1]
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(count)[:most] if count > most else np.arange(count)
    return chosen // grid[1], chosen % grid[1]


def patches(frame: Array, window: Window, phase: Phase, at: tuple[Array, Array]) -> Array:
    """What the taps of a phase see of a frame [1, C, H, W] at some positions: float32
    [C · rows · columns, n], zero outside the frame."""
    stride = 1 if window.transposed else window.stride
    low, high = window.offsets
    before, after = max(0, -low), max(0, high)
    padded = np.pad(frame[0], ((0, 0), (before, after), (before, after)))
    rows, columns = (
        np.array([offset for _, offset in taps])[:, np.newaxis] + where * stride + before
        for taps, where in zip((phase.rows, phase.columns), at, strict=True)
    )
    seen = padded[:, rows[:, np.newaxis], columns[np.newaxis]]
    return seen.reshape(-1, seen.shape[-1]).astype(np.float32)
