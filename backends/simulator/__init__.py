"""Runs a stream program cycle by cycle on bounded FIFOs: how long a frame takes, who waits, and
how full every FIFO gets.

Sources bring a beat a cycle, sinks take one a cycle. The pipelines of the kernels are not
simulated: a step's result is there a cycle later, where hardware takes some more.
"""

from dataclasses import asdict, dataclass

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue

from ...dialects import stream
from ...dialects.schedule import words
from ...dialects.simulation.programs import READ, WRITE, Run, constant, is_fifo, program
from ...dialects.stream_types import FifoType, WindowsType

__all__ = ["ActorUse", "FifoUse", "Simulation", "simulate", "simulate_function"]


@dataclass(frozen=True)
class ActorUse:
    """Cycles of all frames in which an actor stepped, lacked input, or lacked room."""

    name: str
    busy: int
    starved: int
    blocked: int


@dataclass(frozen=True)
class FifoUse:
    """The FIFO behind an actor, its depth, and the most words that it held."""

    name: str
    depth: int
    most: int


@dataclass(frozen=True)
class Simulation:
    """A function's run. `interval` is the time between its last two frames, `latency` from the
    first word in to the first frame's last word out, `first_output` to its first word out; all 0
    at a deadlock, which `waiting` describes: each actor that waits, and for which FIFO."""

    function: str
    interval: int
    latency: int
    first_output: int
    steady: bool
    finished: tuple[int, ...]
    actors: tuple[ActorUse, ...]
    fifos: tuple[FifoUse, ...]
    waiting: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """The figures as JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Process:
    """An actor, a source or a sink: its name, program, and FIFOs."""

    name: str
    program: list[Run]
    inputs: tuple[SSAValue, ...] = ()
    outputs: tuple[SSAValue, ...] = ()


def simulate(module: ModuleOp, frames: int = 4) -> tuple[Simulation, ...]:
    """Runs every function of a stream program by itself for some frames, at least 2."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    return tuple(simulate_function(function, frames) for function in functions)


def processes_of(function: FuncOp) -> list[Process]:
    """The sources, actors and sinks of a function."""
    block = function.body.block
    found = [Process(f"source {v.index}", constant(WRITE, words(v)), (), (v,)) for v in block.args]
    for op in block.ops:
        if isinstance(op, stream.Actor):
            inputs = tuple(filter(is_fifo, op.operands))
            name = f"{op.layer.data} {op.name.removeprefix('stream.')}"
            found.append(Process(name, program(op), inputs, tuple(op.results)))
        elif isinstance(op, ReturnOp):
            ends = enumerate(op.arguments)
            found += [Process(f"sink {i}", constant(READ, words(v)), (v,)) for i, v in ends]
    return found


def simulate_function(function: FuncOp, frames: int = 4) -> Simulation:
    """Runs a function; `ValueError` if it is none of the stream level or `frames` is below 2."""
    if frames < 2:
        raise ValueError(f"simulate: frames must be at least 2, found {frames}")
    from ...dialects.simulation import core

    processes = processes_of(function)
    fifos = [value for process in processes for value in process.outputs]
    number = {value: index for index, value in enumerate(fifos)}
    depth = np.array([depth_of(value) for value in fifos], np.int64)
    steps, runs, first = packed([process.program for process in processes])
    ports = np.zeros((len(processes), 4), np.int64)
    for row, process in zip(ports, processes, strict=True):
        row[: len(process.inputs)] = [number[v] for v in process.inputs]
        row[2 : 2 + len(process.outputs)] = [number[v] for v in process.outputs]
    sinks = [i for i, process in enumerate(processes) if not process.outputs]
    held, most = np.zeros_like(depth), np.zeros_like(depth)
    spent, state = np.zeros((len(processes), 4), np.int64), np.zeros(len(processes), np.int64)
    finished, out = np.zeros(frames, np.int64), np.zeros(1, np.int64)
    sinks = np.array(sinks, np.int64)
    end = core.run(steps, runs, first, ports, depth, held, most, spent, state, finished, sinks, out)
    times = [int(time) for time in finished]
    gaps = np.diff(times)
    names = {v: p.name for p in processes for v in p.outputs}
    ok = end > 0
    return Simulation(
        function.sym_name.data,
        int(gaps[-1]) if ok else 0,
        times[0] if ok else 0,
        int(out[0]) if ok else 0,
        ok and len(gaps) > 1 and bool(gaps[-1] == gaps[-2]),
        tuple(times) if ok else (),
        tuple(
            ActorUse(p.name, int(row[core.BUSY]), int(row[core.STARVED]), int(row[core.BLOCKED]))
            for p, row in zip(processes, spent, strict=True)
        ),
        tuple(
            FifoUse(names[v], int(d), int(m)) for v, d, m in zip(fifos, depth, most, strict=True)
        ),
        () if ok else tuple(waits(processes, names, number, held, depth)),
    )


def depth_of(value: SSAValue) -> int:
    """The depth of a FIFO; `ValueError` if the value is none."""
    if not isinstance(value.type, FifoType | WindowsType):
        raise ValueError(f"simulate: expected a FIFO of the stream dialect, found {value.type}")
    return value.type.depth


def packed(programs: list[list[Run]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All patterns one after the other, the runs (start, length, repeats), and where each
    program's runs begin. Runs of one pattern share it."""
    patterns: dict[int, int] = {}
    steps: list[np.ndarray] = []
    runs: list[tuple[int, int, int]] = []
    first, size = [0], 0
    for program in programs:
        for run in (run for run in program if run.repeat and run.steps.size):
            if id(run.steps) not in patterns:
                patterns[id(run.steps)] = size
                steps.append(run.steps)
                size += run.steps.size
            runs.append((patterns[id(run.steps)], run.steps.size, run.repeat))
        first.append(len(runs))
    return np.concatenate(steps), np.array(runs, np.int64), np.array(first, np.int64)


def waits(
    processes: list[Process],
    names: dict[SSAValue, str],
    number: dict[SSAValue, int],
    held: np.ndarray,
    depth: np.ndarray,
) -> list[str]:
    """Which FIFOs next to each actor are empty before it or full behind it."""
    found: list[str] = []
    for process in processes:
        empty = [names[v] for v in process.inputs if held[number[v]] == 0]
        full = [
            f"{process.name} (depth {depth[number[v]]})"
            for v in process.outputs
            if held[number[v]] >= depth[number[v]]
        ]
        parts = [f"empty: behind {name}" for name in empty]
        parts += [f"full: behind {name}" for name in full]
        if parts:
            found.append(f"{process.name}: {', '.join(parts)}")
    return found
