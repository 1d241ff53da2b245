"""Timing diagrams: what every process of a function does in each cycle of a window.

A step-by-step run in Python, some hundred thousand steps a second; `simulate` is the quick one.
Frames follow each other without end.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from ...dialects.simulation.network import Network, Process, network_of
from ...dialects.simulation.programs import DUE, EARLY, READ, WRITE

MOST_CYCLES = 400
LEGEND = """\
r reads   w writes   x both   + * the same as r x, of the next frame, before it is due
- neither   . waits for a word   | waits for room   a capital or = a frame's first step"""
STARVED, BLOCKED = ".", "|"
FIRST_OF_FRAME = str.maketrans("rwx-", "RWX=")


@dataclass(frozen=True)
class Step:
    """A step of a process: the FIFOs that it reads and writes, by number; whether its word is due
    if none was read early (see `programs`), and how many may be ahead if it reads one early;
    whether it is the first of its frame."""

    reads: tuple[int, ...]
    writes: tuple[int, ...]
    due: bool = False
    early: int = 0
    first: bool = False

    def sign(self, reads: tuple[int, ...]) -> str:
        """Its sign, if it reads these FIFOs."""
        if self.early and reads:
            found = "*" if self.writes else "+"
        elif self.writes:
            found = "x" if reads else "w"
        else:
            found = "r" if reads else "-"
        return found.translate(FIRST_OF_FRAME) if self.first else found


def steps_of(process: Process, network: Network) -> Iterator[Step]:
    """The steps of a process, frame after frame."""
    inputs = [network.number[value] for value in process.inputs]
    outputs = [network.number[value] for value in process.outputs]

    def step(bits: int, limit: int) -> Step:
        due, early = bool(bits & DUE), limit if bits & EARLY else 0
        if due or early:
            bits |= READ
        reads = tuple(fifo for port, fifo in enumerate(inputs) if bits & (READ << port))
        writes = tuple(fifo for port, fifo in enumerate(outputs) if bits & (WRITE << port))
        return Step(reads, writes, due, early)

    runs = [run for run in process.program if run.repeat and run.steps.size]
    while True:
        first = True
        for run in runs:
            kinds = {bits: step(bits, run.limit) for bits in set(run.steps.tobytes())}
            pattern = [kinds[bits] for bits in run.steps.tobytes()]
            for _ in range(run.repeat):
                if first:
                    yield replace(pattern[0], first=True)
                    yield from pattern[1:]
                    first = False
                else:
                    yield from pattern


class Worker:
    """A process at work: the step that it takes next, how many words it has read ahead of their
    frame, and how many frames it has done."""

    def __init__(self, process: Process, network: Network):
        self.steps = steps_of(process, network)
        self.step = next(self.steps)
        self.ahead = 0
        self.frames = 0

    def reads(self, held: list[int]) -> tuple[int, ...]:
        """The FIFOs that the next step reads, as things stand."""
        step = self.step
        if step.due and self.ahead:
            return ()
        if step.early and not (self.ahead < step.early and held[step.reads[0]]):
            return ()
        return step.reads

    def advance(self, reads: tuple[int, ...]) -> None:
        """Takes the next step."""
        if self.step.due and not reads:
            self.ahead -= 1
        if self.step.early and reads:
            self.ahead += 1
        self.step = next(self.steps)
        self.frames += self.step.first


class Stepper:
    """A network at work, cycle by cycle, as in `dialects.simulation.core`."""

    def __init__(self, network: Network):
        self.depths = [int(depth) for depth in network.depths]
        self.held = [0] * len(self.depths)
        self.workers = [Worker(process, network) for process in network.processes]
        self.sinks = [self.workers[int(sink)] for sink in network.sinks]

    @property
    def frames(self) -> int:
        """Frames that all sinks have taken."""
        return min(sink.frames for sink in self.sinks)

    def cycle(self) -> str:
        """Runs a cycle; a sign for every process."""
        held, after, signs = self.held, self.held.copy(), ""
        for worker in self.workers:
            reads, writes = worker.reads(held), worker.step.writes
            if not all([held[fifo] for fifo in reads]):
                signs += STARVED
            elif any([held[fifo] >= self.depths[fifo] for fifo in writes]):
                signs += BLOCKED
            else:
                signs += worker.step.sign(reads)
                for fifo in reads:
                    after[fifo] -= 1
                for fifo in writes:
                    after[fifo] += 1
                worker.advance(reads)
        self.held = after
        return signs


def check_window(first: int, last: int) -> None:
    """Raises `ValueError` unless the cycles `first` to `last` can be shown."""
    if not 0 <= first <= last:
        raise ValueError(f"timing: expected cycles FIRST <= LAST from 0 on, found {first}..{last}")
    if (cycles := last - first + 1) > MOST_CYCLES:
        raise ValueError(f"timing: expected at most {MOST_CYCLES} cycles, found {cycles}")


def timing(function: FuncOp, first: int, last: int) -> str:
    """The cycles `first` to `last`, counted from 0: a row for every source, actor and sink, a sign
    for each cycle, as the last lines explain.

    Raises `ValueError` if the function is none of the stream level, or the window is empty or has
    more than `MOST_CYCLES` cycles.
    """
    check_window(first, last)
    network = network_of(function)
    stepper = Stepper(network)
    for _ in range(first):
        stepper.cycle()
    columns = [stepper.cycle() for _ in range(first, last + 1)]
    names = [process.name for process in network.processes]
    width = max(map(len, names)) + 2
    rows = ["".join(signs) for signs in zip(*columns, strict=True)]
    body = [f"{name:{width}}{row}" for name, row in zip(names, rows, strict=True)]
    return "\n".join([*ruler(first, last, width), *body, LEGEND])


def timings(module: ModuleOp, first: int, last: int) -> dict[str, str]:
    """`timing` of every function of a stream program, by its name."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    return {function.sym_name.data: timing(function, first, last) for function in functions}


def ruler(first: int, last: int, width: int) -> list[str]:
    """The numbers of every tenth cycle, and a mark for every fifth one."""
    numbers, marks = "cycle", ""
    for cycle in range(first, last + 1):
        if cycle % 10 == 0:
            numbers = f"{numbers:{width + cycle - first}}{cycle}"
        marks += " " if cycle % 5 else "'"
    return [numbers, (" " * width + marks).rstrip()]
