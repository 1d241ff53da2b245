"""The smallest depths at which the simulated frame interval is as short as it gets.

Larger FIFOs never take longer, so the least depth of one is found by bisection, and depths that
lose nothing together lose nothing one at a time.
"""

import math
from dataclasses import dataclass

import numpy as np

from ...dialects.simulation.core import Trace
from ...dialects.simulation.network import Ints
from ...dialects.simulation.rig import Rig


@dataclass(frozen=True)
class Limits:
    """For every FIFO: the depth to `start` from; the one below which it gets no cheaper
    (`cheapest`), and the `floor` below which it could deadlock as well; the `ceiling` above which
    it is too dear; and the bits of a word."""

    start: Ints
    cheapest: Ints
    floor: Ints
    ceiling: Ints
    bits: Ints

    @property
    def ample(self) -> Ints:
        """The largest depths that are tried."""
        return np.maximum(self.start, self.ceiling)


@dataclass(frozen=True)
class Search:
    """A network whose frames take `unbounded` cycles with FIFOs without end."""

    rig: Rig
    unbounded: int
    frames: int

    def interval(self, depths: Ints) -> float:
        """Cycles between the last two frames; infinite at a deadlock."""
        found = self.rig.interval(depths, self.frames)
        return math.inf if found is None else found

    def loss(self, depths: Ints, interval: float) -> float:
        """Cycles by which frames come later than this interval; infinite at a deadlock."""
        return max(0, self.interval(depths) - interval)

    def depths(self, limits: Limits) -> Ints:
        """Depths of which none can be smaller, but for those at the floor, without loss. Where the
        depths to start from lose time, all may first become as deep as their ceiling; the widest
        FIFOs are made smaller first, so that what must be stored is where it costs least."""
        depths, trace = limits.start, self.rig.run(limits.start, self.frames)
        if trace.deadlock or interval_of(trace) > self.unbounded:
            depths, trace = limits.ample, self.rig.run(limits.ample, self.frames)
        interval = interval_of(trace)
        depths = np.clip(trace.most + 1, limits.floor, depths)
        for fifo in np.argsort(-limits.bits * depths, kind="stable"):
            depths[fifo] = self.least(depths, int(fifo), int(limits.floor[fifo]), interval)
        return depths

    def least(self, depths: Ints, fifo: int, floor: int, interval: int) -> int:
        """The least depth of a FIFO, from `floor` on, that keeps the interval while all others keep
        theirs, and its own does: found where a line through the last two losses meets zero, or
        halfway, in turns."""
        tried, low, high = depths.copy(), floor, int(depths[fifo])
        losses: list[tuple[int, float]] = []
        guess, crossed = floor, False
        while low < high:
            tried[fifo] = guess
            if loss := self.loss(tried, interval):
                losses.append((guess, loss))
                low = guess + 1
                crossed = not crossed
                guess = crossing(losses) if crossed else (low + high) // 2
            else:
                high = guess
                guess = high - 1 if crossed else (low + high) // 2
                crossed = False
            guess = min(max(guess, low), high - 1)
        return high


def interval_of(trace: Trace) -> int:
    """Cycles between the last two frames of a run that did not stop."""
    assert not trace.deadlock
    return int(trace.finished[-1] - trace.finished[-2])


def crossing(losses: list[tuple[int, float]]) -> int:
    """The depth at which the line through the last two losses is zero; a word more than the last
    one where there is no such line."""
    depth, loss = losses[-1]
    before, more = losses[-2] if len(losses) > 1 else (depth, loss)
    if not loss < more < math.inf:
        return depth + 1
    return depth + math.ceil(loss * (depth - before) / (more - loss))
