"""Runs a printed core in Verilator: whole frames, back to back, with and without stalls."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from ...dialects.stream_types import ceil_div
from ...dialects.tensors import Array
from ...runtime.frame_layout import FrameLayout
from .errors import RtlError
from .printer import Top
from .project import LIBRARY, SIMULATION, RtlProject
from .verilator import Verilator
from .wrapper import wrapper_name

SEED = 1
LEAST_PATIENCE = 20_000
PATHS = (f"../{LIBRARY}", f"../{SIMULATION}")
DEADLOCK = 2


class Stalls(IntEnum):
    """What the ports do: never wait; wait at random; stop for up to a thousand cycles at a time."""

    NONE = 0
    RANDOM = 1
    LONG = 2

    @property
    def words(self) -> str:
        """As in a sentence."""
        return f"{'no' if self is Stalls.NONE else self.name.lower()} stalls"


@dataclass(frozen=True)
class FifoLevel:
    """A FIFO in a simulation: the actor that writes it and its port, the most words that it held
    and those that it holds at the end, its depth, and what the actor's pipeline may add."""

    instance: str
    port: str
    most: int
    held: int
    depth: int
    slack: int

    @property
    def name(self) -> str:
        """The instance, and which of its outputs if it has two."""
        return self.instance if self.port == "out" else f"{self.instance}.{self.port}"

    @property
    def full(self) -> bool:
        """Whether it holds all that it can at the end."""
        return self.held == self.depth + self.slack


@dataclass(frozen=True)
class RtlRun:
    """What came out of a core: beats as bytes; the cycle after which every frame was out, and the
    first beat; how many beats had a wrong TUSER or TLAST; and its FIFOs."""

    output: bytes
    finished: tuple[int, ...]
    first_output: int
    wrong_marks: int
    fifos: tuple[FifoLevel, ...]
    deadlock: bool

    @property
    def interval(self) -> int:
        """Cycles between the last two frames; 0 if there are none."""
        return self.finished[-1] - self.finished[-2] if len(self.finished) > 1 else 0

    @property
    def latency(self) -> int:
        """Cycles from the first word in to the first frame's last word out; 0 if there is none."""
        return self.finished[0] if self.finished else 0

    def faults(self, frames: int) -> list[str]:
        """What is wrong with a run of so many frames, apart from its values."""
        found: list[str] = []
        if self.deadlock:
            full = ", ".join(
                f"{fifo.name} (depth {fifo.depth})" for fifo in self.fifos if fifo.full
            )
            empty = ", ".join(fifo.name for fifo in self.fifos if not fifo.held)
            found.append(
                f"deadlock after {len(self.finished)} of {frames} frames; full: {full or 'none'}; "
                f"empty: {empty or 'none'}"
            )
        if self.wrong_marks:
            found.append(f"{self.wrong_marks} beats have a wrong TUSER or TLAST")
        return found


@dataclass(frozen=True)
class Simulator:
    """A core as a program."""

    top: Top
    program: Path

    def run(self, frames: Sequence[Array], stalls: Stalls, seed: int = SEED) -> RtlRun:
        """Drives frames [1, C, H, W] through the core; it stops when nothing has moved at the ports
        for more cycles than a frame takes."""
        source, sink = self.top.input, self.top.output
        with tempfile.TemporaryDirectory() as temporary:
            given, found = Path(temporary) / "input.bin", Path(temporary) / "output.bin"
            given.write_bytes(b"".join(map(source.to_bytes, frames)))
            numbers = (
                *_beats(source),
                *_beats(sink),
                sink.width * ceil_div(sink.channels, sink.lanes),
                len(frames),
                stalls,
                seed,
                max(LEAST_PATIENCE, 4 * self.top.cycles),
            )
            command = [str(self.program), str(given), str(found), *map(str, numbers)]
            folder = self.program.parents[1]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            if done.returncode not in (0, DEADLOCK):
                text = (done.stderr + done.stdout).strip()[-2000:]
                raise RtlError(f"@{self.top.core.function} fails in simulation: {text}")
            return _parsed(done.stdout, found.read_bytes(), done.returncode == DEADLOCK)

    def frames(self, run: RtlRun) -> list[Array]:
        """The whole frames that came out."""
        size = self.top.output.frame_bytes
        whole = range(0, len(run.output) - size + 1, size)
        return [self.top.output.from_bytes(run.output[start : start + size]) for start in whole]

    def pipelines(self, run: RtlRun) -> int:
        """The cycles that pipelines add to a word on its longest way through the core."""
        delays = {(fifo.instance, fifo.port): fifo.slack for fifo in run.fifos}
        reached = {fifo.name: 0 for fifo in self.top.core.fifos}
        longest = 0
        for process, instance in zip(self.top.core.processes, self.top.instances, strict=True):
            read = (name for name in process.inputs if name in reached)
            longest = max((reached[name] for name in read), default=0)
            written = (name for name in process.outputs if name in reached)
            for port, name in zip(instance.module.outputs, written, strict=True):
                reached[name] = longest + delays[instance.name, port]
        return longest


def build(project: RtlProject, top: Top, verilator: Verilator) -> Simulator:
    """Builds the simulation of a core; `RtlError` if that fails."""
    folder = project.folder(top)
    source = f"{top.core.name}.sv"
    program = verilator.build(folder, source, PATHS, project.bench, cache_folder())
    return Simulator(top, program)


def lint(project: RtlProject, top: Top, verilator: Verilator) -> None:
    """Checks the text of a core, as an IP, with all of Verilator's warnings on; `RtlError` with the
    first."""
    verilator.lint(project.folder(top), f"{wrapper_name(top)}.v", PATHS)


def cache_folder() -> Path:
    """Where compiled parts of Verilator are kept for the next build."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "licc"


def _beats(layout: FrameLayout) -> tuple[int, int]:
    """Bytes of a beat, and beats of a frame."""
    beat = layout.lanes * layout.lane_bytes
    return beat, layout.frame_bytes // beat


def _parsed(text: str, output: bytes, deadlock: bool) -> RtlRun:
    lines = [line.split() for line in text.splitlines()]
    numbers = {"frame": [0], "first": [0], "marks": [0]}
    fifos: list[FifoLevel] = []
    for kind, *rest in filter(None, lines):
        if kind in numbers:
            numbers[kind].append(int(rest[0]))
        elif kind == "fifo":
            path, *counts = rest
            *_, instance, _, port = path.split(".")
            fifos.append(FifoLevel(instance.removesuffix("_actor"), port, *map(int, counts)))
    return RtlRun(
        output=output,
        finished=tuple(numbers["frame"][1:]),
        first_output=numbers["first"][-1],
        wrong_marks=numbers["marks"][-1],
        fifos=tuple(fifos),
        deadlock=deadlock,
    )
