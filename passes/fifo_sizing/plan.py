"""What `size-fifos` does with one function, from its schedule to the certificate."""

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.utils.exceptions import PassFailedException

from ...dialects.certificate import (
    DEADLOCK,
    LEAST_DEPTH,
    NOTHING,
    CertificateAttr,
    FifoCertificateAttr,
    FifoFigures,
)
from ...dialects.memories import SRL_DEPTH
from ...dialects.schedule import frame_cycles
from ...dialects.simulation.network import Ints, Network, network_of
from ...dialects.simulation.rig import Rig
from ...dialects.simulation.shorter import coarsest_rows, fifos_of, shorter
from ...dialects.stream_types import FifoType, WindowsType
from .joins import fork_depths, in_flight, two_pixels
from .search import Limits, Search
from .smoothing import smoothing_depth

FRAMES, FEW_FRAMES = 4, 3
ROWS = 2
THREADS = 2
CEILING_BITS = 4 * 36 * 1024
PARTS = 10_000
"""Whole frames may lose one of so many parts: one frame in three minutes at 60 a second."""


@dataclass(frozen=True)
class Frames:
    """Frames of which the coarsest ones have so many `rows`, and the search over them."""

    rows: int
    search: Search


@dataclass(frozen=True)
class Plan:
    """A function's network over whole frames (`full`) and over fewer rows (`quick`); the depths
    below which FIFOs may deadlock (`bound`); words that simulation does not see (`unseen`)."""

    name: str
    network: Network
    full: Frames
    quick: Frames
    limits: Limits
    bound: Ints
    unseen: Ints

    @property
    def fifos(self) -> tuple[SSAValue, ...]:
        """The FIFOs in the order of all numbers."""
        return self.network.fifos

    def certificate(self) -> CertificateAttr:
        """The depths and what is certified of them; raises where the execution that is to prove
        freedom from deadlock stops."""
        rig = self.full.search.rig
        if waiting := rig.completes(self.bound):
            raise PassFailedException(
                f"size-fifos: @{self.name} deadlocks at the depths that its joins need: "
                f"{'; '.join(waiting)}"
            )
        frames, depths, interval = self.searched()
        less = one_less(frames.search, depths, self.limits.cheapest, self.bound)
        if self.unseen.any():
            interval = self.full.search.interval(depths + self.unseen)
        written, _ = self.network.traffic
        fifos: list[FifoCertificateAttr] = []
        for n, value in enumerate(self.fifos):
            least = int(depths[n])
            depth, bound = least + int(self.unseen[n]), int(self.bound[n])
            figures = FifoFigures(int(written[n]), depth, bound, least, less.get(n, NOTHING))
            fifos.append(FifoCertificateAttr(self.network.label(value), figures))
        unbounded = self.full.search.unbounded
        return CertificateAttr(int(interval), unbounded, FRAMES, frames.rows, fifos)

    def searched(self) -> tuple[Frames, Ints, float]:
        """The smallest depths: those of shorter frames, unless whole ones lose more time with them
        than is allowed, and larger FIFOs would save it; the frames that were searched, and the
        interval of whole ones."""
        depths, full = self.quick.search.depths(self.limits), self.full.search
        interval = full.interval(depths)
        if interval > allowed(full.unbounded) and interval > allowed(
            full.interval(self.limits.ample)
        ):
            depths = full.depths(self.limits)
            return self.full, depths, full.interval(depths)
        return self.quick, depths, interval


def allowed(interval: float) -> float:
    """The longest interval of whole frames that is as good as a given one."""
    return interval + interval / PARTS


def one_less(search: Search, depths: Ints, cheapest: Ints, bound: Ints) -> dict[int, int]:
    """For every FIFO that would be cheaper with a word less: by how many cycles frames come later
    with that, or that an order of execution deadlocks, which takes less than its bound."""
    found: dict[int, int] = {}
    if not (candidates := np.flatnonzero(depths > cheapest)).size:
        return found
    interval = search.interval(depths)
    for fifo in candidates:
        tried = depths.copy()
        tried[fifo] -= 1
        stops = tried[fifo] < bound[fifo] and search.rig.completes(tried)
        later = math.inf if stops else search.interval(tried)
        found[int(fifo)] = DEADLOCK if math.isinf(later) else max(NOTHING, int(later - interval))
    return found


def certified(plans: list[Plan]) -> list[CertificateAttr]:
    """The certificates of functions, with all cores that a laptop surely has at work."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(Plan.certificate, plans))


def plan_of(function: FuncOp) -> Plan:
    """The plan for a function; reads the IR and leaves it as it is. What joins need depends on rows
    that a short frame may not have, so such functions are searched over whole frames."""
    full = frames_of(function, coarsest_rows(function), FRAMES)
    joins, network = fork_depths(function), full.search.rig.network
    fifos = network.fifos
    short = None if joins or full.rows <= ROWS else shorter(function, ROWS)
    return Plan(
        function.sym_name.data,
        network,
        full,
        frames_of(short, ROWS, FEW_FRAMES) if short else full,
        limits_of(fifos, joins),
        np.array([max(joins.get(value, 0), LEAST_DEPTH) for value in fifos], np.int64),
        unseen_of(fifos, joins),
    )


def frames_of(function: FuncOp, rows: int, frames: int) -> Frames:
    """The search over so many frames of a function."""
    return Frames(rows, Search(Rig(network_of(function)), frame_cycles(function), frames))


def depths_without_search(function: FuncOp) -> dict[SSAValue, int]:
    """The depths that the search would start from: no deadlock, but time may be lost, and most are
    larger than they need be."""
    fifos, joins = tuple(fifos_of(function)), fork_depths(function)
    depths = limits_of(fifos, joins).start + unseen_of(fifos, joins)
    return dict(zip(fifos, depths.tolist(), strict=True))


def unseen_of(fifos: tuple[SSAValue, ...], joins: dict[SSAValue, int]) -> Ints:
    """Words in the pipelines of kernels, for which FIFOs behind a fork get room."""
    return np.array([in_flight(value) if value in joins else 0 for value in fifos], np.int64)


def limits_of(fifos: tuple[SSAValue, ...], joins: dict[SSAValue, int]) -> Limits:
    """Where the search starts and ends: shift registers and joins set the floor, a few block RAMs
    the ceiling. Windows are wide and come one a step: two words."""
    rows: list[tuple[int, ...]] = []
    for value in fifos:
        assert isinstance(value.type, FifoType | WindowsType)
        kept = joins.get(value, 0)
        ample = kept + two_pixels(value) if kept else 0
        windows = isinstance(value.type, WindowsType)
        start = max(ample, smoothing_depth(value))
        cheapest = LEAST_DEPTH if windows else SRL_DEPTH
        bits = value.type.word_bits
        ceiling = 0 if windows else CEILING_BITS // bits
        rows.append((start, cheapest, max(kept, cheapest), ceiling, bits))
    return Limits(*np.array(rows, np.int64).T)
