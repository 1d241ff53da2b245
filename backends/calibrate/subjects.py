"""What of a design a report can measure: its actors, its ports and its whole cores."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from ...dialects.coefficients import Coefficients
from ...dialects.cost import actor_cost, boundary_cost, port_cost
from ...dialects.memories import Resources
from ...dialects.stream import Actor
from ..hls.core import Core, cores_of
from ..hls.layout import layout_of
from ..report import boundary
from ..report.estimates import actor_class
from ..report.stages import CostModel, rows_of
from ..targets.calibration import CORE, PORT
from .terms import Cost, Terms, terms_of


@dataclass(frozen=True)
class Subject:
    """Something that the cost model predicts: its core, its name in the C++, its class, its cost
    as a function of the coefficients; `template` is the kernel's, "" for a core."""

    core: str
    name: str
    kind: str
    cost: Cost
    template: str = ""

    @cached_property
    def terms(self) -> Terms:
        """What the coefficients are multiplied with."""
        return terms_of(self.cost)

    @property
    def instances(self) -> tuple[str, ...]:
        """How the names of its kernel's modules begin: Vitis HLS calls `licc::mac<g_a_0_mac>`
        mac_g_a_0_mac, and puts the core's name before that in its Verilog."""
        instance = f"{self.template}_{self.name}"
        return (instance, f"{self.core}_{instance}") if self.template else ()

    @property
    def modules(self) -> tuple[str, ...]:
        """The names that its module may have; that of a template's instance ends in _s."""
        if not self.template:
            return (self.name,)
        ends = tuple(f"{instance}_s" for instance in self.instances)
        return (*ends, *self.instances, self.name, f"{self.core}_{self.name}")


def subjects_of(module: ModuleOp) -> tuple[Subject, ...]:
    """The subjects of a stream module, core by core; `HlsError` if it is at another level."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    found: list[Subject] = []
    for core, function in zip(cores_of(module), functions, strict=True):
        cost = partial(core_cost, function)
        found += [*_processes(core, function), Subject(core.name, core.name, CORE, cost)]
    return tuple(found)


def core_cost(function: FuncOp, model: Coefficients) -> Resources:
    """What a core takes, as its report adds it up: stages, FIFOs and ports."""
    rows = rows_of(function, CostModel(model, None))
    ports = (boundary_cost(value, model) for value in boundary(function))
    return sum((*(row.cost for row in rows), *ports), Resources())


def port_widths(module: ModuleOp) -> dict[str, dict[str, int]]:
    """For every core, the bits of the data of its AXI4-Streams `in` and `out`, which are words of
    VHDL, so that Vitis HLS may call them in_r and out_r."""
    widths: dict[str, dict[str, int]] = {}
    for core in cores_of(module):
        ports = widths.setdefault(core.name, {})
        for port, fifo in (("in", core.input), ("out", core.output)):
            layout = layout_of(fifo)
            names = (f"{port}_TDATA", f"{port}_r_TDATA")
            ports |= dict.fromkeys(names, layout.lanes * layout.lane_bytes * 8)
    return widths


def _processes(core: Core, function: FuncOp) -> Iterator[Subject]:
    """A core has a process for its argument, one for each actor, and one for its result."""
    source, result = boundary(function)
    actors = [op for op in function.body.block.ops if isinstance(op, Actor)]
    for process, what in zip(core.processes, (source, *actors, result), strict=True):
        kind, cost = _cost_of(what)
        yield Subject(core.name, process.name, kind, cost, process.kernel.template)


def _cost_of(what: SSAValue | Operation) -> tuple[str, Cost]:
    if isinstance(what, Actor):
        return actor_class(what), partial(actor_cost, what)
    assert isinstance(what, SSAValue)
    return PORT, partial(port_cost, what)
