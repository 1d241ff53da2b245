"""An integer program: the transforms of a codec as steps, run in NumPy.

It is what the interpreter of the IR computes, without the IR: see `backends/design/export.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from .arithmetic import Array
from .bands import Node, run_in_bands
from .errors import CodecError
from .formats import Format
from .steps import Convolve

BAND_ROWS = 64
"""How many rows of an image go through a transform at a time."""


@dataclass(frozen=True)
class Boundary:
    """What enters or leaves a function: channels of integers."""

    channels: int
    format: Format


@dataclass(frozen=True)
class Function:
    """A transform; `stride` is how many times smaller an analysis makes its frame, or how many
    times larger a synthesis. The value of the last node is the result."""

    argument: Boundary
    result: Boundary
    stride: int
    nodes: tuple[Node, ...]

    def __call__(self, frame: Array, threads: int | None = None) -> Array:
        """The result for a frame [1, C, H, W]; `CodecError` for other channels."""
        if frame.ndim != 4 or frame.shape[:2] != (1, self.argument.channels):
            raise CodecError(f"expected [1, {self.argument.channels}, H, W], found {frame.shape}")
        pixels = frame[0].transpose(1, 2, 0)
        rows = max(1, BAND_ROWS // self.stride) if self._enlarges else BAND_ROWS
        bands = [pixels[y : y + rows] for y in range(0, len(pixels), rows)]
        return _joined(*run_in_bands(self.nodes, bands, threads)).transpose(2, 0, 1)[np.newaxis]

    @property
    def _enlarges(self) -> bool:
        return any(isinstance(n.step, Convolve) and n.step.transposed for n in self.nodes)


def _joined(bands: Iterator[Array], height: int) -> Array:
    """All bands [h, W, C], one below the other."""
    result: Array | None = None
    y = 0
    for band in bands:
        if len(band) == height:
            return band
        if result is None:
            result = np.empty((height, *band.shape[1:]), band.dtype)
        result[y : y + len(band)] = band
        y += len(band)
    assert result is not None
    return result


@dataclass(frozen=True)
class IntegerProgram:
    """Functions among g_a, g_s, h_a and h_s, by name."""

    functions: Mapping[str, Function]

    def run(self, name: str, frame: Array, threads: int | None = None) -> Array:
        """The integer result of a function for an integer frame [1, C, H, W]."""
        return self.functions[name](frame, threads)
