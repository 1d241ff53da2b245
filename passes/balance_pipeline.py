"""`balance-pipeline`: how many channels and taps every engine takes side by side."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from ..dialects.coefficients import coefficients_of
from ..dialects.memories import Resources
from .balancing.budget_search import Choice, Limits
from .balancing.design_space import layers_of
from .balancing.problem import (
    Problem,
    boundary_of,
    fixed_cost,
    least,
    limits_of,
    set_gap,
    shortfall,
)
from .balancing.shapes import Shape
from .balancing.stream_shaping import reshape

if TYPE_CHECKING:
    from .balancing.ways_out import Explanation


class OutOfReach(PassFailedException):
    """No pipeline fits the device, or none that is fast enough; with the ways out where these were
    asked for."""

    explanation: "Explanation | None" = None


@dataclass(frozen=True)
class BalancePipeline(ModulePass):
    """Chooses the lanes and taps of every convolution and GDN core, for all functions of the module
    together, and inserts the width converters that this needs. LUTs are weighed with the
    coefficients that the module carries.

    With `fps`, the fewest DSP slices that reach it; without, the fastest pipeline that fits `dsp`,
    `bram36`, `lut` and `ff` (those of a ZCU102 if not given; 0 for no limit). Exact under the model
    of `dialects/schedule.py` and `dialects/cost.py`: see `passes/balancing/budget_search.py`. With
    `packing`, products of 8-bit factors share DSP slices in pairs.

    Where the solver's effort does not suffice for the proof, the module gets an attribute
    `stream.gap = {cycles = …, dsp = …, lut = …}`: how far the pipeline may be from the optimum.
    """

    name = "balance-pipeline"

    dsp: int = 2520
    bram36: int = 912
    lut: int = 274080
    ff: int = 548160
    fps: float = 0.0
    clock_mhz: float = 200.0
    packing: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        problem = self.problem(op)
        self.build(op, problem, self.choose(problem))

    def build(self, module: ModuleOp, problem: Problem, choice: Choice[Shape]) -> None:
        """Gives the engines of a module the shapes of a choice, and the module its gap."""
        reshape(module, dict(zip(problem.built, choice.options, strict=True)))
        set_gap(module, choice.gap)

    def problem(self, module: ModuleOp) -> Problem:
        """What is to be balanced in a module; raises for wrong options, and for a layer that has no
        shape at all."""
        self.check_options()
        functions = [op for op in module.ops if isinstance(op, FuncOp)]
        built = layers_of(module, self.packing)
        for layer in built.values():
            if not layer.shapes:
                raise PassFailedException(f"{self.name}: {layer.name} is too wide to be built")
        model = coefficients_of(module)
        budget = Resources(self.dsp, 2 * self.bram36, self.lut, self.ff)
        fixed = fixed_cost(functions, model)
        return Problem(built, boundary_of(functions), fixed, limits_of(budget, fixed), model)

    def check_options(self) -> None:
        """Raises for a negative limit or rate."""
        for name in ("dsp", "bram36", "lut", "ff", "fps"):
            if (value := getattr(self, name)) < 0:
                raise PassFailedException(f"{self.name}: {name} must not be negative: {value}")
        if self.clock_mhz <= 0:
            raise PassFailedException(f"{self.name}: clock_mhz must be positive: {self.clock_mhz}")

    def rate(self, interval: int) -> float:
        """Frames a second at one frame every `interval` cycles."""
        return self.clock_mhz * 1e6 / interval

    @property
    def wanted(self) -> int:
        """The longest interval that reaches `fps`."""
        return math.floor(self.clock_mhz * 1e6 / self.fps)

    def choose(self, problem: Problem) -> Choice[Shape]:
        """The cheapest choice that reaches `fps`, or the fastest that fits."""
        if not self.fps:
            return self.fastest_of(problem)
        if problem.boundary.cycles <= self.wanted:
            choice = problem.space.cheapest(self.wanted, problem.limits)
            if choice is not None:
                return choice
        raise OutOfReach(self.out_of_reach(problem))

    def fastest_of(self, problem: Problem) -> Choice[Shape]:
        """The fastest choice that fits; raises if not even the smallest does."""
        choice = problem.fastest(problem.limits)
        if choice is not None:
            return choice
        raise OutOfReach(f"{self.name}: not even the smallest pipeline fits: {least(problem)}")

    def out_of_reach(self, problem: Problem) -> str:
        """Why `fps` is out of reach: the binding stage, the rate that fits, and what is missing."""
        best, wanted = self.fastest_of(problem), self.wanted
        text = (
            f"{self.name}: {self.fps:g} frames a second are out of reach: "
            f"{problem.binding(best)} binds at {self.rate(best.interval):.2f} frames a second "
            f"({best.interval} cycles a frame at {self.clock_mhz:g} MHz, {wanted} wanted)"
        )
        nearest = problem.space.nearest(wanted, problem.limits)
        if nearest is None or problem.boundary.cycles > wanted:
            unlimited = problem.fastest(Limits())
            assert unlimited is not None
            return (
                f"{text}; no parallelism reaches it: {problem.binding(unlimited)} needs at least "
                f"{unlimited.interval} cycles"
            )
        return f"{text}; {shortfall(nearest, problem.limits)}"
