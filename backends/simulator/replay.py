"""Holds a function to the certificate of its FIFOs, by simulation alone.

Nothing here is shared with `size-fifos` but the simulator: depths, words, bounds and intervals are
counted anew from the programs of the actors.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from ...dialects.certificate import (
    DEADLOCK,
    NOTHING,
    CertificateAttr,
    FifoFigures,
    certificate_of,
)
from ...dialects.simulation.network import Ints, Network, network_of
from ...dialects.simulation.rig import Rig
from ...dialects.simulation.shorter import coarsest_rows, shorter

FEW_FRAMES = 3
THREADS = 2


@dataclass(frozen=True)
class Replay:
    """What came of a replay: FIFOs that the certificate covers, how many of them are critical, the
    frame interval, and a line for everything that is not as certified."""

    function: str
    fifos: int
    critical: int
    interval: int
    failures: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether all is as certified."""
        return not self.failures


def replay(module: ModuleOp) -> tuple[Replay, ...]:
    """Replays the certificate of every function of a stream program."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    with ThreadPoolExecutor(THREADS) as pool:
        return tuple(pool.map(replay_function, functions))


def replay_function(function: FuncOp) -> Replay:
    """Replays the certificate of one function; what is wrong with its numbers, then what comes of
    simulating it."""
    name, certificate = function.sym_name.data, certificate_of(function)
    if certificate is None:
        return Replay(name, 0, 0, 0, (f"@{name} carries no certificate; size-fifos leaves one",))
    check = Check(network_of(function), certificate)
    found = [*check.names()] or [*check.numbers()]
    if not found:
        found = [*check.bounds(), *check.depths(), *one_less(function, certificate)]
    failures = tuple(f"@{name}: {line}" for line in found)
    critical = sum(fifo.figures.critical for fifo in certificate.fifos)
    interval = certificate.interval.data
    return Replay(name, len(certificate.fifos), critical, interval, failures)


@dataclass(frozen=True)
class Check:
    """A network and what is certified of it."""

    network: Network
    certificate: CertificateAttr

    @property
    def figures(self) -> list[tuple[SSAValue, FifoFigures]]:
        """Every FIFO with its figures."""
        fifos = zip(self.network.fifos, self.certificate.fifos, strict=True)
        return [(value, fifo.figures) for value, fifo in fifos]

    def column(self, name: str) -> Ints:
        """One of the figures of every FIFO."""
        return np.array([getattr(fifo.figures, name) for fifo in self.certificate.fifos], np.int64)

    def names(self) -> Iterator[str]:
        """The FIFOs against those of the function."""
        labels = [self.network.label(value) for value in self.network.fifos]
        certified = [fifo.label.data for fifo in self.certificate.fifos]
        if labels != certified:
            missing = sorted(set(labels) ^ set(certified))
            yield f"the certificate is for other FIFOs than the function has: {missing[:3]}"

    def numbers(self) -> Iterator[str]:
        """Depths against those of the types, and words against what both ends do in a frame."""
        written, read = self.network.traffic
        for value, figures in self.figures:
            label, depth = self.network.label(value), self.network.of(self.network.depths, value)
            if depth != figures.depth:
                yield f"FIFO {label}: certified with depth {figures.depth}, the design has {depth}"
            ends = (self.network.of(written, value), self.network.of(read, value))
            if ends != (figures.words, figures.words):
                yield (
                    f"FIFO {label}: certified with {figures.words} words a frame, its ends write "
                    f"{ends[0]} and read {ends[1]}"
                )

    def bounds(self) -> Iterator[str]:
        """The execution that proves freedom from deadlock."""
        if waiting := Rig(self.network).completes(self.column("bound")):
            yield f"deadlock at the certified bounds; these wait: {'; '.join(waiting)}"

    def depths(self) -> Iterator[str]:
        """The interval at the depths of the design, and at those that are said to be enough."""
        rig, certified = Rig(self.network), self.certificate.interval.data
        depths, least = self.network.depths, self.column("least")
        for tried in (depths,) if np.array_equal(depths, least) else (depths, least):
            trace = rig.run(tried, self.certificate.frames.data)
            if trace.deadlock:
                yield f"deadlock; these wait: {'; '.join(self.network.waits(trace.held, tried))}"
            elif (found := int(trace.finished[-1] - trace.finished[-2])) != certified:
                yield f"certified with an interval of {certified} cycles, found {found}"


def one_less(function: FuncOp, certificate: CertificateAttr) -> Iterator[str]:
    """Critical FIFOs with a word less than they need, on frames of as many rows as the certificate
    says: what is certified must come of it."""
    rows = certificate.rows.data
    short = function if rows == coarsest_rows(function) else shorter(function, rows)
    if short is None:
        yield f"the layers do not allow frames of {rows} rows, of which the certificate speaks"
        return
    check = Check(network_of(short), certificate)
    rig, least = Rig(check.network), check.column("least")
    interval = rig.interval(least, FEW_FRAMES)
    if interval is None:
        yield f"deadlock in frames of {rows} rows at the depths that are certified as enough"
        return
    for number, (value, figures) in enumerate(check.figures):
        if not figures.critical:
            continue
        tried = least.copy()
        tried[number] -= 1
        stops = tried[number] < figures.bound and rig.completes(tried)
        found = None if stops else rig.interval(tried, FEW_FRAMES)
        less = DEADLOCK if found is None else max(NOTHING, found - interval)
        if less != figures.less:
            yield (
                f"FIFO {check.network.label(value)}: certified with {_outcome(figures.less)} at "
                f"{figures.least - 1} words, found {_outcome(less)}"
            )


def _outcome(less: int) -> str:
    return "a deadlock" if less == DEADLOCK else f"{less} cycles more from frame to frame"
