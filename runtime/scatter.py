"""Transposed convolutions with few outputs: one matrix product makes what each pixel adds by each
tap, and shifted planes of that are summed.

A product with patches has a column for each output, and a processor does few columns slowly; here
the columns are pixels. Exact for integers as in `kernel.py`: no partial sum exceeds the sum of all
magnitudes, in whatever order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from .arithmetic import Array
from .kernel import Kernel, magnitude_of, padded

FEW_OUTPUTS = 8
BLOCK_BYTES = 1 << 19


@dataclass(frozen=True)
class Taps:
    """Along one axis: which elements of the kernel a phase has, in the order of the pixels that
    they take, and the first of these."""

    elements: Sequence[int]
    start: int


def scattered(
    frame: Array, kernel: Kernel, taps: Sequence[Taps], top: int, size: tuple[int, int]
) -> Iterator[tuple[int, int, int, Array]]:
    """For kernel [O, C, k, k] and taps of each phase: the phase's row and column, the first row y
    of a block, and its sums [rows · size[1], O]; `top` is the row of frame [H, W, C] that row 0 of
    the result stands for."""
    outputs, channels, height, width = kernel.weight.shape
    found, pieces = kernel.cuts(magnitude_of(frame))
    dtype = found if len(pieces) == 1 else np.dtype(np.float64)
    matrix = kernel.weight.transpose(2, 3, 0, 1).reshape(-1, channels).astype(dtype)
    first = min(one.start for one in taps)
    span = max(one.start + len(one.elements) for one in taps) - first
    columns, shared = size[1] + span - 1, span - 1
    block = max(1, BLOCK_BYTES // (columns * (len(matrix) + channels) * dtype.itemsize))
    products = np.empty((len(matrix), block + shared, columns), dtype)
    planes = products.reshape(height, width, outputs, *products.shape[1:])
    for y in range(0, size[0], block):
        rows, known = min(block, size[0] - y), shared if y else 0
        products[:, :known] = products[:, block : block + known]
        start = top + y + first + known, first
        part = padded(frame, start, (rows + shared - known, columns)).reshape(-1, channels)
        into = products.reshape(len(matrix), -1)[:, known * columns :][:, : len(part)]
        np.matmul(matrix, part.astype(dtype).T, out=into)
        for row, vertical in enumerate(taps):
            for column, horizontal in enumerate(taps):
                sums = np.zeros((outputs, rows, size[1]), dtype)
                for i, k in enumerate(vertical.elements, vertical.start - first):
                    for j, n in enumerate(horizontal.elements, horizontal.start - first):
                        sums += planes[k, n, :, i : i + rows, j : j + size[1]]
                yield row, column, y, sums.reshape(outputs, -1).T
