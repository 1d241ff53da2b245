"""`balance-pipeline`: how many channels and taps every engine takes side by side."""

import math
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from ..dialects.coefficients import Coefficients, coefficients_of
from ..dialects.memories import Resources
from ..dialects.stream_checks import fifo_type
from .balancing.budget_search import Choice, Limits, cheapest, fastest
from .balancing.design_space import Layer, boundary_type, followers, layers_of
from .balancing.shapes import Shape, conversion_bound, requantizers_cost
from .balancing.stream_shaping import reshape

RESOURCES = {"dsp": "DSP slices", "bram18": "half block RAMs", "lut": "LUTs"}


@dataclass(frozen=True)
class Boundary:
    """The end of a function that carries most beats, and its cycles of a frame."""

    name: str
    cycles: int


@dataclass(frozen=True)
class Problem:
    """The engines to shape, the boundary that no shape makes faster, and what they may take."""

    layers: tuple[Layer, ...]
    boundary: Boundary
    limits: Limits

    @property
    def shapes(self) -> list[tuple[Shape, ...]]:
        """The shapes of every layer."""
        return [layer.shapes for layer in self.layers]

    def binding(self, choice: Choice[Shape]) -> str:
        """The name of the slowest layer of a choice, or of the boundary if it is slower."""
        layer, shape = max(
            zip(self.layers, choice.options, strict=True), key=lambda pair: pair[1].cycles
        )
        return layer.name if shape.cycles >= self.boundary.cycles else self.boundary.name


def boundary_of(functions: list[FuncOp]) -> Boundary:
    """The slowest argument or result of all functions, at a beat a cycle."""
    found = Boundary("the interface", 1)
    for function in functions:
        end = function.body.block.last_op
        results = end.arguments if isinstance(end, ReturnOp) else ()
        name = f"the interface of @{function.sym_name.data}"
        beats = [Boundary(name, boundary_steps(v)) for v in (*function.args, *results)]
        found = max([found, *beats], key=lambda b: b.cycles)
    return found


def boundary_steps(value: SSAValue) -> int:
    """Beats of a frame at the boundary of a function, or cycles of a width converter behind it."""
    fifo = boundary_type(fifo_type(value))
    return conversion_bound(fifo.pixels, fifo.words_per_pixel)


def fixed_cost(functions: list[FuncOp], model: Coefficients) -> Resources:
    """What the actors take whose lanes are those of a function's argument."""
    total = Resources()
    for value in (argument for function in functions for argument in function.args):
        lanes = boundary_type(fifo_type(value)).lanes
        total += requantizers_cost(followers(value), lanes, model)
    return total


@dataclass(frozen=True)
class BalancePipeline(ModulePass):
    """Chooses the lanes and taps of every convolution and GDN core, for all functions of the module
    together, and inserts the width converters that this needs. LUTs are weighed with the
    coefficients that the module carries.

    With `fps`, the fewest DSP slices that reach it; without, the fastest pipeline that fits `dsp`,
    `bram36` and `lut` (those of a ZCU102 if not given; 0 for no limit). Exact for DSP slices and
    block RAM under the model of `dialects/schedule.py` and `dialects/cost.py`: see
    `passes/balancing/budget_search.py`. With `packing`, products of 8-bit factors share DSP slices
    in pairs.
    """

    name = "balance-pipeline"

    dsp: int = 2520
    bram36: int = 912
    lut: int = 274080
    fps: float = 0.0
    clock_mhz: float = 200.0
    packing: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [inner for inner in op.ops if isinstance(inner, FuncOp)]
        built = layers_of(op, self.packing)
        layers = tuple(built.values())
        for layer in layers:
            if not layer.shapes:
                raise PassFailedException(f"{self.name}: {layer.name} is too wide to be built")
        fixed = fixed_cost(functions, coefficients_of(op))
        problem = Problem(layers, boundary_of(functions), self.limits(fixed))
        choice = self.choose(problem)
        reshape(op, dict(zip(built, choice.options, strict=True)))

    def limits(self, fixed: Resources) -> Limits:
        """What is left for the engines."""
        self.check_options()
        return Limits(
            self.dsp - fixed.dsp if self.dsp else math.inf,
            2 * self.bram36 - fixed.bram18 if self.bram36 else math.inf,
            self.lut - fixed.lut if self.lut else math.inf,
        )

    def check_options(self) -> None:
        """Raises for a negative limit or rate."""
        for name in ("dsp", "bram36", "lut", "fps"):
            if (value := getattr(self, name)) < 0:
                raise PassFailedException(f"{self.name}: {name} must not be negative: {value}")
        if self.clock_mhz <= 0:
            raise PassFailedException(f"{self.name}: clock_mhz must be positive: {self.clock_mhz}")

    def rate(self, interval: int) -> float:
        """Frames a second at one frame every `interval` cycles."""
        return self.clock_mhz * 1e6 / interval

    def choose(self, problem: Problem) -> Choice[Shape]:
        """The cheapest choice that reaches `fps`, or the fastest that fits."""
        if not self.fps:
            return self.fastest_of(problem)
        interval = math.floor(self.clock_mhz * 1e6 / self.fps)
        if problem.boundary.cycles <= interval:
            choice = cheapest(problem.shapes, interval, problem.limits)
            if choice is not None:
                return choice
        raise PassFailedException(self.out_of_reach(problem, interval))

    def fastest_of(self, problem: Problem) -> Choice[Shape]:
        """The fastest choice that fits; raises if not even the smallest does."""
        choice = fastest(problem.shapes, problem.boundary.cycles, problem.limits)
        if choice is not None:
            return choice
        raise PassFailedException(
            f"{self.name}: not even the smallest pipeline fits: {least(problem)}"
        )

    def out_of_reach(self, problem: Problem, interval: int) -> str:
        """Why `fps` is out of reach: the binding stage, the rate that fits, and what is missing."""
        best = self.fastest_of(problem)
        text = (
            f"{self.name}: {self.fps:g} frames a second are out of reach: "
            f"{problem.binding(best)} binds at {self.rate(best.interval):.2f} frames a second "
            f"({best.interval} cycles a frame at {self.clock_mhz:g} MHz, {interval} wanted)"
        )
        wanted = cheapest(problem.shapes, interval, Limits())
        if wanted is None or problem.boundary.cycles > interval:
            unlimited = fastest(problem.shapes, problem.boundary.cycles, Limits())
            assert unlimited is not None
            return (
                f"{text}; no parallelism reaches it: {problem.binding(unlimited)} needs at least "
                f"{unlimited.interval} cycles"
            )
        return f"{text}; {shortfall(wanted, problem.limits)}"


def least(problem: Problem) -> str:
    """What even the shapes that take least of each resource take beyond the limits."""
    totals = {
        name: sum(min(getattr(shape, name) for shape in layer) for layer in problem.shapes)
        for name in RESOURCES
    }
    return excess(totals, problem.limits)


def shortfall(choice: Choice[Shape], limits: Limits) -> str:
    """What a choice takes beyond the limits."""
    return excess({name: choice.total(name) for name in RESOURCES}, limits)


def excess(totals: dict[str, int], limits: Limits) -> str:
    """What of some totals is beyond the limits."""
    parts: list[str] = []
    for name, unit in RESOURCES.items():
        have = max(0.0, getattr(limits, name))
        if totals[name] > have:
            short = totals[name] - int(have)
            parts.append(f"{totals[name]} {unit} needed, {int(have)} available, {short} short")
    return "; ".join(parts) or "DSP slices, block RAM and LUTs do not fit together"
