"""A second opinion on schedules and FIFO depths: every actor step by step as its C++ loop goes, one
step a cycle if all that it reads is there and all that it writes has room.

Written after the kernel headers, not after `dialects/schedule.py` or `dialects/demand.py`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue

from licc.dialects import stream
from licc.dialects.stream_checks import fifo_type, windows_type
from licc.dialects.stream_types import FifoType, WindowsType


class Step(NamedTuple):
    """The operands that a step reads and the results that it writes. A line buffer reads what is
    due unless it was taken early, and takes a word early if one is there and fewer than `room`
    were taken."""

    reads: tuple[int, ...]
    writes: tuple[int, ...]
    room: int | None = None


def line_buffer(op: stream.LineBufferOp) -> Iterator[Step]:
    """line_buffer.h."""
    windows, window = windows_type(op.result), op.window.window
    _, _, height, width = windows.frame.get_shape()
    step = 1 if window.transposed else window.stride
    rows = height if window.transposed else window.output_size(height)
    columns = (width if window.transposed else window.output_size(width)) // windows.pixels
    row_words = width * windows.groups

    def last_row(t: int) -> int:
        return height - 1 if t == rows else min(height - 1, t * step + window.offsets[1])

    phase_words = sum(
        window.steps(row, column, windows.taps)
        for row in range(window.phases)
        for column in range(window.phases)
    )
    reads = columns * windows.repeat * windows.groups * phase_words
    most = max(last_row(t + 1) - last_row(t) for t in range(rows))
    steps = max(reads, most * row_words)
    for _ in range((last_row(0) + 1) * row_words):
        yield Step((0,), (), 0)
    for phase in range(rows):
        due = (last_row(phase + 1) - last_row(phase)) * row_words
        free = (phase + 1) * step + window.offsets[1] - (height - 1)
        room = max(0, min(free, last_row(0) + 1)) * row_words
        written = sent = 0
        for _ in range(steps):
            written += due
            sent += reads
            yield Step((0,) * (written >= steps), (0,) * (sent >= steps), room)
            written -= steps * (written >= steps)
            sent -= steps * (sent >= steps)


def drained(sets: Iterator[tuple[bool, int]]) -> Iterator[Step]:
    """The steps of an engine: whether each reads, and how many words of the result it finishes, of
    which one leaves in each step from then on."""
    left = 0
    for read, finished in sets:
        assert not (left and finished), "a set is finished while another one leaves"
        left += finished
        yield Step((0,) * read, (0,) * (left > 0))
        left -= left > 0
    for _ in range(left):
        yield Step((), (0,))


def engine(op: stream.MacOp | stream.ConvolveOp) -> Iterator[Step]:
    """mac.h."""
    windows, window, result = windows_type(op.input), op.window.window, fifo_type(op.result)
    _, channels, rows, columns = result.frame.get_shape()
    outputs = op.outputs if isinstance(op, stream.ConvolveOp) else None
    sum_lanes = outputs.value.data if outputs else result.lanes
    groups = -(-channels // sum_lanes)

    def one_by_one() -> Iterator[tuple[bool, int]]:
        for row in range(rows):
            for column in range(columns):
                taps = window.steps(row % window.phases, column % window.phases, windows.taps)
                for group in range(groups):
                    first = group * sum_lanes // result.lanes
                    last = min(first + sum_lanes // result.lanes, result.words_per_pixel)
                    for word in range(taps * windows.groups):
                        done = word == taps * windows.groups - 1
                        yield True, (last - first) * done

    def side_by_side() -> Iterator[tuple[bool, int]]:
        together = windows.pixels * window.phases
        for row in range(rows):
            for _ in range(columns // together):
                for phase in range(window.phases):
                    words = windows.groups * window.steps(row % window.phases, phase, windows.taps)
                    for word in range(words):
                        done = phase == window.phases - 1 and word == words - 1
                        yield True, together * result.words_per_pixel * done

    yield from drained(one_by_one() if windows.pixels == 1 else side_by_side())


def normalize(op: stream.NormalizeOp) -> Iterator[Step]:
    """normalize.h."""
    input, result = fifo_type(op.input), fifo_type(op.result)
    fold = op.outputs.value.data // result.lanes if op.outputs else 1
    groups = -(-result.words_per_pixel // fold)

    def sets() -> Iterator[tuple[bool, int]]:
        for pixel in range(input.pixels + 1):
            for out_group in range(groups):
                for in_group in range(input.words_per_pixel):
                    read = pixel != input.pixels and out_group == 0
                    done = pixel != 0 and in_group == input.words_per_pixel - 1
                    yield read, min(fold, result.words_per_pixel - out_group * fold) * done

    yield from drained(sets())


def convert_width(op: stream.WidthConverterOp) -> Iterator[Step]:
    """convert_width.h."""
    input, result = fifo_type(op.input), fifo_type(op.result)
    channels = input.frame.get_shape()[1]
    for _ in range(input.pixels):
        received = sent = 0
        while sent < channels or received < channels:
            read = received < channels
            received += read * input.lanes
            write = sent < channels and received >= min(channels, sent + result.lanes)
            sent += write * result.lanes
            yield Step((0,) * read, (0,) * write)


def steps_of(op: stream.Actor) -> Iterator[Step]:
    """The steps of one frame: which operands are read, which results written."""
    match op:
        case stream.LineBufferOp():
            yield from line_buffer(op)
        case stream.MacOp() | stream.ConvolveOp():
            yield from engine(op)
        case stream.NormalizeOp():
            yield from normalize(op)
        case stream.WidthConverterOp():
            yield from convert_width(op)
        case _:
            input = fifo_type(op.operands[0])
            fifos = sum(isinstance(v.type, FifoType) for v in op.operands)
            for _ in range(input.pixels * input.words_per_pixel):
                yield Step(tuple(range(fifos)), tuple(range(len(op.results))))


@dataclass
class Process:
    """An actor at work: its FIFOs, its steps frame after frame, and the one that waits."""

    name: str
    inputs: tuple[SSAValue, ...]
    outputs: tuple[SSAValue, ...]
    frame: list[Step]
    position: int = 0
    frames: int = 0
    ahead: int = 0

    @property
    def step(self) -> Step:
        return self.frame[self.position]

    def reads(self, held: dict[SSAValue, int]) -> tuple[int, ...]:
        """What the next step reads, as things stand."""
        room = self.step.room
        if room is None:
            return self.step.reads
        if self.step.reads:
            return () if self.ahead else (0,)
        return (0,) if self.ahead < room and held[self.inputs[0]] else ()

    def advance(self, reads: tuple[int, ...]) -> None:
        if self.step.room is not None:
            self.ahead += len(reads) - len(self.step.reads)
        self.position += 1
        if self.position == len(self.frame):
            self.position, self.frames = 0, self.frames + 1


@dataclass(frozen=True)
class Run:
    """When the last word of each frame left, and who waits if it came to a deadlock."""

    finished: list[int]
    waiting: list[str]

    @property
    def interval(self) -> int:
        """Cycles between the last two frames."""
        return self.finished[-1] - self.finished[-2]


def processes_of(function: FuncOp) -> list[Process]:
    """The actors of a function, a source and a sink that are always ready."""
    block = function.body.block
    end = block.last_op
    assert isinstance(end, ReturnOp)
    (argument,), (value,) = function.args, end.arguments
    found = [Process("source", (), (argument,), [Step((), (0,))] * words(argument))]
    for op in block.ops:
        if isinstance(op, stream.Actor):
            fifos = tuple(v for v in op.operands if isinstance(v.type, FifoType | WindowsType))
            found.append(Process(str(op), fifos, tuple(op.results), list(steps_of(op))))
    found.append(Process("sink", (value,), (), [Step((0,), ())] * words(value)))
    return found


def words(value: SSAValue) -> int:
    """Words of a frame."""
    return fifo_type(value).pixels * fifo_type(value).words_per_pixel


def simulate(function: FuncOp, frames: int = 4) -> Run:
    """Runs a function on some frames, until the last one has left or nothing moves any more."""
    processes = processes_of(function)
    room = {
        value: value.type.depth
        for process in processes
        for value in process.outputs
        if isinstance(value.type, FifoType | WindowsType)
    }
    held = dict.fromkeys(room, 0)
    finished: list[int] = []
    cycle = 0
    while len(finished) < frames:
        ready = [p for p in processes if can_step(p, held, room) and p.frames < frames]
        if not ready:
            return Run(finished, [p.name for p in processes if p.frames < frames])
        for process, reads in [(process, process.reads(held)) for process in ready]:
            for i in reads:
                held[process.inputs[i]] -= 1
            for i in process.step.writes:
                held[process.outputs[i]] += 1
            process.advance(reads)
        cycle += 1
        if processes[-1].frames > len(finished):
            finished.append(cycle)
    return Run(finished, [])


def can_step(process: Process, held: dict[SSAValue, int], room: dict[SSAValue, int]) -> bool:
    """Whether all that the next step reads is there, and all that it writes has room."""
    return all(held[process.inputs[i]] for i in process.reads(held)) and all(
        held[process.outputs[i]] < room[process.outputs[i]] for i in process.step.writes
    )
