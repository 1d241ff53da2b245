"""Which option each layer takes, so that all keep up with one frame interval and fit a budget.

For one interval T a layer may take any option of at most T cycles; what is sought is the choice
with the fewest DSP slices, and of those the one with the least memory and logic (LUTs, a half block
RAM counted as 64), within all budgets at once. A longer interval allows every choice that a shorter
one does, so the fastest feasible interval is found by bisection among the cycles that occur. Both
are exact (see `selection`); where the solver's effort does not suffice, the choice states its gap.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ...dialects.memories import LUT_PER_BRAM18, Resources
from .selection import Limit, Selection, Table, cheapest, nearest, weighed

EFFORT = 1.0


class Option(Protocol):
    """One way to build a layer: cycles of a frame, and what it takes of the device."""

    @property
    def cycles(self) -> int:
        """Cycles from frame to frame."""
        ...

    @property
    def cost(self) -> Resources:
        """What it takes."""
        ...


OptionT = TypeVar("OptionT", bound=Option)


@dataclass(frozen=True)
class Limits:
    """What all layers together may take; infinity where there is no limit."""

    dsp: float = math.inf
    bram18: float = math.inf
    lut: float = math.inf
    ff: float = math.inf

    def whole(self) -> list[Limit]:
        """The limits as whole numbers, None where there is none."""
        values = (getattr(self, name) for name in RESOURCES)
        return [None if math.isinf(value) else math.floor(value) for value in values]


RESOURCES = tuple(field.name for field in fields(Limits))


@dataclass(frozen=True)
class Gap:
    """How far a choice may be from the optimum: cycles of its interval, DSP slices, and where these
    are proven, LUTs with block RAM counted as LUTs. All 0: it is optimal."""

    cycles: int = 0
    dsp: int = 0
    lut: int = 0


@dataclass(frozen=True)
class Choice(Generic[OptionT]):
    """One option for each layer, the interval that they keep up with, and how far that may be from
    the optimum."""

    options: tuple[OptionT, ...]
    interval: int
    gap: Gap = Gap()

    def total(self, resource: str) -> int:
        """Sum of one resource over the layers."""
        return sum(getattr(option.cost, resource) for option in self.options)

    def fits(self, limits: Limits) -> bool:
        """Whether no limit is exceeded."""
        return all(self.total(name) <= getattr(limits, name) for name in RESOURCES)


def table_of(options: Sequence[Option]) -> Table:
    """Cycles and resources of options, a row each."""
    rows = [(o.cycles, o.cost.dsp, o.cost.bram18, o.cost.lut, o.cost.ff) for o in options]
    return np.array(rows, np.int64).reshape(-1, 1 + len(RESOURCES))


def undominated_rows(table: Table) -> NDArray[np.intp]:
    """The rows that no other one beats or equals in every column, in ascending order of their
    values; the first of equals stays.

    Rows come in the order of the sum of their ranks, in which none is beaten by a later one; each
    that is left when its turn comes stays, and removes all that it beats.
    """
    ranks: Table = np.zeros(len(table), np.int64)
    for column in range(table.shape[1]):
        ranks += np.unique(table[:, column], return_inverse=True)[1]
    waiting = np.argsort(ranks, kind="stable")
    rows, kept = table[waiting], list[int]()
    while len(waiting):
        kept.append(int(waiting[0]))
        left = (rows < rows[0]).any(axis=1)
        waiting, rows = waiting[left], rows[left]
    found = np.array(kept, np.intp)
    return found[np.lexsort(table[found].T[::-1])]


def undominated(options: Sequence[OptionT]) -> list[OptionT]:
    """The options that no other one beats or equals in everything; the first of equals stays."""
    return [options[i] for i in undominated_rows(table_of(options))] if options else []


@dataclass(frozen=True)
class Case:
    """One table of resources for each layer, all rows of which keep up with some interval, with the
    number that each row has among the layer's options; and the limits."""

    tables: list[Table]
    numbers: list[NDArray[np.intp]]
    limits: list[Limit]

    def feasible(self, effort: float) -> Selection:
        """Any choice that fits."""
        return self.obvious() or weighed(self.tables, self.limits) or self.solved(None, effort)

    def cheapest(self, effort: float) -> Selection:
        """The cheapest choice that fits."""
        return self.obvious() or self.solved(self.prices, effort)

    def obvious(self) -> Selection | None:
        """The answer where it takes no solver: not even the least of one resource fits, or what is
        cheapest without limits does."""
        if not all(map(len, self.tables)):
            return Selection(None, True)
        for column, limit in enumerate(self.limits):
            least = sum(int(table[:, column].min()) for table in self.tables)
            if limit is not None and least > limit:
                return Selection(None, True)
        picks = tuple(int(price.argmin()) for price in self.prices)
        rows = [table[pick].tolist() for table, pick in zip(self.tables, picks, strict=True)]
        totals = zip(map(sum, zip(*rows, strict=True)), self.limits, strict=True)
        if all(limit is None or total <= limit for total, limit in totals):
            return Selection(picks, True, self.floor)
        return None

    def solved(self, prices: Sequence[Table] | None, effort: float) -> Selection:
        """The answer of the solver."""
        return cheapest(self.tables, prices, self.limits, effort)

    @cached_property
    def weight(self) -> int:
        """What a DSP slice costs: more than the memory and logic of any choice."""
        return 1 + sum(int(logic_of(table).max()) for table in self.tables)

    @cached_property
    def prices(self) -> list[Table]:
        """The price of every row."""
        return [self.weight * table[:, 0] + logic_of(table) for table in self.tables]

    @property
    def floor(self) -> int:
        """The price of what is cheapest without limits."""
        return sum(int(price.min()) for price in self.prices)

    def gap(self, selection: Selection) -> Gap:
        """How far a selection may be from the cheapest one."""
        assert selection.picks is not None
        pairs = zip(self.prices, selection.picks, strict=True)
        price = sum(int(prices[pick]) for prices, pick in pairs)
        bound = max(selection.bound, self.floor)
        dsp = price // self.weight - bound // self.weight
        return Gap(dsp=dsp, lut=0 if dsp else price - bound)


def logic_of(table: Table) -> Table:
    """What each row takes of memory and logic, in LUTs."""
    return table[:, 2] + LUT_PER_BRAM18 * table[:, 1]


class Space(Generic[OptionT]):
    """The options of all layers, and the searches among them. `effort` is how many deterministic
    seconds of the solver the cheapest choice may take; whether there is one at all, a quarter."""

    def __init__(self, layers: Sequence[Sequence[OptionT]], effort: float = EFFORT):
        self.layers = tuple(layers)
        self.effort = effort
        self._tables = [table_of(options) for options in layers]

    def replaced(self, layers: Mapping[int, Sequence[OptionT]]) -> "Space[OptionT]":
        """The same space with other options for the layers of some numbers."""
        space = Space[OptionT]((), self.effort)
        space.layers = tuple(layers.get(i, old) for i, old in enumerate(self.layers))
        new = {i: table_of(options) for i, options in layers.items()}
        space._tables = [new.get(i, old) for i, old in enumerate(self._tables)]
        return space

    def intervals(self, floor: int) -> list[int]:
        """The intervals, not under a floor, at which more options come to be able to keep up."""
        found = {floor}
        for table in self._tables:
            found.update(np.maximum(table[:, 0], floor).tolist())
        return sorted(found)

    def cheapest(self, interval: int, limits: Limits) -> Choice[OptionT] | None:
        """The cheapest choice that keeps up with an interval; none if none was found that fits."""
        case = self._case(interval, limits)
        found = case.cheapest(self.effort)
        return None if found.picks is None else self._choice(case, found, interval)

    def reaches(self, interval: int, limits: Limits) -> bool:
        """Whether a choice was found that keeps up with an interval and fits."""
        return self._case(interval, limits).feasible(self.effort / 4).picks is not None

    def nearest(self, interval: int, limits: Limits) -> Choice[OptionT] | None:
        """The choice that keeps up with an interval and exceeds the limits least, by the largest
        excess relative to its limit; none if no options keep up."""
        case = self._case(interval, limits)
        if not all(map(len, case.tables)):
            return None
        found = nearest(case.tables, case.limits, self.effort)
        return None if found.picks is None else self._choice(case, found, interval)

    def fastest(self, floor: int, limits: Limits) -> Choice[OptionT] | None:
        """The cheapest choice for the shortest interval, not under a floor, for which one was found
        that fits; none if there is no such interval."""
        intervals = self.intervals(floor)
        low, high, refuted, best = 0, len(intervals) - 1, -1, None
        while low <= high:
            middle = (low + high) // 2
            case = self._case(intervals[middle], limits)
            found = case.feasible(self.effort / 4)
            if found.picks is not None:
                best, high = (case, found, middle), middle - 1
            else:
                refuted = middle if found.proven else refuted
                low = middle + 1
        if best is None:
            return None
        case, found, place = best
        cheaper = case.cheapest(self.effort)
        choice = self._choice(case, cheaper if cheaper.picks else found, intervals[place])
        cycles = choice.interval - intervals[refuted + 1]
        return replace(choice, gap=replace(choice.gap, cycles=cycles))

    def _case(self, interval: int, limits: Limits) -> Case:
        """The options that keep up with an interval, without those that take at least as much of
        everything as another one."""
        tables: list[Table] = []
        numbers: list[NDArray[np.intp]] = []
        for table in self._tables:
            rows = np.flatnonzero(table[:, 0] <= interval)
            rows = rows[undominated_rows(table[rows, 1:])]
            numbers.append(rows)
            tables.append(table[rows, 1:])
        return Case(tables, numbers, limits.whole())

    def _choice(self, case: Case, found: Selection, interval: int) -> Choice[OptionT]:
        """The options behind a selection."""
        assert found.picks is not None
        numbers = [rows[pick] for rows, pick in zip(case.numbers, found.picks, strict=True)]
        pairs = zip(self.layers, numbers, strict=True)
        options: tuple[OptionT, ...] = tuple(layer[int(number)] for layer, number in pairs)
        return Choice(options, interval, case.gap(found))
