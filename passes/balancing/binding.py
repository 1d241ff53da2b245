"""What keeps the fastest pipeline that fits from being faster: a stage, and budgets."""

import math
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from .budget_search import RESOURCES, Choice, Limits
from .problem import Problem
from .shapes import Shape

REPORTED = {"bram18": "bram36"}


@dataclass(frozen=True)
class Binding:
    """The slowest stage and its cycles of a frame; the fewest budgets (of `dsp`, `bram18`, `lut`,
    `ff`) without which a shorter interval is possible, and that interval. No budgets and no
    interval: none is possible on any device."""

    stage: str
    interval: int
    budgets: tuple[str, ...]
    relaxed: int | None

    def to_json(self, clock_mhz: float) -> dict[str, Any]:
        """The figures at a clock, with the names that `report.json` has for them."""
        relaxed = self.relaxed
        return {
            "stage": self.stage,
            "cycles_per_frame": self.interval,
            "fps": clock_mhz * 1e6 / self.interval,
            "budgets": [REPORTED.get(name, name) for name in self.budgets],
            "fps_without_budgets": relaxed and clock_mhz * 1e6 / relaxed,
        }


def binding_of(problem: Problem, best: Choice[Shape]) -> Binding:
    """What binds the fastest choice: the budgets are relaxed in turn, alone, then in pairs and so
    on; of equally many, those that give most."""
    stage = problem.binding(best)
    shorter = [i for i in problem.space.intervals(problem.boundary.cycles) if i < best.interval]
    for count in range(1, len(RESOURCES) + 1) if shorter else ():
        intervals = {
            names: relaxed
            for names in combinations(RESOURCES, count)
            if (relaxed := interval_without(problem, names, shorter[-1])) is not None
        }
        if intervals:
            names, relaxed = min(intervals.items(), key=lambda item: item[1])
            return Binding(stage, best.interval, names, relaxed)
    return Binding(stage, best.interval, (), None)


def interval_without(problem: Problem, names: tuple[str, ...], wanted: int) -> int | None:
    """The shortest interval without some budgets, if it is at most a wanted one."""
    limits: Limits = replace(problem.limits, **dict.fromkeys(names, math.inf))
    if limits == problem.limits or not problem.space.reaches(wanted, limits):
        return None
    found = problem.fastest(limits)
    return found.interval if found else None
