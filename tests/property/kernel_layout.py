"""How frames and parameters lie in memory for the C++ kernels: beats and ROMs, as NumPy arrays."""

import numpy as np
from numpy.typing import NDArray

from licc.dialects.window import Window

IntArray = NDArray[np.int64]


def ceil_div(a: int, b: int) -> int:
    """⌈a / b⌉."""
    return -(-a // b)


def to_beats(frame: IntArray, lanes: int, bits: int) -> bytes:
    """A frame [1, C, H, W] as the TDATA bytes of its beats, padding lanes zero."""
    channels, height, width = frame.shape[1:]
    padded = np.zeros((height, width, ceil_div(channels, lanes) * lanes), "<i8")
    padded[..., :channels] = frame[0].transpose(1, 2, 0)
    return padded.view(np.uint8).reshape(-1, 8)[:, : ceil_div(bits, 8)].tobytes()


def from_beats(
    data: bytes, shape: tuple[int, ...], lanes: int, bits: int, signed: bool
) -> IntArray:
    """The frame of `shape` in the TDATA bytes of its beats; padding lanes must be zero."""
    channels, height, width = shape[1:]
    size = ceil_div(bits, 8)
    raw = np.frombuffer(data, np.uint8).reshape(height, width, -1, size)
    fill = np.where(raw[..., -1:] >= 128, 255 if signed else 0, 0).astype(np.uint8)
    values = np.concatenate([raw, np.repeat(fill, 8 - size, axis=-1)], axis=-1)
    pixels = np.ascontiguousarray(values).view("<i8")[..., 0]
    assert pixels.shape[2] == ceil_div(channels, lanes) * lanes
    assert not pixels[..., channels:].any()
    return pixels[..., :channels].transpose(2, 0, 1)[np.newaxis]


def vector_rom(vector: IntArray, lanes: int, padding: int = 0) -> IntArray:
    """[groups][lanes] of a vector with one element per channel."""
    rom = np.full(ceil_div(len(vector), lanes) * lanes, padding, np.int64)
    rom[: len(vector)] = vector
    return rom.reshape(-1, lanes)


def gamma_rom(gamma: IntArray, in_lanes: int, out_lanes: int) -> IntArray:
    """[out_lanes][output group · input group][in_lanes] of gamma [C, C]."""
    groups = [ceil_div(len(gamma), lanes) for lanes in (out_lanes, in_lanes)]
    padded = np.zeros((groups[0] * out_lanes, groups[1] * in_lanes), np.int64)
    padded[: len(gamma), : len(gamma)] = gamma
    cut = padded.reshape(groups[0], out_lanes, groups[1], in_lanes)
    return cut.transpose(1, 0, 2, 3).reshape(out_lanes, -1, in_lanes)


def _steps(window: Window, row_phase: int, column_phase: int, taps: int) -> list[list]:
    """The kernel positions (row, column) of each step, `taps` of them, None where there is none."""
    rows = [k for k, _ in window.taps(row_phase)] or [None]
    columns = [k for k, _ in window.taps(column_phase)] or [None]
    if taps == 1:
        return [[(row, column)] for column in columns for row in rows]
    side_by_side = rows + [None] * (taps - len(rows))
    return [[(row, column) for row in side_by_side] for column in columns]


def weight_rom(
    weight: IntArray, window: Window, taps: int, in_lanes: int, out_lanes: int
) -> IntArray:
    """[out_lanes][index][taps · in_lanes] of a weight [O, I, K, K] ([I, O, K, K] if transposed),
    `index` over row phase, column phase, output group, step, input group."""
    kernel = weight.transpose(1, 0, 2, 3) if window.transposed else weight
    outputs, inputs = kernel.shape[:2]
    groups = ceil_div(outputs, out_lanes), ceil_div(inputs, in_lanes)
    padded = np.zeros((groups[0] * out_lanes, groups[1] * in_lanes, *kernel.shape[2:]), np.int64)
    padded[:outputs, :inputs] = kernel
    words: list[IntArray] = []
    for row_phase in range(window.phases):
        for column_phase in range(window.phases):
            for output in range(0, groups[0] * out_lanes, out_lanes):
                for step in _steps(window, row_phase, column_phase, taps):
                    for group in range(0, groups[1] * in_lanes, in_lanes):
                        part = padded[output : output + out_lanes, group : group + in_lanes]
                        columns = [
                            part[:, :, row, column]
                            if row is not None and column is not None
                            else np.zeros((out_lanes, in_lanes), np.int64)
                            for row, column in step
                        ]
                        words.append(np.concatenate(columns, axis=1))
    return np.stack(words, axis=1)
