"""How many words of its inputs an actor has read when it writes a given word of its output.

These are the token schedules of the kernels, as functions on arrays: `demand(op, n)` for word
counts n >= 1. An actor is a sequential process, so what it has read by then depends on the word
alone and not on the speed or the depth of anything around it.
"""

import numpy as np
from numpy.typing import NDArray

from . import stream
from .engine import (
    ConvolutionShape,
    Engine,
    Parallelism,
    convolution_parallelism,
    convolution_shape,
    normalize_parallelism,
    normalize_shape,
)
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
    """Pixel n is normalised in the steps of pixel n + 1, which is read in the first of them; a set
    of sums leaves in the steps that follow it."""
    shape, parallelism = normalize_shape(op), normalize_parallelism(op)
    groups = shape.input_groups(parallelism)
    pixel, word = np.divmod(counts - 1, shape.result_words(parallelism))
    set, left = np.divmod(word, parallelism.fold)
    begun, step = np.divmod(
        (set + 1) * groups - 1 + left, groups * shape.output_groups(parallelism)
    )
    pixels = np.minimum(pixel + 1 + begun, shape.pixels)
    return np.minimum(pixels * groups + np.minimum(step + 1, groups), shape.pixels * groups)


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
    the window word of the step in which an output word is written: of N words in S steps, word m
    goes in the first step i with floor((i + 1) · N / S) >= m, after that step's input words."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    rows, written = row_schedule(shape.window, shape.height), write_steps(shape, parallelism)
    row_words = shape.width * shape.input_groups(parallelism)
    reads = phase_reads(shape, parallelism)
    phase, word = np.divmod(counts - 1, written.size)
    sent = np.minimum(phase * reads + written[word], rows.phases * reads)
    phase, word = np.divmod(sent - 1, reads)
    steps = max(reads, rows.most_rows * row_words)
    step = -(-(word + 1) * steps // reads)
    last = np.array([*rows.last, rows.height - 1], np.int64)
    due = (last[phase + 1] - last[phase]) * row_words
    return (last[phase] + 1) * row_words + step * due // steps


def write_steps(shape: ConvolutionShape, parallelism: Parallelism) -> Counts:
    """The step, from 1, in which an engine writes each output word of a row phase: the words of a
    set of sums one after the other, the first in the set's last step. Those of the last set may be
    due after the phase's last step."""
    p, window = parallelism, shape.window
    pairs = window.grid_size(shape.width) // p.pixels
    every: list[tuple[int, int]] = []
    for row in range(window.phases):
        steps = [window.steps(row, column, p.taps) for column in range(window.phases)]
        every += set_schedule(shape, p, steps) * pairs
    each: Counts = np.array([length for length, _ in every], np.int64)
    count: Counts = np.array([words for _, words in every], np.int64)
    ends: Counts = np.cumsum(each) * shape.input_groups(p)
    before: Counts = np.cumsum(count) - count
    within: Counts = np.arange(np.sum(count), dtype=np.int64) - np.repeat(before, count)
    return np.repeat(ends, count) + within


def set_schedule(
    shape: ConvolutionShape, parallelism: Parallelism, steps: list[int]
) -> list[tuple[int, int]]:
    """The sets of sums of one place of the grid: steps over the kernel, and words."""
    if parallelism.pixels > 1:
        return [(sum(steps), shape.set_words(parallelism))]
    words, fold = shape.result_words(parallelism), parallelism.fold
    sizes = [min(fold, words - first) for first in range(0, words, fold)]
    return [(step, size) for step in steps for size in sizes]
