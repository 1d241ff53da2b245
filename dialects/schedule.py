"""When actors work: words of a frame through every FIFO, cycles of a frame in every actor.

Every actor is one pipelined loop with a constant trip count and takes a step a cycle unless a FIFO
makes it wait, so its `cycles` are its steps. Nothing waits between frames: a line buffer works off
the last rows of a frame while it takes in the first ones of the next, of which its ring has as many
free rows by then. So a pipeline starts a frame every so many cycles as its busiest actor has steps,
or its busiest port words.
"""

from dataclasses import dataclass
from functools import cache, cached_property

from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue

from . import stream
from .engine import (
    ConvolutionShape,
    NormalizeShape,
    Parallelism,
    convolution_parallelism,
    convolution_shape,
    normalize_parallelism,
    normalize_shape,
)
from .stream_checks import fifo_type, windows_type
from .stream_types import FifoType, WindowsType
from .window import Window


@dataclass(frozen=True)
class RowSchedule:
    """Which input rows a line buffer has when: `reach` is the last one that row phase 0 needs, and
    every other phase needs `step` more than the one before.

    A row phase is one output row of a convolution, or the s output rows of one input row of a
    transposed one. The buffer has the rows 0…last[0] before phase 0, and last[t]+1…last[t+1] come
    in during phase t.
    """

    height: int
    phases: int
    step: int
    reach: int

    @cached_property
    def last(self) -> tuple[int, ...]:
        """The last input row that each row phase needs."""
        return tuple(min(self.height - 1, t * self.step + self.reach) for t in range(self.phases))

    @cached_property
    def due(self) -> tuple[int, ...]:
        """Input rows that come in during each row phase."""
        ends = (*self.last[1:], self.height - 1)
        return tuple(end - start for start, end in zip(self.last, ends, strict=True))

    @property
    def prologue(self) -> int:
        """Input rows written before the first window."""
        return self.last[0] + 1

    @property
    def most_rows(self) -> int:
        """Input rows of the phase that writes most."""
        return max(self.due)

    def early(self, phase: int) -> int:
        """Rows of the next frame for which there is room in a phase."""
        room = (phase + 1) * self.step + self.reach - (self.height - 1)
        return min(max(0, room), self.prologue)


@cache
def row_schedule(window: Window, height: int) -> RowSchedule:
    """The row schedule of a window over a frame of `height` rows."""
    _, reach = window.offsets
    phases = height if window.transposed else window.output_size(height)
    step = 1 if window.transposed else window.stride
    return RowSchedule(height, phases, step, reach)


def phase_reads(shape: ConvolutionShape, parallelism: Parallelism) -> int:
    """Window words of one row phase of a line buffer."""
    window = shape.window
    columns = window.grid_size(shape.width) // parallelism.pixels
    words = shape.output_groups(parallelism) * shape.input_groups(parallelism)
    return columns * sum(window.pixel_steps(parallelism.taps)) * words


def line_buffer_cycles(shape: ConvolutionShape, parallelism: Parallelism) -> int:
    """Words of the prologue, then in each row phase a step for each window word or, if they are
    more, for each input word that must be written."""
    rows = row_schedule(shape.window, shape.height)
    row_words = shape.width * shape.input_groups(parallelism)
    steps = max(phase_reads(shape, parallelism), rows.most_rows * row_words)
    return rows.prologue * row_words + rows.phases * steps


def engine_cycles(shape: ConvolutionShape, parallelism: Parallelism) -> int:
    """A step for each window word, pixels · ⌈Cout/PO⌉ · steps · ⌈Cin/PI⌉ / PX, and one for each
    word that leaves after the last of them."""
    phases = row_schedule(shape.window, shape.height).phases
    return phases * phase_reads(shape, parallelism) + engine_tail(shape, parallelism)


def engine_tail(shape: ConvolutionShape, parallelism: Parallelism) -> int:
    """Words of a frame's last set of sums that leave after its last step."""
    if parallelism.pixels > 1:
        return shape.set_words(parallelism) - 1
    return (shape.result_words(parallelism) - 1) % parallelism.fold


def normalize_cycles(shape: NormalizeShape, parallelism: Parallelism) -> int:
    """⌈C/PO⌉ · ⌈C/PI⌉ steps a pixel, as many once more for the first pixel to come in, and one for
    each word that leaves after the last of them."""
    steps = shape.output_groups(parallelism) * shape.input_groups(parallelism)
    return (shape.pixels + 1) * steps + (shape.result_words(parallelism) - 1) % parallelism.fold


def conversion_steps(channels: int, input_lanes: int, output_lanes: int) -> tuple[int, ...]:
    """The step of a pixel, from 0, in which a width converter writes each word. In every step it
    reads a word, while there is one, and then writes one if its channels are there."""
    steps: list[int] = []
    for first in range(0, channels, output_lanes):
        ready = (min(channels, first + output_lanes) - 1) // input_lanes
        steps.append(max(ready, steps[-1] + 1 if steps else 0))
    return tuple(steps)


def converter_cycles(input: FifoType, output: FifoType) -> int:
    """Pixels times the steps of one: as many as the words of the side that has more of them, or one
    more where the last word in completes two words out."""
    steps = conversion_steps(input.frame.get_shape()[1], input.lanes, output.lanes)
    return input.pixels * max(input.words_per_pixel, steps[-1] + 1)


def words(value: SSAValue) -> int:
    """Words of a frame through a FIFO; `ValueError` if the value is none."""
    if isinstance(value.type, FifoType):
        return value.type.pixels * value.type.words_per_pixel
    if isinstance(value.type, WindowsType) and isinstance(value.owner, stream.LineBufferOp):
        return window_words(value.type, value.owner.window.window)
    raise ValueError(f"expected a FIFO of the stream dialect, found {value.type}")


def window_words(windows: WindowsType, window: Window) -> int:
    """Words of a frame through a FIFO of windows."""
    _, _, height, width = windows.frame.get_shape()
    pixels = window.grid_size(height) * window.grid_size(width) // windows.pixels
    return pixels * sum(window.pixel_steps(windows.taps)) * windows.repeat * windows.groups


def buffer_cycles(op: stream.LineBufferOp) -> int:
    """`line_buffer_cycles` of an op."""
    windows, window = windows_type(op.result), op.window.window
    _, _, height, width = windows.frame.get_shape()
    rows = row_schedule(window, height)
    row_words = width * windows.groups
    reads = window_words(windows, window) // rows.phases
    return rows.prologue * row_words + rows.phases * max(reads, rows.most_rows * row_words)


def cycles(op: Operation) -> int:
    """Cycles of a frame in an actor that never waits; 0 for an op that is no actor."""
    match op:
        case stream.LineBufferOp():
            return buffer_cycles(op)
        case stream.MacOp() | stream.ConvolveOp():
            return engine_cycles(convolution_shape(op), convolution_parallelism(op))
        case stream.NormalizeOp():
            return normalize_cycles(normalize_shape(op), normalize_parallelism(op))
        case stream.WidthConverterOp():
            return converter_cycles(fifo_type(op.input), fifo_type(op.result))
        case stream.Actor():
            return max(words(result) for result in op.results)
        case _:
            return 0


def boundary_cycles(function: FuncOp) -> int:
    """Cycles of a frame at the busiest port of a function: one AXI4-Stream beat a cycle."""
    end = function.body.block.last_op
    results = end.arguments if isinstance(end, ReturnOp) else ()
    return max(words(value) for value in (*function.args, *results))


def frame_cycles(function: FuncOp) -> int:
    """Cycles from frame to frame of a function: those of its busiest actor or port."""
    return max([boundary_cycles(function), *map(cycles, function.body.block.ops)])


def rows_of(op: stream.LineBufferOp) -> RowSchedule:
    """The row schedule of a line buffer."""
    return row_schedule(op.window.window, fifo_type(op.input).frame.get_shape()[2])
