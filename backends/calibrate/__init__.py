"""`licc calibrate`: fits a target's coefficients to the reports of a synthesis tool, and keeps what
was predicted beside what was measured.

LUTs and registers are fitted, for the cost model has coefficients for them; DSP slices and block
RAM follow from the structure of the kernels and are compared only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..design import open_design
from ..targets import Target, find_target, read_target
from ..targets.calibration import Calibration
from ..targets.writer import check_target_output, write_target
from .fit import fit
from .reports import CalibrationError, Report, read_text
from .samples import match
from .spreads import actors, spreads, trials
from .subjects import port_widths, subjects_of
from .vitis import parse_vitis
from .yosys import parse_yosys

FIFOS = frozenset({"licc_fifo"})  # in licc's RTL, inside the actors that write them

__all__ = ["Calibrated", "CalibrationError", "calibrate_target", "read_report"]


@dataclass(frozen=True)
class Calibrated:
    """A target that was calibrated; the modules of the reports that are none of the design's, and
    the actors and ports of which the reports say nothing."""

    target: Target
    calibration: Calibration
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def read_report(path: str | Path) -> Report:
    """A report of Vitis HLS (`csynth.xml`, `<module>_csynth.xml`) or of yosys (`stat -json`), told
    apart by how the text begins; `CalibrationError` if it is neither."""
    file = Path(path)
    text = read_text(file)
    match text.lstrip()[:1]:
        case "<":
            return parse_vitis(file, text)
        case "{":
            return parse_yosys(file, text, FIFOS)
        case _:
            raise CalibrationError(
                f"{file}: not a report: csynth.xml of Vitis HLS and what `stat -json` of yosys "
                "prints can be read"
            )


def calibrate_target(
    reports: Sequence[str | Path],
    design: str | Path,
    output: str | Path,
    target: str | Path | None = None,
) -> Calibrated:
    """Writes the file `output`: a target whose coefficients fit reports of a design's cores.

    `target` is the one to begin with, a name or a file, by default the design's own; coefficients
    that the reports do not determine are kept from it. Raises `CalibrationError`, `TargetError`,
    `DesignError` or `HlsError` with one line for the person at the terminal; then nothing is
    written.
    """
    opened = open_design(Path(design))
    base = find_target(target or str(opened.report["target"]["name"]))
    start = read_target(base)
    check_target_output(Path(output))
    found = [read_report(path) for path in reports]
    for report in found:
        _check_part(report, start)
    module = opened.module("stream")
    matched = match(found, subjects_of(module), port_widths(module))
    fitted = fit(actors(matched.samples), start.coefficients)
    tried = trials(matched.samples, fitted.coefficients, start.coefficients)
    calibration = Calibration(
        tuple(report.source for report in found),
        fitted.kept,
        spreads(tried),
        tuple(trial.comparison for trial in tried),
    )
    written = write_target(Path(output), base, fitted.coefficients, calibration)
    return Calibrated(written, calibration, matched.unknown, matched.missing)


def _check_part(report: Report, target: Target) -> None:
    if report.part and report.part.lower() != target.part.lower():
        raise CalibrationError(
            f"{report.file}: made for {report.part}, but {target.name} has {target.part}; "
            "--target names another"
        )
