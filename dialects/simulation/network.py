"""A function as a network of processes over numbered FIFOs, in the arrays that the core runs on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue

from .. import stream
from ..schedule import words
from ..stream_types import FifoType, WindowsType
from .programs import DUE, READ, WRITE, Run, constant, is_fifo, program

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Process:
    """An actor, a source or a sink: its name, program, and FIFOs."""

    name: str
    program: list[Run]
    inputs: tuple[SSAValue, ...] = ()
    outputs: tuple[SSAValue, ...] = ()

    def steps_with(self, bits: int) -> int:
        """Steps of a frame in which any of some bits is set."""
        counts = (np.count_nonzero(run.steps & bits) * run.repeat for run in self.program)
        return int(sum(counts))


@dataclass(frozen=True)
class Network:
    """The processes of a function, sources first."""

    processes: tuple[Process, ...]

    @cached_property
    def fifos(self) -> tuple[SSAValue, ...]:
        """Every FIFO, in the order of the processes that write them."""
        return tuple(value for process in self.processes for value in process.outputs)

    @cached_property
    def number(self) -> dict[SSAValue, int]:
        """The number of every FIFO."""
        return {value: index for index, value in enumerate(self.fifos)}

    @cached_property
    def names(self) -> dict[SSAValue, str]:
        """The process that writes a FIFO."""
        return {value: process.name for process in self.processes for value in process.outputs}

    @cached_property
    def readers(self) -> dict[SSAValue, str]:
        """The process that reads a FIFO."""
        return {value: process.name for process in self.processes for value in process.inputs}

    def label(self, value: SSAValue) -> str:
        """The processes at both ends of a FIFO."""
        return f"{self.names[value]} -> {self.readers[value]}"

    @property
    def depths(self) -> Ints:
        """Words that every FIFO holds."""
        return np.array([depth_of(value) for value in self.fifos], np.int64)

    @property
    def ports(self) -> Ints:
        """A row for each process: two FIFOs that it reads and two that it writes, 0 for none."""
        rows = np.zeros((len(self.processes), 4), np.int64)
        for row, process in zip(rows, self.processes, strict=True):
            row[: len(process.inputs)] = [self.number[v] for v in process.inputs]
            row[2 : 2 + len(process.outputs)] = [self.number[v] for v in process.outputs]
        return rows

    @property
    def sinks(self) -> Ints:
        """The processes that write nothing."""
        return np.flatnonzero([not process.outputs for process in self.processes])

    @cached_property
    def packed(self) -> tuple[NDArray[np.uint8], Ints, Ints]:
        """All patterns one after the other, the runs (start, length, repeats, limit), and where
        each program's runs begin. Runs of one pattern share it, and a pattern that repeats another
        is that one, more often."""
        found: dict[int, tuple[int, int]] = {}
        steps: list[NDArray[np.uint8]] = []
        runs: list[tuple[int, int, int, int]] = []
        first, size = [0], 0
        for process in self.processes:
            for run in process.program:
                if not run.repeat or not run.steps.size:
                    continue
                if id(run.steps) not in found:
                    length = period(run.steps)
                    found[id(run.steps)] = (size, length)
                    steps.append(run.steps[:length])
                    size += length
                start, length = found[id(run.steps)]
                runs.append((start, length, run.repeat * (run.steps.size // length), run.limit))
            first.append(len(runs))
        return np.concatenate(steps), np.array(runs, np.int64), np.array(first, np.int64)

    @cached_property
    def traffic(self) -> tuple[Ints, Ints]:
        """Words of a frame that the programs write to every FIFO, and that they read from it."""
        written = np.zeros(len(self.fifos), np.int64)
        read = written.copy()
        for process in self.processes:
            for port, value in enumerate(process.inputs):
                read[self.number[value]] = process.steps_with(READ << port | DUE * (port == 0))
            for port, value in enumerate(process.outputs):
                written[self.number[value]] = process.steps_with(WRITE << port)
        return written, read

    def waits(self, held: Ints, depths: Ints) -> tuple[str, ...]:
        """Which FIFOs next to each process are empty before it or full behind it."""
        found: list[str] = []
        for process in self.processes:
            empty = [
                f"empty: behind {self.names[v]}" for v in process.inputs if not self.of(held, v)
            ]
            full = [
                f"full: before {self.readers[v]} (depth {self.of(depths, v)})"
                for v in process.outputs
                if self.of(held, v) >= self.of(depths, v)
            ]
            if empty or full:
                found.append(f"{process.name}: {', '.join(empty + full)}")
        return tuple(found)

    def of(self, numbers: Ints, value: SSAValue) -> int:
        """The number that belongs to a FIFO."""
        return int(numbers[self.number[value]])


def network_of(function: FuncOp) -> Network:
    """The sources, actors and sinks of a function."""
    block = function.body.block
    found = [Process(f"source {v.index}", constant(WRITE, words(v)), (), (v,)) for v in block.args]
    for op in block.ops:
        if isinstance(op, stream.Actor):
            name = f"{op.layer.data} {op.name.removeprefix('stream.')}"
            inputs = tuple(filter(is_fifo, op.operands))
            found.append(Process(name, program(op), inputs, tuple(op.results)))
        elif isinstance(op, ReturnOp):
            ends = enumerate(op.arguments)
            found += [Process(f"sink {i}", constant(READ, words(v)), (v,)) for i, v in ends]
    return Network(tuple(found))


def depth_of(value: SSAValue) -> int:
    """The depth of a FIFO; `ValueError` if the value is none."""
    if not isinstance(value.type, FifoType | WindowsType):
        raise ValueError(f"simulate: expected a FIFO of the stream dialect, found {value.type}")
    return value.type.depth


def period(steps: NDArray[np.uint8]) -> int:
    """The length of the shortest pattern that, repeated, makes these steps."""
    length, rest, factor = steps.size, steps.size, 2
    while rest > 1:
        if factor * factor > rest:
            factor = rest
        if rest % factor:
            factor += 1
            continue
        rest //= factor
        shorter = length // factor
        if np.array_equal(steps[shorter:length], steps[: length - shorter]):
            length = shorter
    return length
