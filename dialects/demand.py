"""How many words of its inputs an actor has read when it writes a given word of its output.

These are the token schedules of the kernels, as functions on arrays: `demand(op, n)` for word
counts n >= 1. An actor is a sequential process, so what it has read by then depends on the word
alone and not on the speed or the depth of anything around it.
"""

import numpy as np
from numpy.typing import NDArray

from . import stream
from .engine import Engine, convolution_parallelism, convolution_shape
from .schedule import conversion_steps, phase_reads, row_schedule
from .stream_checks import fifo_type

Counts = NDArray[np.int64]


def demand(op: stream.Actor, counts: Counts) -> Counts:
    """Words read from every FIFO operand of an actor when word number `counts` of each result is
    written. An engine is taken together with its line buffer, whose input is meant."""
    match op:
        case stream.MacOp() | stream.ConvolveOp():
            return engine_demand(op, counts)
        case stream.NormalizeOp():
            return normalize_demand(op, counts)
        case stream.WidthConverterOp():
            return converter_demand(op, counts)
        case _:
            return counts


def normalize_demand(op: stream.NormalizeOp, counts: Counts) -> Counts:
    """A pixel is normalised while the next one is read, which comes first."""
    input, result = fifo_type(op.input), fifo_type(op.result)
    pixel = (counts - 1) // result.words_per_pixel
    return np.minimum(pixel + 2, input.pixels) * input.words_per_pixel


def converter_demand(op: stream.WidthConverterOp, counts: Counts) -> Counts:
    """A word is read in every step of a pixel while there is one, and written as soon as its
    channels are there."""
    input, result = fifo_type(op.input), fifo_type(op.result)
    channels = input.frame.get_shape()[1]
    steps = conversion_steps(channels, input.lanes, result.lanes)
    read = np.array([min(step + 1, input.words_per_pixel) for step in steps], np.int64)
    pixel, word = np.divmod(counts - 1, result.words_per_pixel)
    return pixel * input.words_per_pixel + read[word]


def engine_demand(op: Engine, counts: Counts) -> Counts:
    """The rows before a phase, and what the line buffer has taken in of the next ones when it sends
    the last window word of an output word: of N words in S steps, word m goes in the first step i
    with floor((i + 1) · N / S) >= m, after the input words of that step."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    rows, sent = row_schedule(shape.window, shape.height), window_words_before(op)
    row_words = shape.width * shape.input_groups(parallelism)
    phase, word = np.divmod(counts - 1, sent.size)
    reads = phase_reads(shape, parallelism)
    steps = max(reads, rows.most_rows * row_words)
    step = -(-sent[word] * steps // reads)
    last = np.array([*rows.last, rows.height - 1], np.int64)
    due = (last[phase + 1] - last[phase]) * row_words
    return (last[phase] + 1) * row_words + step * due // steps


def window_words_before(op: Engine) -> Counts:
    """Window words of a row phase up to and with the last one of each output word."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    window, output = shape.window, fifo_type(op.result)
    columns = output.frame.get_shape()[3]
    words = [
        window.steps(row, column % window.phases, parallelism.taps)
        for row in range(window.phases)
        for column in range(columns)
    ]
    each = np.repeat(np.array(words, np.int64), output.words_per_pixel)
    return np.cumsum(each * shape.input_groups(parallelism))
