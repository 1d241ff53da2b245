"""Convolutions of whole frames by blocked matrix products, exact for integers.

A float product of integers is exact while every partial sum stays below 2^24 (float32) or 2^53
(float64). The bound is taken from the actual weights and the actual frame; where float32 alone
would not do, the sum is cut into pieces that it holds, or computed in float64.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.lib.stride_tricks import as_strided

from .arithmetic import Array

Finish: TypeAlias = Callable[[Array], Array]

BLOCK_BYTES = 1 << 21
FINISH_BYTES = 16
"""What a sum takes while it is finished: two numbers of 64 bits."""
MAX_PIECES = 4
EXACT_FLOAT32 = 1 << 24
EXACT_FLOAT64 = 1 << 53


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
    kernel = weight.shape[-1]
    size = [(n + 2 * padding - kernel) // stride + 1 for n in frame.shape[2:]]
    start = (-padding, -padding)
    result = _correlate(frame, weight, stride, start, (size[0], size[1]), finish)
    return result.transpose(2, 0, 1)[np.newaxis]


def conv_transpose2d(
    frame: Array, weight: Array, stride: int, padding: int, finish: Finish = unchanged
) -> Array:
    """Transposed convolution with a result of exactly stride × frame, phase by phase.

    frame [1, C, H, W], weight [C, O, k, k]; types as in `conv2d`; result [1, O, s·H, s·W].
    """
    height, width = frame.shape[2:]
    phases = [_taps(phase, weight.shape[-1], stride, padding) for phase in range(stride)]
    parts: list[list[Array]] = [[], []]
    shape = (height, stride, width, stride, weight.shape[1])
    kernel = weight.transpose(1, 0, 2, 3)
    for row, (rows, row_start) in enumerate(phases):
        for column, (columns, column_start) in enumerate(phases):
            part = kernel[:, :, rows][:, :, :, columns]
            start = (row_start, column_start)
            parts[0].append(_correlate(frame, part, 1, start, (height, width), finish))
            parts[1].append(np.array((row, column)))
    result = np.empty(shape, np.result_type(*parts[0]))
    for part, (row, column) in zip(*parts, strict=True):
        result[:, row, :, column] = part
    return result.reshape(height * stride, width * stride, -1).transpose(2, 0, 1)[np.newaxis]


def _taps(phase: int, kernel: int, stride: int, padding: int) -> tuple[list[int], int]:
    """Kernel indices of one phase in the order of their input offsets, and the first offset."""
    taps = [k for k in range(kernel) if (phase + padding - k) % stride == 0][::-1]
    return taps, (phase + padding - taps[0]) // stride if taps else 0


def _pieces(matrix: Array, magnitude: int) -> tuple[np.dtype[Any], list[slice]]:
    """The dtype and the cuts of the summed axis (0) with which an integer product is exact."""
    if matrix.dtype.kind == "f":
        return np.dtype(np.float32), [slice(None)]
    sums = np.abs(matrix.astype(np.int64)).cumsum(axis=0) * magnitude
    largest = int(sums[-1].max()) if sums.size else 0
    if largest >= EXACT_FLOAT64:
        raise OverflowError(f"a convolution's sum may reach {largest}, beyond 2^53")
    pieces: list[slice] = []
    start, before = 0, np.zeros(matrix.shape[1], np.int64)
    while start < len(matrix):
        stop = int(np.searchsorted((sums - before).max(axis=1), EXACT_FLOAT32))
        if stop == start or len(pieces) == MAX_PIECES:
            return np.dtype(np.float64), [slice(None)]
        pieces.append(slice(start, stop))
        start, before = stop, sums[stop - 1]
    return np.dtype(np.float32), pieces


def _correlate(
    frame: Array,
    weight: Array,
    stride: int,
    start: tuple[int, int],
    size: tuple[int, int],
    finish: Finish,
) -> Array:
    """Σ weight[o, c, i, j] · frame[c, y·stride + start[0] + i, x·stride + start[1] + j], as
    [size[0], size[1], O]."""
    outputs, channels, kernel_rows, kernel_columns = weight.shape
    matrix = weight.transpose(2, 3, 1, 0).reshape(-1, outputs)
    if matrix.size == 0:
        sums = finish(np.zeros((size[0] * size[1], outputs), np.float32))
        return sums.reshape(*size, outputs)
    magnitude = max(abs(int(frame.max())), abs(int(frame.min()))) if frame.dtype.kind != "f" else 0
    dtype, pieces = _pieces(matrix, magnitude)
    reach = [stride * (n - 1) + k for n, k in zip(size, weight.shape[2:], strict=True)]
    padded = _padded(frame[0].transpose(1, 2, 0), start, (reach[0], reach[1]))
    matrix = matrix.astype(dtype)
    rows, columns, step = padded.strides
    patches = as_strided(
        padded,
        (*size, kernel_rows, kernel_columns * channels),
        (stride * rows, stride * columns, rows, step),
        writeable=False,
    )
    pixel_bytes = len(matrix) * dtype.itemsize + outputs * FINISH_BYTES
    block = max(1, BLOCK_BYTES // (size[1] * pixel_bytes))
    buffer = np.empty((block, *patches.shape[1:]), dtype)
    sums = np.empty((block * size[1], outputs), np.float64 if len(pieces) > 1 else dtype)
    more = np.empty((len(sums) if len(pieces) > 1 else 0, outputs), dtype)
    result: Array | None = None
    for y in range(0, size[0], block):
        part = patches[y : y + block]
        np.copyto(buffer[: len(part)], part)
        window = buffer[: len(part)].reshape(-1, len(matrix))
        into = sums[: len(window)]
        np.matmul(window[:, pieces[0]], matrix[pieces[0]], out=into, casting="same_kind")
        for piece in pieces[1:]:
            into += np.matmul(window[:, piece], matrix[piece], out=more[: len(window)])
        finished = finish(into).reshape(len(part), size[1], outputs)
        if result is None:
            result = np.empty((*size, outputs), finished.dtype)
        result[y : y + block] = finished
    assert result is not None
    return result


def _padded(frame: Array, start: tuple[int, int], reach: tuple[int, int]) -> Array:
    """frame [H, W, C] from `start` on, `reach` rows and columns long, zeros outside."""
    padded = np.zeros((*reach, frame.shape[2]), frame.dtype)
    source = [slice(max(0, a), max(0, a + n)) for a, n in zip(start, reach, strict=True)]
    part = frame[source[0], source[1]]
    top, left = max(0, -start[0]), max(0, -start[1])
    padded[top : top + part.shape[0], left : left + part.shape[1]] = part
    return padded
