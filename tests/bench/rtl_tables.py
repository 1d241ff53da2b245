"""The tables of docs/rtl.md: cycles of the RTL, the cycle simulator and the closed form; and what
actors take, by the cost model and by yosys. Everything is run again and written between the marks.

    python tests/bench/rtl_tables.py [--small] [--check] [--jobs N] [--folder FOLDER]

With --small only the tables of the engines' pages, in about a minute; with --check they are
compared with those of the page instead, and a difference is an error. Without --small, the model is
fitted to one set of actors, tested on another, and the targets that licc carries get the
coefficients and their errors. That takes hours the first time, since yosys does; what it found is
kept (in `licc`'s cache), and FOLDER keeps the printed RTL.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from importlib.resources import files
from pathlib import Path

import numpy as np
from rtl_samples import CYCLES, FIT, ROOT, SMALL, TEST, Case, folder_of, measured
from xdsl.dialects.func import FuncOp

from licc.backends import targets
from licc.backends.calibrate.fit import fit
from licc.backends.calibrate.samples import Sample
from licc.backends.calibrate.spreads import Trial, actors, predict, spreads
from licc.backends.rtl import Stalls, build, find_verilator, write_rtl
from licc.backends.simulator import simulate_function
from licc.backends.targets import load_target
from licc.backends.targets.calibration import ACTORS, CORE, RESOURCES, Calibration
from licc.backends.targets.writer import write_target
from licc.dialects.coefficients import Coefficients
from licc.dialects.schedule import frame_cycles

PAGE = ROOT / "docs" / "rtl.md"
FRAMES = 3
EACH_FUNCTION = """
| | | interval, RTL | simulator | closed form | latency, RTL | simulator, with pipelines |
|---|---|---|---|---|---|---|"""
EACH = """
| actor or port | DSP | BRAM36 | LUT | FF |
|---|---|---|---|---|"""
CLASSES = """
| class | number | DSP equal | BRAM equal | LUT | rms, worst | FF | rms, worst | within |
|---|---|---|---|---|---|---|---|---|"""
LIMITS = {"lut": (0.15, 15), "ff": (0.25, 25)}  # of errors; below SMALL_LUTS, absolute
SMALL_LUTS = 100


def main() -> None:
    """Writes the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--small", action="store_true", help="of the engines' pages only")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("--jobs", type=int, default=1, help="runs of yosys at once")
    parser.add_argument("--folder", type=Path, help="keeps the printed RTL")
    options = parser.parse_args()
    text = PAGE.read_text()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        tables = {} if options.small else large_tables(folder, options.jobs)
        tables |= small_tables(folder, options.jobs)
    found = text
    for mark, lines in tables.items():
        found = filled(found, mark, lines)
    if not options.check:
        PAGE.write_text(found)
    elif found != text:
        lines = (page.splitlines(keepends=True) for page in (text, found))
        sys.exit("".join(unified_diff(*lines, "docs/rtl.md", "found")))


def filled(text: str, mark: str, lines: Sequence[str]) -> str:
    """A page with other lines between `<!-- mark -->` and `<!-- /mark -->`."""
    before, begin, rest = text.partition(f"<!-- {mark} -->\n")
    _, end, after = rest.partition(f"<!-- /{mark} -->")
    assert begin, mark
    assert end, mark
    return before + begin + "\n".join(lines).strip("\n") + "\n" + end + after


def small_tables(folder: Path, jobs: int) -> dict[str, list[str]]:
    """The tables of the engines' pages, by their marks."""
    samples = actors(measured(SMALL, folder, jobs, print))
    rows = [row(sample, shipped()) for sample in samples]
    return {
        "cycles-small": cycles(SMALL, folder),
        "resources-small": [EACH, *rows],
    }


def shipped() -> Coefficients:
    """The coefficients of the targets that licc carries."""
    return load_target("zcu102").coefficients


def row(sample: Sample, model: Coefficients) -> str:
    """An actor: what the model says, and what yosys found."""
    predicted, found = predict(sample, model), sample.measured
    cells = (f"{predicted[name]:,g}, {found[name]:,g}" for name in RESOURCES)
    title = f"{sample.source.partition(':')[0]}: " if is_core(sample) else ""
    return f"| {title}{sample.subject.name} | {' | '.join(cells)} |"


def cycles(cases: Sequence[Case], folder: Path) -> list[str]:
    """A table of every function of some cases."""
    return [EACH_FUNCTION, *(line for case in cases for line in cycles_of(case, folder))]


def cycles_of(case: Case, folder: Path) -> Iterator[str]:
    """Every function of a case: three frames without stalls."""
    place = folder_of(case, folder / "cycles")
    module = case.module(place)
    project, verilator = write_rtl(module, place / "rtl"), find_verilator()
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    for top, function in zip(project.tops, functions, strict=True):
        frame = np.zeros(top.input.shape, np.int64)
        simulator = build(project, top, verilator)
        found = simulator.run([frame] * FRAMES, Stalls.NONE)
        assert not found.faults(FRAMES)
        said = simulate_function(function, FRAMES)
        counts = (found.interval, said.interval, frame_cycles(function))
        numbers = (*counts, found.latency, said.latency + simulator.pipelines(found))
        cells = " | ".join(f"{number:,}" for number in numbers)
        yield f"| {case.title} | {top.core.function} | {cells} |"


def large_tables(folder: Path, jobs: int) -> dict[str, list[str]]:
    """The tables of both sets, by their marks; the targets get the coefficients of the fit."""
    known, unseen = (measured(cases, folder, jobs, print) for cases in (FIT, TEST))
    found = fit(actors(known), shipped())
    keep(found.coefficients, found.kept, known, unseen)
    return {
        "cycles": cycles(CYCLES, folder),
        "resources-fit": [CLASSES, *classes(known, found.coefficients)],
        "resources-test": [CLASSES, *classes(unseen, found.coefficients)],
        "resources-cores": [EACH, *(row(s, found.coefficients) for s in unseen if is_core(s))],
    }


def kinds_of(sample: Sample) -> tuple[str, ...]:
    """The classes that a sample counts in."""
    return (CORE,) if is_core(sample) else (sample.subject.kind, ACTORS)


def is_core(sample: Sample) -> bool:
    """Whether a sample is a whole core."""
    return sample.subject.kind == CORE


def keep(
    model: Coefficients, kept: tuple[str, ...], known: Sequence[Sample], unseen: Sequence[Sample]
) -> None:
    """Writes coefficients and their errors on the set that the fit did not see into the targets."""
    errors = spreads(tried(unseen, model))
    tool = known[0].source.rpartition(": ")[2]
    sources = tuple(
        f"{purpose}, {tool} on licc's RTL: {', '.join(case.title for case in cases)}"
        for purpose, cases in (("fit", FIT), ("errors", TEST))
    )
    for name in targets.list_targets():
        file = files(targets) / f"{name}{targets.SUFFIX}"
        assert isinstance(file, Path)
        write_target(file, file, model, Calibration(sources, kept, errors))


def tried(samples: Sequence[Sample], model: Coefficients) -> list[Trial]:
    """Samples that a fit did not see, each with what the model says."""
    said = (predict(sample, model) for sample in samples)
    return [Trial(s, each, each) for s, each in zip(samples, said, strict=True)]


def classes(samples: Sequence[Sample], model: Coefficients) -> Iterator[str]:
    """The errors of every class, of all actors and of whole cores."""
    found = tried(samples, model)
    for kind, errors in spreads(found).items():
        mine = [t for t in found if kind in kinds_of(t.sample)]
        equal = [
            sum(t.predicted[name] == t.sample.measured[name] for t in mine)
            for name in ("dsp", "bram36")
        ]
        cells = [f"{count} of {len(mine)}" for count in equal]
        for name in ("lut", "ff"):
            said = sum(t.predicted[name] for t in mine)
            have = sum(t.sample.measured[name] for t in mine)
            cells += [f"{said:,}, {have:,}", f"{errors[name].rms:.0%}, {errors[name].worst:+.0%}"]
        cells.append(f"{sum(map(within, mine))} of {len(mine)}")
        yield f"| {kind} | {len(mine)} | {' | '.join(cells)} |"


def within(trial: Trial) -> bool:
    """Whether LUTs and registers are within `LIMITS`: of what yosys found, or of an absolute
    number where it found few LUTs."""
    found = trial.sample.measured
    for name, (share, number) in LIMITS.items():
        limit = number if found.lut < SMALL_LUTS else share * found[name]
        if abs(trial.predicted[name] - found[name]) > limit:
            return False
    return True


if __name__ == "__main__":
    main()
