"""Which option each layer takes, so that all keep up with one frame interval and fit a budget.

For one interval T a layer may take any option of at most T cycles; what is sought is the choice
with the fewest DSP slices, and of those the fewest LUTs, within the block RAM: a multiple-choice
knapsack, solved exactly by dynamic programming over half block RAMs. A longer interval allows every
choice that a shorter one does, so the fastest feasible interval is found by bisection among the
cycles that occur. Only where LUTs bind the result need not be optimal: then they get a growing
price in DSP slices, and the first choice that fits is taken.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...dialects.memories import LUT_PER_BRAM18

LUT_WEIGHTS = (1e-9, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 1.0)


class Option(Protocol):
    """One way to build a layer: cycles of a frame, and what it takes of the device."""

    @property
    def cycles(self) -> int:
        """Cycles from frame to frame."""
        ...

    @property
    def dsp(self) -> int:
        """DSP slices."""
        ...

    @property
    def bram18(self) -> int:
        """Halves of block RAM."""
        ...

    @property
    def lut(self) -> int:
        """LUTs."""
        ...


OptionT = TypeVar("OptionT", bound=Option)


@dataclass(frozen=True)
class Limits:
    """What all layers together may take; infinity where there is no limit."""

    dsp: float = math.inf
    bram18: float = math.inf
    lut: float = math.inf


@dataclass(frozen=True)
class Choice(Generic[OptionT]):
    """One option for each layer, and the interval that they keep up with."""

    options: tuple[OptionT, ...]
    interval: int

    def total(self, resource: str) -> int:
        """Sum of one resource over the layers."""
        return sum(getattr(option, resource) for option in self.options)

    def fits(self, limits: Limits) -> bool:
        """Whether no limit is exceeded."""
        return all(self.total(name) <= getattr(limits, name) for name in ("dsp", "bram18", "lut"))


def undominated(options: Sequence[OptionT]) -> list[OptionT]:
    """The options that no other one beats or equals in everything; the first of equals stays."""
    if not options:
        return []
    table = np.array([(o.cycles, o.dsp, o.bram18, o.lut) for o in options], np.int64)
    order = np.lexsort(table.T[::-1])
    kept: list[int] = []
    for i in order:
        rivals = table[kept]
        if not kept or not (rivals <= table[i]).all(axis=1).any():
            kept.append(int(i))
    return [options[i] for i in kept]


def cheapest(
    layers: Sequence[Sequence[OptionT]], interval: int, limits: Limits
) -> Choice[OptionT] | None:
    """The cheapest choice that keeps up with an interval; none if there is no choice that fits."""
    able = [[option for option in options if option.cycles <= interval] for options in layers]
    if not all(able):
        return None
    free = Choice(tuple(min(options, key=price) for options in able), interval)
    if free.fits(limits):
        return free
    if free.total("dsp") > limits.dsp:
        return None
    for lut_weight in LUT_WEIGHTS:
        choice = within_bram(able, interval, limits, lut_weight)
        if choice is None or choice.total("dsp") > limits.dsp:
            return None
        if choice.fits(limits):
            return choice
    return None


def price(option: Option) -> tuple[int, int]:
    """What an option costs where no limit binds: DSP slices, then all memory in LUTs."""
    return option.dsp, option.lut + LUT_PER_BRAM18 * option.bram18


def within_bram(
    layers: Sequence[Sequence[OptionT]],
    interval: int,
    limits: Limits,
    lut_weight: float,
) -> Choice[OptionT] | None:
    """The choice within the block RAM with the least sum of DSP slices and weighted LUTs."""
    lowest = sum(min(o.bram18 for o in options) for options in layers)
    highest = sum(max(o.bram18 for o in options) for options in layers)
    if lowest > limits.bram18:
        return None
    room = int(min(limits.bram18, highest))
    cost: NDArray[np.float64] = np.zeros(room + 1)
    picks: list[NDArray[np.int64]] = []
    for options in layers:
        trials = np.full((len(options), room + 1), np.inf)
        for row, o in zip(trials, options, strict=True):
            if o.bram18 <= room:
                row[o.bram18 :] = cost[: room + 1 - o.bram18]
                row += o.dsp + lut_weight * o.lut
        picks.append(trials.argmin(axis=0))
        cost = trials.min(axis=0)
    return trace(layers, picks, room, interval)


def trace(
    layers: Sequence[Sequence[OptionT]], picks: list[NDArray[np.int64]], room: int, interval: int
) -> Choice[OptionT]:
    """The options behind the last entry of a table of picks."""
    chosen: list[OptionT] = []
    for options, pick in zip(reversed(layers), reversed(picks), strict=True):
        chosen.append(options[int(pick[room])])
        room -= chosen[-1].bram18
    return Choice(tuple(reversed(chosen)), interval)


def fastest(
    layers: Sequence[Sequence[OptionT]], floor: int, limits: Limits
) -> Choice[OptionT] | None:
    """The cheapest choice for the shortest interval, not under `floor`, that fits; none if even
    the smallest options do not fit."""
    intervals = sorted({max(floor, o.cycles) for options in layers for o in options} | {floor})
    low, high, best = 0, len(intervals) - 1, None
    while low <= high:
        middle = (low + high) // 2
        choice = cheapest(layers, intervals[middle], limits)
        if choice is None:
            low = middle + 1
        else:
            best, high = choice, middle - 1
    return best
