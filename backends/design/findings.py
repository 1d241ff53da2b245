"""Keeps in the report of a design what simulation and synthesis of its RTL found."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...files import write_json
from ..report.findings import with_cycles, with_resources
from ..rtl.synthesis import Synthesis, synthesise
from ..targets.calibration import RESOURCES
from .folder import REPORT, Design, DesignError, open_design
from .verify_rtl import RtlFigures


def keep_cycles(design: Design, figures: Mapping[str, RtlFigures]) -> None:
    """Writes the cycles of every function into `report.json`; `DesignError` if that fails."""
    intervals = {name: found.measured.interval for name, found in figures.items()}
    latencies = {name: found.measured.latency for name, found in figures.items()}
    _write(design, with_cycles(report_of(design), intervals, latencies))


def synthesise_design(
    design: Design, progress: Callable[[str], None], jobs: int = 1
) -> Sequence[Synthesis]:
    """Synthesises every actor of a design, `jobs` runs of yosys at once, and writes what its
    functions take into `report.json`. Raises `RtlError` as `synthesise`, and `DesignError` if the
    report cannot be written."""
    found = synthesise(design.module("stream"), design.rtl, progress, jobs)
    totals = {one.function: one.total.synthesised for one in found}
    taken = {name: {key: total[key] for key in RESOURCES} for name, total in totals.items()}
    _write(design, with_resources(report_of(design), taken))
    return found


def report_of(design: Design) -> dict[str, Any]:
    """The report as it is now: another command may have written it since it was read."""
    return open_design(design.path).report


def _write(design: Design, report: dict[str, Any]) -> None:
    path = design.path / REPORT
    try:
        write_json(path, report)
    except OSError as error:
        raise DesignError(f"{path}: cannot write here: {error.strerror}") from error
