"""What the actors of a design take of a device: as the cost model says, and as yosys finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from ...dialects.coefficients import Coefficients, coefficients_of
from ...dialects.cost import actor_cost, boundary_cost, fifos_cost, port_cost
from ...dialects.memories import Resources
from ...dialects.stream import Actor
from ..calibrate.reports import Amounts
from ..report import boundary
from ..targets.calibration import RESOURCES
from .project import LIBRARY, write_rtl
from .synthesised import Synthesiser
from .yosys import find_yosys, total_of


@dataclass(frozen=True)
class SynthesisRow:
    """An actor, or a port, with the FIFOs that it writes: its name, what the model says that it
    takes, and what yosys found."""

    name: str
    modelled: Amounts
    synthesised: Amounts

    def to_json(self) -> dict[str, Any]:
        """Both figures of every resource, under what they rest on."""
        pairs = {
            name: {"modelled": self.modelled[name], "synthesised": self.synthesised[name]}
            for name in RESOURCES
        }
        return {"name": self.name, **pairs}


@dataclass(frozen=True)
class Synthesis:
    """A function with a row for each of its actors; the tool that synthesised it."""

    function: str
    tool: str
    rows: tuple[SynthesisRow, ...]

    @property
    def total(self) -> SynthesisRow:
        """All rows added up."""
        modelled = sum((row.modelled for row in self.rows), Amounts())
        synthesised = sum((row.synthesised for row in self.rows), Amounts())
        return SynthesisRow("total", modelled, synthesised)

    def to_json(self) -> dict[str, Any]:
        """The rows and their total."""
        rows = [row.to_json() for row in self.rows]
        return {"function": self.function, "tool": self.tool, "actors": rows} | {
            "total": self.total.to_json()
        }


def synthesise(
    module: ModuleOp, path: Path, progress: Callable[[str], None], jobs: int = 1
) -> list[Synthesis]:
    """Prints a stream-level module into a folder, and synthesises its actors, in `jobs` runs of
    yosys at once. What was synthesised before is not synthesised again.

    Raises `RtlError` if the library lacks an actor, or if yosys is missing or fails.
    """
    tool = find_yosys()
    project = write_rtl(module, path)
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    coefficients = coefficients_of(module)
    found: list[Synthesis] = []
    for top, function in zip(project.tops, functions, strict=True):
        names = [instance.name for instance in top.instances]
        synthesiser = Synthesiser(tool, project.folder(top), f"../{LIBRARY}", jobs)
        reports = synthesiser.reports(names, progress)
        rows = tuple(
            SynthesisRow(name, amounts(cost), total_of(report, name))
            for name, cost, report in zip(
                names, costs_of(function, coefficients), reports, strict=True
            )
        )
        found.append(Synthesis(top.core.function, reports[0].tool, rows))
    return found


def costs_of(function: FuncOp, model: Coefficients) -> Iterator[Resources]:
    """What the model says of the processes of a core, each with the FIFOs that it writes."""
    source, result = boundary(function)
    yield boundary_cost(source, model)
    for op in function.body.block.ops:
        if isinstance(op, Actor):
            yield actor_cost(op, model) + fifos_cost(op)
    yield port_cost(result, model)


def amounts(cost: Resources) -> Amounts:
    """The model's figures in the units of reports."""
    return Amounts(cost.dsp, cost.bram36, cost.lut, cost.ff)
