"""The search of `balance-pipeline` among options: optimal against brute force, or with its gap."""

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from licc.dialects.memories import LUT_PER_BRAM18, Resources
from licc.passes.balancing.budget_search import (
    Choice,
    Gap,
    Limits,
    Option,
    Space,
    table_of,
    undominated,
    undominated_rows,
)


@dataclass(frozen=True)
class Way:
    """An option."""

    cycles: int
    cost: Resources


def option(*numbers: int) -> Way:
    """An option of so many cycles, DSP slices, half block RAMs, LUTs and registers."""
    cycles, *cost = numbers
    return Way(cycles, Resources(*cost))


def brute_force(
    layers: Sequence[Sequence[Option]], limits: Limits, interval: int
) -> tuple[int, int] | None:
    """The fewest DSP slices over all combinations, and then the least memory and logic in LUTs."""
    choices = (Choice(options, interval) for options in itertools.product(*layers))
    able = (c for c in choices if max(o.cycles for o in c.options) <= interval and c.fits(limits))
    return min(map(price, able), default=None)


def price(choice: Choice[Option]) -> tuple[int, int]:
    return choice.total("dsp"), choice.total("lut") + LUT_PER_BRAM18 * choice.total("bram18")


def optional_price(choice: Choice[Option] | None) -> tuple[int, int] | None:
    return None if choice is None else price(choice)


def check_against_brute_force(layers: Sequence[Sequence[Option]], limits: Limits) -> None:
    space = Space(layers)
    intervals = sorted({option.cycles for options in layers for option in options})
    expected = {bound: brute_force(layers, limits, bound) for bound in intervals}
    for bound in intervals:
        choice = space.cheapest(bound, limits)
        assert optional_price(choice) == expected[bound]
        assert choice is None or (choice.fits(limits) and choice.gap == Gap())
        assert space.reaches(bound, limits) == (expected[bound] is not None)
    best = space.fastest(1, limits)
    feasible = [bound for bound in intervals if expected[bound] is not None]
    assert (best.interval if best else None) == (feasible[0] if feasible else None)
    assert best is None or (price(best) == expected[best.interval] and best.gap == Gap())


options = st.builds(option, st.integers(1, 4), *[st.integers(0, 9)] * 4)
limit = st.integers(0, 30) | st.just(math.inf)


@given(
    st.lists(st.lists(options, min_size=1, max_size=6), min_size=1, max_size=4),
    st.builds(Limits, limit, limit, limit, limit),
)
@settings(max_examples=150, deadline=None)
def test_all_four_budgets_are_weighed_exactly(
    layers: Sequence[Sequence[Option]], limits: Limits
) -> None:
    check_against_brute_force(layers, limits)


def knapsack() -> tuple[Space[Way], Limits]:
    """12 layers in which three resources trade against each other, and little room."""
    rng = random.Random(7)
    layers: list[list[Way]] = []
    for _ in range(12):
        costs = [(rng.randint(1, 900), rng.randint(1, 900)) for _ in range(30)]
        layers.append([option(rng.randint(1, 50), a, b, 1800 - a - b, 1) for a, b in costs])
    return Space(layers), Limits(5400, 5400, 10848)


def test_little_effort_gives_the_same_choice_each_time_and_states_its_gap() -> None:
    space, limits = knapsack()
    hurried = Space(space.layers, effort=0.08)
    found, again = hurried.fastest(1, limits), Space(space.layers, 0.08).fastest(1, limits)
    assert found is not None
    assert found == again
    assert found.fits(limits)
    assert found.gap.cycles or found.gap.dsp or found.gap.lut
    proven = space.fastest(1, limits)
    assert proven is not None
    assert found.interval - found.gap.cycles <= proven.interval <= found.interval
    assert proven.gap == Gap()
    if found.interval == proven.interval:
        assert found.total("dsp") - found.gap.dsp <= proven.total("dsp") <= found.total("dsp")


def test_the_nearest_choice_has_the_smallest_largest_excess() -> None:
    layers = [[option(1, 10, 0, 0, 0), option(1, 4, 20, 0, 0)], [option(1, 10, 0, 0, 0)]]
    nearest = Space(layers).nearest(1, Limits(10, 12))
    assert nearest is not None
    assert (nearest.total("dsp"), nearest.total("bram18")) == (14, 20)
    assert Space(layers).nearest(0, Limits(10, 12)) is None


@given(st.lists(options, min_size=1, max_size=40))
def test_undominated_drops_only_what_another_one_beats(options: list[Way]) -> None:
    table = table_of(options)
    rows = undominated_rows(table)
    for row in table:
        assert (table[rows] <= row).all(axis=1).any()
    for i in rows:
        assert (table[rows] <= table[i]).all(axis=1).sum() == 1
    assert [options[i] for i in rows] == undominated(options)
