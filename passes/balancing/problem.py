"""What `balance-pipeline` decides on: the engines to shape, and what they may take together."""

import math
from dataclasses import asdict, dataclass
from functools import cached_property

from xdsl.dialects.builtin import DictionaryAttr, IntegerAttr, ModuleOp, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue

from ...dialects.coefficients import Coefficients
from ...dialects.cost import converter_cost, port_cost
from ...dialects.memories import SRL_DEPTH, Resources, fifo_cost
from ...dialects.pipelines import CONVERTER
from ...dialects.stream_checks import fifo_type
from .budget_search import Choice, Gap, Limits, Space
from .design_space import Built, Layer, boundary_type, followers
from .shapes import Shape, conversion_bound, requantizers_cost

GAP_KEY = "stream.gap"
ANY_INTERVAL = 1 << 62
RESOURCES = {"dsp": "DSP slices", "bram18": "half block RAMs", "lut": "LUTs", "ff": "registers"}


@dataclass(frozen=True)
class Boundary:
    """The end of a function that carries most beats, and its cycles of a frame."""

    name: str
    cycles: int


@dataclass(frozen=True)
class Problem:
    """The engines to shape, by their ops; the boundary that no shape makes faster; what no shape
    changes (`fixed`), and what is left for the engines together; what LUTs and registers are
    counted with."""

    built: dict[Built, Layer]
    boundary: Boundary
    fixed: Resources
    limits: Limits
    model: Coefficients

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers in the order of the program."""
        return tuple(self.built.values())

    @cached_property
    def space(self) -> Space[Shape]:
        """The shapes of all layers, and the searches among them."""
        return Space([layer.shapes for layer in self.layers])

    def fastest(self, limits: Limits) -> Choice[Shape] | None:
        """The cheapest choice for the shortest interval that some limits and the boundary allow."""
        return self.space.fastest(self.boundary.cycles, limits)

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
        name = f"the interface of @{function.sym_name.data}"
        beats = [Boundary(name, boundary_steps(v)) for v in (*function.args, *results_of(function))]
        found = max([found, *beats], key=lambda b: b.cycles)
    return found


def boundary_steps(value: SSAValue) -> int:
    """Beats of a frame at the boundary of a function, or cycles of a width converter behind it."""
    fifo = boundary_type(fifo_type(value))
    return conversion_bound(fifo.pixels, fifo.words_per_pixel)


def fixed_cost(functions: list[FuncOp], model: Coefficients) -> Resources:
    """What no shape changes: the ports, the FIFOs at them, the width converters before those that
    lead out, and the requantisers that have the lanes of an argument."""
    total = Resources()
    for function in functions:
        for value in function.args:
            fifo = boundary_type(fifo_type(value)).with_depth(SRL_DEPTH)
            total += port_cost(value, model) + fifo_cost(fifo)
            total += requantizers_cost(followers(value), fifo.lanes, model)
        for value in results_of(function):
            fifo = boundary_type(fifo_type(value)).with_depth(SRL_DEPTH)
            converter = converter_cost(fifo, fifo, model)
            total += port_cost(value, model) + fifo_cost(fifo, CONVERTER) + converter
    return total


def results_of(function: FuncOp) -> tuple[SSAValue, ...]:
    """The values that a function returns."""
    end = function.body.block.last_op
    return tuple(end.arguments) if isinstance(end, ReturnOp) else ()


def set_gap(module: ModuleOp, gap: Gap) -> None:
    """Makes a module carry a gap if there is one."""
    module.attributes.pop(GAP_KEY, None)
    if gap != Gap():
        values = {name: IntegerAttr(value, i64) for name, value in asdict(gap).items()}
        module.attributes[GAP_KEY] = DictionaryAttr(dict(values))


def gap_of(module: ModuleOp) -> Gap | None:
    """The gap that a module carries; none if its pipeline is optimal."""
    found = module.attributes.get(GAP_KEY)
    if not isinstance(found, DictionaryAttr):
        return None
    values = {k: v.value.data for k, v in found.data.items() if isinstance(v, IntegerAttr)}
    return Gap(**values)


def limits_of(budget: Resources, fixed: Resources) -> Limits:
    """What a budget leaves for the engines; a budget of 0 is none."""
    left = (
        getattr(budget, name) - getattr(fixed, name) if getattr(budget, name) else math.inf
        for name in RESOURCES
    )
    return Limits(*left)


def least(problem: Problem) -> str:
    """What even the shapes that take least of each resource take beyond the limits; if each alone
    is enough, what the choice that comes nearest to all of them does."""
    totals = {
        name: sum(
            min(getattr(shape.cost, name) for shape in layer.shapes) for layer in problem.layers
        )
        for name in RESOURCES
    }
    if alone := excess(totals, problem.limits):
        return alone
    nearest = problem.space.nearest(ANY_INTERVAL, problem.limits)
    assert nearest is not None
    return (
        f"each resource alone is enough, all together are not: {shortfall(nearest, problem.limits)}"
    )


def shortfall(choice: Choice[Shape], limits: Limits) -> str:
    """What a choice takes beyond the limits."""
    found = excess({name: choice.total(name) for name in RESOURCES}, limits)
    return found or "none was found that fits, nor was it proven that there is none"


def excess(totals: dict[str, int], limits: Limits) -> str:
    """What of some totals is beyond the limits."""
    parts: list[str] = []
    for name, unit in RESOURCES.items():
        have = max(0.0, getattr(limits, name))
        if totals[name] > have:
            short = totals[name] - int(have)
            parts.append(f"{totals[name]} {unit} needed, {int(have)} available, {short} short")
    return "; ".join(parts)
