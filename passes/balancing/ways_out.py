"""How a pipeline could become faster, or fit at all: the cheapest changes that reach a goal.

A way out changes one thing: the output channels of one convolution (with the GDN core behind it and
the layers that read it), the bits of the weights or of the inputs of one convolution, the clock, or
the board; where no single layer is enough, the channels or the weights of all layers alike. Of each
kind the smallest change that reaches the goal is found, by the search that balances the pipeline
itself; the smallest three are kept. The size of a change is relative to what is changed: channels
or bits removed, or megahertz added, as a share of those there are. A board has no such size and
comes last. What a change does to the quality of the images is not modelled.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ...dialects.coefficients import Coefficients
from ...dialects.engine import Parallelism
from ...dialects.memories import Resources
from ...dialects.stream_types import Memory, Multiplier
from .binding import Binding, binding_of
from .budget_search import Space
from .changes import (
    Change,
    Ladder,
    Works,
    all_channels,
    all_weights,
    bit_ladders,
    channel_ladders,
)
from .design_space import make_layer
from .problem import ANY_INTERVAL, Problem, limits_of
from .shapes import Shape

GAIN = 1.1
MAX_CLOCK_MHZ = 400
ROUNDING = 1e-6
WAYS = 3
FREE = Shape(
    Parallelism(1, 1), None, Multiplier.DSP, Memory.REGISTERS, Memory.REGISTERS, 0, Resources()
)


@dataclass(frozen=True)
class Board:
    """Another target: its budget (0: no limit), clock and coefficients."""

    name: str
    budget: Resources
    clock_mhz: float
    model: Coefficients


@dataclass(frozen=True)
class WayOut:
    """A change, its size (infinite for a board), and the pipeline it leads to: cycles from frame to
    frame, and the clock."""

    what: str
    size: float
    interval: int
    clock_mhz: float

    @property
    def fps(self) -> float:
        """Modelled frames a second."""
        return self.clock_mhz * 1e6 / self.interval

    def to_json(self) -> dict[str, Any]:
        """The figures; no size for a board."""
        return {
            "what": self.what,
            "size": self.size if math.isfinite(self.size) else None,
            "fps": self.fps,
            "cycles_per_frame": self.interval,
            "clock_mhz": self.clock_mhz,
        }


@dataclass(frozen=True)
class Explanation:
    """What binds the fastest pipeline that fits (None: none fits), its clock, the frames a second
    that a way out must reach (0: it must fit), and the ways out, the smallest change first."""

    binding: Binding | None
    clock_mhz: float
    goal: float
    ways_out: tuple[WayOut, ...]

    def to_json(self) -> dict[str, Any]:
        """The figures, with the names that `report.json` has for them; rates are modelled."""
        return {
            "binding": self.binding and self.binding.to_json(self.clock_mhz),
            "goal_fps": self.goal,
            "ways_out": [way.to_json() for way in self.ways_out],
        }


def explain(problem: Problem, clock_mhz: float, fps: float, boards: Sequence[Board]) -> Explanation:
    """What binds a pipeline at a clock, and the ways out: to `fps` if it is out of reach, else to a
    tenth more frames a second than the fastest pipeline that fits; to any pipeline if none fits."""
    best = problem.fastest(problem.limits)
    binding = binding_of(problem, best) if best else None
    rate = clock_mhz * 1e6 / best.interval if best else 0.0
    goal = fps if fps > rate else GAIN * rate
    search = Search(problem, clock_mhz, goal, best.interval if best else None)
    layers, built = problem.layers, tuple(problem.built)
    found = [
        search.smallest(channel_ladders(built, layers))
        or search.smallest([all_channels(built, layers)]),
        search.smallest(bit_ladders(built, layers)) or search.smallest([all_weights(layers)]),
        search.clock(),
        search.board(boards),
    ]
    ways = sorted((way for way in found if way), key=lambda way: way.size)
    return Explanation(binding, clock_mhz, goal, tuple(ways[:WAYS]))


@dataclass(frozen=True)
class Search:
    """The search for changes of a problem that reach `goal` frames a second (0: that fit) at a
    clock; `interval` is that of the fastest pipeline that fits, if one does."""

    problem: Problem
    clock_mhz: float
    goal: float
    interval: int | None

    @cached_property
    def wanted(self) -> int:
        """The longest interval that reaches the goal."""
        return interval_for(self.clock_mhz, self.goal)

    def space(self, works: Works) -> Space[Shape]:
        """The design space with new work for some layers."""
        layers = self.problem.layers
        made = {
            i: make_layer(layers[i].name, work, self.problem.model) for i, work in works.items()
        }
        return self.problem.space.replaced({i: layer.shapes for i, layer in made.items()})

    def reaches(self, change: Change) -> bool:
        """Whether a change reaches the goal."""
        return self.space(change.works).reaches(self.wanted, self.problem.limits)

    def promising(self, layers: Sequence[int]) -> bool:
        """Whether the goal would be reached if some layers took no time and nothing of the device:
        otherwise no change of theirs alone reaches it."""
        if self.problem.boundary.cycles > self.wanted:
            return False
        free = self.problem.space.replaced({i: (FREE,) for i in layers})
        return free.reaches(self.wanted, self.problem.limits)

    def smallest(self, ladders: Sequence[Ladder]) -> WayOut | None:
        """The smallest change of all ladders that reaches the goal; on one ladder found by
        bisection: more of a change is taken never to need more. What is found reaches the goal."""
        best: Change | None = None
        for ladder in ladders:
            changes = [each for each in ladder.changes if best is None or each.size < best.size]
            if changes and self.promising(ladder.layers) and self.reaches(changes[-1]):
                best = changes[bisect_left(changes, True, key=self.reaches)]
        return None if best is None else self.way_out(best)

    def way_out(self, change: Change) -> WayOut | None:
        """The fastest pipeline that a change leads to."""
        space = self.space(change.works)
        found = space.fastest(self.problem.boundary.cycles, self.problem.limits)
        return found and WayOut(change.what, change.size, found.interval, self.clock_mhz)

    def clock(self) -> WayOut | None:
        """The lowest clock, in whole megahertz, at which the fastest pipeline reaches the goal."""
        if self.interval is None:
            return None
        clock = math.ceil(self.goal * self.interval / 1e6 - ROUNDING)
        if clock > MAX_CLOCK_MHZ:
            return None
        what = f"clock it at {clock} MHz instead of {self.clock_mhz:g} (assumed, not promised)"
        return WayOut(what, clock / self.clock_mhz - 1, self.interval, clock)

    def board(self, boards: Sequence[Board]) -> WayOut | None:
        """The board with the fewest LUTs on which the goal is reached."""
        for board in sorted(boards, key=lambda board: board.budget.lut):
            limits = limits_of(board.budget, self.problem.fixed)
            wanted = interval_for(board.clock_mhz, self.goal)
            space = self.space_on(board)
            if self.problem.boundary.cycles <= wanted and space.reaches(wanted, limits):
                found = space.fastest(self.problem.boundary.cycles, limits)
                what = f"take a {board.name}"
                return found and WayOut(what, math.inf, found.interval, board.clock_mhz)
        return None

    def space_on(self, board: Board) -> Space[Shape]:
        """The design space with the coefficients of a board."""
        if board.model == self.problem.model:
            return self.problem.space
        layers = self.problem.layers
        return Space([make_layer(each.name, each.work, board.model).shapes for each in layers])


def interval_for(clock_mhz: float, fps: float) -> int:
    """The longest interval of so many frames a second; any interval for 0 frames."""
    return math.floor(clock_mhz * 1e6 / fps + ROUNDING) if fps else ANY_INTERVAL
