"""How constants lie in the memories of actors: padded, cut into words, in the order in which
they are read. Only NumPy.
"""

import numpy as np

from .stream_types import ceil_div
from .tensors import Array
from .window import Window


def vector_rom(vector: Array, lanes: int, padding: int = 0) -> Array:
    """[groups, lanes] of a vector [C], with `padding` behind the last channel."""
    rom = np.full((ceil_div(len(vector), lanes), lanes), padding, vector.dtype)
    rom.reshape(-1)[: len(vector)] = vector
    return rom


def gamma_rom(gamma: Array, in_lanes: int, out_lanes: int) -> Array:
    """[out_lanes, output group · input group, in_lanes] of gamma [C, C], zero for padding."""
    outputs, inputs = (ceil_div(len(gamma), lanes) for lanes in (out_lanes, in_lanes))
    padded = _padded(gamma, (outputs * out_lanes, inputs * in_lanes))
    words = padded.reshape(outputs, out_lanes, inputs, in_lanes).transpose(1, 0, 2, 3)
    return words.reshape(out_lanes, outputs * inputs, in_lanes)


def weight_rom(weight: Array, window: Window, taps: int, in_lanes: int, out_lanes: int) -> Array:
    """[out_lanes, index, taps · in_lanes] of a weight [Cout, Cin, K, K] ([Cin, Cout, K, K] if
    transposed), zero for padding channels and missing taps.

    The index counts through row phase, column phase, group of outputs, step over the kernel, group
    of inputs, the last one fastest.
    """
    kernel = weight.transpose(1, 0, 2, 3) if window.transposed else weight
    outputs, inputs = ceil_div(kernel.shape[0], out_lanes), ceil_div(kernel.shape[1], in_lanes)
    size = window.kernel + 1  # row and column K are those of missing taps
    padded = _padded(kernel, (outputs * out_lanes, inputs * in_lanes, size, size))
    phases: list[Array] = []
    for row_phase in range(window.phases):
        for column_phase in range(window.phases):
            rows, columns = tap_order(window, row_phase, column_phase, taps)
            chosen = padded[:, :, rows, columns]
            cut = chosen.reshape(outputs, out_lanes, inputs, in_lanes, *rows.shape)
            words = cut.transpose(1, 0, 4, 2, 5, 3)
            phases.append(words.reshape(out_lanes, -1, taps * in_lanes))
    return np.concatenate(phases, axis=1)


def tap_order(window: Window, row_phase: int, column_phase: int, taps: int) -> tuple[Array, Array]:
    """Kernel rows and columns [steps, taps] of one phase, K for a missing tap: columns outer."""
    rows = [k for k, _ in window.taps(row_phase)] or [window.kernel]
    columns = [k for k, _ in window.taps(column_phase)] or [window.kernel]
    if taps == 1:
        side_by_side = np.array(rows).reshape(-1, 1)
    else:
        side_by_side = np.array([rows + [window.kernel] * (taps - len(rows))])
    steps = len(side_by_side)
    return (
        np.tile(side_by_side, (len(columns), 1)),
        np.repeat(columns, steps * taps).reshape(-1, taps),
    )


def _padded(values: Array, shape: tuple[int, ...]) -> Array:
    result = np.zeros(shape, values.dtype)
    result[tuple(slice(n) for n in values.shape)] = values
    return result
