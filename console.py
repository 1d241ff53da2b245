"""What the command line prints: a live line on a terminal, plain lines elsewhere, and tables."""

import time
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console as RichConsole
from rich.status import Status
from rich.table import Table

if TYPE_CHECKING:
    from .backends.calibrate import Calibrated
    from .backends.design import Design
    from .backends.design.verify import Verification
    from .backends.lint import Finding
    from .backends.simulator import Simulation
    from .backends.simulator.replay import Replay
    from .compiler import PassRun
    from .dimensioning import Dimensions, Width

SHOWN = 5
BUDGETS = {"dsp": "DSP slices", "bram36": "block RAM", "lut": "LUTs", "ff": "registers"}


def expected_errors() -> tuple[type[Exception], ...]:
    """The exceptions that are a message for the person at the terminal, not a defect of licc."""
    from xdsl.utils.exceptions import PassFailedException

    return (PassFailedException, ValueError, OSError)


class Console:
    """Prints progress to standard error and results to standard output."""

    def __init__(self, quiet: bool = False):
        self._errors = RichConsole(stderr=True, highlight=False, soft_wrap=True)
        self._output = RichConsole(highlight=False, soft_wrap=True, quiet=quiet)
        self._quiet = quiet
        self._status: Status | None = None
        self._runs: list[PassRun] = []
        self._start = time.perf_counter()

    def __enter__(self) -> "Console":
        if self._errors.is_terminal and not self._quiet:
            self._status = self._errors.status("starting")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status:
            self._status.stop()
            self._status = None

    def step(self, text: str) -> None:
        """What is being done now."""
        if self._status:
            self._status.update(text)
        elif not self._quiet:
            self._errors.print(text, markup=False)

    def passed(self, run: "PassRun") -> None:
        """A pass has run."""
        self._runs.append(run)
        self.step(f"pass {run.number}: {run.name}")

    def error(self, text: str) -> None:
        """A failure, in red on a terminal."""
        self._errors.print("licc: error:", style="red", end=" ")
        self._errors.print(text, markup=False)

    def warning(self, text: str) -> None:
        """Something wrong that stops nothing."""
        self._errors.print("licc: warning:", style="yellow", end=" ")
        self._errors.print(text, markup=False)

    def print(self, content: Table | str) -> None:
        """A table, or a line as it is."""
        self._output.print(content, markup=False)

    def student(self, path: Path) -> None:
        """A training has ended."""
        self._output.print(f"{path}: next, `licc compile {path}`", markup=False)

    def summary(self, design: "Design", timing: bool) -> None:
        """The figures of a design, and with `timing` those of its compilation."""
        from .backends.report.estimates import estimate_lines

        table = Table("engine", "fps", "cycles/frame", "DSP", "BRAM36", "LUT", "DSP efficiency")
        for name, engine in design.report["engines"].items():
            resources = engine["resources"]
            table.add_row(
                name,
                f"{engine['fps']['value']:.1f}",
                f"{engine['cycles_per_frame']:,}",
                *(f"{resources[key]['used']:,.0f}" for key in ("dsp", "bram36", "lut")),
                f"{engine['dsp_efficiency']:.0%}",
            )
        self._output.print(table)
        self._output.print("fps at the assumed clock; all figures are modelled")
        if kept := design.report["model"]["numbers"]["budget"]:
            self._output.print(
                f"{kept['budget']}: {kept['precision']} loses {kept['measured']:.3f} dB at equal "
                f"rate on the calibration images (measured; {kept['allowed']:.3f} allowed), with "
                f"{kept['dsp_cycles']:.0%} of the DSP-cycles of single products",
                markup=False,
            )
        for line in estimate_lines(design.report["engines"]):
            self._output.print(line, markup=False)
        if sources := design.report["target"]["calibration"]:
            self._output.print(f"calibrated with {'; '.join(sources)}", markup=False)
        if gap := design.report["balance"]["gap"]:
            self._output.print(
                f"not proven to be optimal: at most {gap['cycles']:,} cycles, {gap['dsp']:,} DSP "
                f"slices, {gap['lut']:,} LUTs away"
            )
        if timing:
            passes = Table("pass", "seconds")
            for run in self._runs:
                passes.add_row(run.name, f"{run.seconds:.2f}")
            passes.add_row("total", f"{time.perf_counter() - self._start:.2f}")
            self._output.print(passes)
        self._output.print(f"{design.path}: next, `licc verify {design.path} --images IMAGE`")

    def explanation(self, found: dict[str, Any]) -> None:
        """What binds the frame rate, and the ways out: `Explanation.to_json`."""
        if binding := found["binding"]:
            self._output.print(
                f"{binding['stage']} binds: {binding['cycles_per_frame']:,} cycles a frame, "
                f"{binding['fps']:.1f} fps at most"
            )
            self._output.print(_relaxed(binding))
        goal = f"to {found['goal_fps']:.1f} fps" if found["goal_fps"] else "to a pipeline that fits"
        if not found["ways_out"]:
            self._output.print(f"no single change leads {goal}")
            return
        table = Table(f"way out, {goal}", "change", "fps", "cycles/frame")
        for way in found["ways_out"]:
            size = "" if way["size"] is None else f"{way['size']:.0%}"
            table.add_row(way["what"], size, f"{way['fps']:.1f}", f"{way['cycles_per_frame']:,}")
        self._output.print(table)
        self._output.print("modelled; what a change does to the images is not")

    def verification(self, result: "Verification") -> None:
        """The links that were checked, and the PSNR of both programs."""
        table = Table("check", "values", "differ", "result")
        for check in result.checks:
            differ = f"{check.mismatches:,}" if check.max_abs is None else f"{check.max_abs:.1e}"
            verdict = "skipped" if check.skipped else "ok" if check.ok else "FAILED"
            table.add_row(check.name, f"{check.values:,}", differ, verdict)
        self._output.print(table)
        for check in result.checks:
            if note := check.skipped or check.first:
                self._output.print(f"{check.name}: {note}", markup=False)
        figures = result.to_json()
        if figures["psnr_float"] is not None:
            self._output.print(
                f"PSNR {figures['psnr_float']:.3f} dB in float, "
                f"{figures['psnr_int']:.3f} dB in integers (measured)"
            )

    def simulation(self, found: tuple["Simulation", ...], clock_mhz: float) -> None:
        """What a simulation found, function by function; who waits, where one stopped."""
        table = Table("function", "fps", "cycles/frame", "latency", "first output", "slowest actor")
        for result in found:
            if result.deadlock:
                waiting = "\n  ".join(result.waiting)
                self.error(f"@{result.function}: deadlock; these wait:\n  {waiting}")
                continue
            busiest = max(result.actors, key=lambda actor: actor.busy)
            cycles = (result.interval, result.latency, result.first_output)
            numbers = (f"{count:,}" for count in cycles)
            rate = f"{clock_mhz * 1e6 / result.interval:.1f}"
            table.add_row(f"@{result.function}", rate, *numbers, busiest.name)
        if table.row_count:
            self._output.print(table)
            self._output.print("fps at the assumed clock; cycles are simulated")

    def timings(self, diagrams: dict[str, str]) -> None:
        """The timing diagram of every function."""
        for function, diagram in diagrams.items():
            self._output.print(f"\n@{function}\n{diagram}", markup=False)

    def calibration(self, found: "Calibrated", output: Path) -> None:
        """The errors of a calibrated target, and what it does not rest on."""
        columns = ("DSP worst", "BRAM36 worst", "LUT rms (left out)", "FF rms (left out)")
        table = Table("class", "samples", *columns)
        for kind, found_errors in found.calibration.errors.items():
            dsp, bram36, *fitted = (found_errors[name] for name in ("dsp", "bram36", "lut", "ff"))
            cells = [f"{spread.worst:+.1%}" for spread in (dsp, bram36)]
            for spread in fitted:
                left_out = "" if spread.left_out is None else f" ({spread.left_out:.1%})"
                cells.append(f"{spread.rms:.1%}{left_out}")
            table.add_row(kind, str(dsp.samples), *cells)
        self._output.print(table)
        self._output.print("errors relative to what was measured; left out: of fits without it")
        notes = {
            "coefficients kept, for the reports do not determine them": found.calibration.kept,
            "actors and ports that no report has": found.missing,
            "modules left out, for the design has no such actor": found.unknown,
        }
        for note, names in notes.items():
            if names:
                more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
                self._output.print(f"{note}: {', '.join(names[:SHOWN])}{more}", markup=False)
        self._output.print(f"{output}: next, `licc compile MODEL --target {output}`", markup=False)

    def dimensions(self, found: "Dimensions") -> None:
        """What every width takes, the largest that fits, and why the next one does not."""
        columns = ("GMAC", "params", "cycles", "fps", "fastest", "DSP", "BRAM36", "LUT", "fits")
        table = Table("N", *columns, collapse_padding=True, pad_edge=False)
        for width in found.widths:
            table.add_row(*_width_cells(width))
        self._output.print(table)
        searched = found.demand.search_fifos
        note = "" if searched else ", BRAM36 and LUT before the search of FIFO depths"
        self._output.print(
            f"a frame at an assumed clock of {found.clock_mhz:g} MHz; fastest: the most fps that "
            f"fit the board; all figures are modelled{note}"
        )
        rate = f"{found.demand.fps:g} fps"
        if found.guaranteed:
            self._output.print(f"largest N that reaches {rate}: {found.largest_n}")
            self._output.print(_guarantee(found.guaranteed, rate))
        wider = (width for width in found.widths if width.n > found.largest_n)
        if (following := next(wider, None)) and found.largest_n:
            self._output.print(f"N={following.n}: {following.shortfall}", markup=False)

    def findings(self, path: Path, found: tuple["Finding", ...]) -> None:
        """What lint objects to, a line each."""
        folder = path if path.is_dir() else path.parent
        for finding in found:
            self._output.print(f"{folder}/{finding}", markup=False)
        rules = Counter(finding.rule for finding in found)
        count = ", ".join(f"{number} {rule}" for rule, number in sorted(rules.items()))
        self._output.print(f"{path}: {count or 'nothing to object to'}", markup=False)

    def replays(self, found: tuple["Replay", ...]) -> None:
        """What came of replaying certificates, and all that is not as certified."""
        table = Table("function", "FIFOs", "critical", "cycles/frame", "certificate")
        for one in found:
            counts = (f"{count:,}" for count in (one.fifos, one.critical, one.interval))
            table.add_row(f"@{one.function}", *counts, "ok" if one.ok else "FAILED")
        self._output.print(table)
        for line in (line for one in found for line in one.failures):
            self.error(line)

    def targets(self) -> None:
        """The boards, and what they have."""
        from .backends.targets import list_targets, load_target

        table = Table("target", "part", "MHz", "DSP", "BRAM36", "URAM", "LUT", "FF")
        for name in list_targets():
            target = load_target(name)
            have = target.resources
            amounts = (have.dsp, have.bram36, have.uram, have.lut, have.ff)
            numbers = (f"{amount:,}" for amount in amounts)
            table.add_row(name, target.part, f"{target.clock_mhz:g}", *numbers)
        self._output.print(table)


def _width_cells(width: "Width") -> list[str]:
    """A row of the table of widths; a dash where nothing fits."""
    rates = (f"{rate:.1f}" if rate else "-" for rate in (width.fps, width.fastest_fps))
    return [
        str(width.n),
        f"{width.macs_per_frame / 1e9:.2f}",
        f"{width.parameters / 1e6:.2f}M",
        f"{width.cycles_per_frame:,}" if width.cycles_per_frame else "-",
        *rates,
        "-" if width.dsp is None else f"{width.dsp:,}",
        "-" if width.bram36 is None else f"{width.bram36:,.1f}",
        "-" if width.lut is None else f"{width.lut:,}",
        "yes" if width.fits else "no",
    ]


def _guarantee(width: "Width", rate: str) -> str:
    """What holds for the largest width however its weights come out, in words."""
    if not width.fits:
        return f"with the largest weights that their bits allow it would not: {width.shortfall}"
    return (
        f"whatever its weights, {rate} fit with at most {width.dsp:,} DSP slices; the largest that "
        f"their bits allow take {width.bram36:,.1f} BRAM36, {width.lut:,} LUTs"
    )


def _relaxed(binding: dict[str, Any]) -> str:
    """What the binding budgets are, in words."""
    if not binding["budgets"]:
        return "no device has a parallelism that is faster"
    names = " and ".join(BUDGETS[name] for name in binding["budgets"])
    return f"the budget that binds: {names}; without, {binding['fps_without_budgets']:.1f} fps"
