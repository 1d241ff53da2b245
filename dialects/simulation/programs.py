"""What each actor does in a frame: one byte a step, after the loops of the kernel headers.

Bits 0 and 1 of a step say that it reads operand FIFO 0 and 1, bits 2 and 3 that it writes result
0 and 1. A line buffer, which may take words of the next frame early, has two bits more: with `DUE`
a word of operand 0 is due, and is read unless one was taken early; with `EARLY` one is taken early
if it is there. A program is a list of runs, each a pattern of steps that is repeated: rows of a
frame are alike, so a program takes kilobytes however large the frame.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from xdsl.ir import SSAValue

from .. import stream
from ..demand import write_steps
from ..engine import (
    convolution_parallelism,
    convolution_shape,
    normalize_parallelism,
    normalize_shape,
)
from ..schedule import conversion_steps, engine_tail, phase_reads, rows_of, words
from ..stream_checks import fifo_type, windows_type
from ..stream_types import FifoType, WindowsType

READ, WRITE, EARLY, DUE = 1, 4, 16, 32
Steps = NDArray[np.uint8]


@dataclass(frozen=True)
class Run:
    """A pattern of steps, `repeat` times; at most `limit` words are ahead of their frame."""

    steps: Steps
    repeat: int = 1
    limit: int = 0


def is_fifo(value: SSAValue) -> bool:
    """Whether a value is a FIFO, and no ROM."""
    return isinstance(value.type, FifoType | WindowsType)


def program(op: stream.Actor) -> list[Run]:
    """The steps of an actor for one frame."""
    match op:
        case stream.LineBufferOp():
            return line_buffer(op)
        case stream.MacOp() | stream.ConvolveOp():
            return engine(op)
        case stream.NormalizeOp():
            return normalize(op)
        case stream.WidthConverterOp():
            return [converter(op)]
        case _:
            reads = (READ << sum(map(is_fifo, op.operands))) - READ
            writes = (WRITE << len(op.results)) - WRITE
            return constant(reads | writes, words(op.results[0]))


def constant(step: int, count: int) -> list[Run]:
    """The same step again and again."""
    return [Run(np.array([step], np.uint8), count)]


def spread(events: int, steps: int) -> NDArray[np.bool_]:
    """In which of `steps` steps a counter that gains `events` a step runs over `steps`."""
    reached = np.arange(steps + 1, dtype=np.int64) * events // max(steps, 1)
    return np.diff(reached) > 0


def line_buffer(op: stream.LineBufferOp) -> list[Run]:
    """The prologue's words, then in every row phase both sides evenly over its steps; in the last
    ones, words of the next frame as there is room."""
    rows, windows = rows_of(op), windows_type(op.result)
    row_words = windows.frame.get_shape()[3] * windows.groups
    reads = words(op.result) // rows.phases
    steps = max(reads, rows.most_rows * row_words)
    sends = np.where(spread(reads, steps), WRITE, 0)
    patterns: dict[tuple[int, bool], Steps] = {}
    found = constant(DUE, rows.prologue * row_words)
    for phase, due in enumerate(rows.due):
        limit = rows.early(phase) * row_words
        kind = (due, limit > 0)
        if kind not in patterns:
            otherwise = EARLY if limit else 0
            takes = np.where(spread(due * row_words, steps), DUE, otherwise)
            patterns[kind] = (takes | sends).astype(np.uint8)
        if found[-1].steps is patterns[kind] and found[-1].limit == limit:
            found[-1] = Run(patterns[kind], found[-1].repeat + 1, limit)
        else:
            found.append(Run(patterns[kind], 1, limit))
    return found


def engine(op: stream.MacOp | stream.ConvolveOp) -> list[Run]:
    """A window word a step, and the words of a set of sums from its last step on. The words that a
    row phase leaves behind go in the next one's first steps."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    reads = phase_reads(shape, parallelism)
    written = write_steps(shape, parallelism)
    phases = shape.window.grid_size(shape.height)
    row = np.full(reads, READ, np.uint8)
    row[written[written <= reads] - 1] |= WRITE
    tail = constant(WRITE, engine_tail(shape, parallelism))
    if written[-1] <= reads:
        return [Run(row, phases)]
    next = row.copy()
    next[written[written > reads] - 1 - reads] |= WRITE
    return [Run(row), Run(next, phases - 1), *tail]


def normalize(op: stream.NormalizeOp) -> list[Run]:
    """A pixel is read in the first output group's steps, while the last one is normalised; the
    words of a set of sums leave from its last step on."""
    shape, parallelism = normalize_shape(op), normalize_parallelism(op)
    inputs, outputs = shape.input_groups(parallelism), shape.output_groups(parallelism)
    steps = inputs * outputs
    word = np.arange(shape.result_words(parallelism))
    set, left = np.divmod(word, parallelism.fold)
    written = (set + 1) * inputs - 1 + left
    first = np.zeros(steps, np.uint8)
    first[:inputs] = READ
    second, last = first.copy(), np.zeros(steps, np.uint8)
    for pattern in (second, last):
        pattern[written[written < steps]] |= WRITE
    rest = written[written >= steps] - steps
    middle = second.copy()
    middle[rest] |= WRITE
    end = last.copy()
    if shape.pixels > 1:
        end[rest] |= WRITE
    runs = [
        Run(first),
        Run(second, min(1, shape.pixels - 1)),
        Run(middle, max(0, shape.pixels - 2)),
    ]
    return [*runs, Run(end), *constant(WRITE, rest.size)]


def converter(op: stream.WidthConverterOp) -> Run:
    """A word in each step of a pixel while there is one, and a word out as soon as it is there."""
    input, result = fifo_type(op.input), fifo_type(op.result)
    sends = conversion_steps(input.frame.get_shape()[1], input.lanes, result.lanes)
    steps = np.zeros(max(input.words_per_pixel, sends[-1] + 1), np.uint8)
    steps[: input.words_per_pixel] |= READ
    steps[list(sends)] |= WRITE
    return Run(steps, input.pixels)
