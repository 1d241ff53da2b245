"""How long `licc dimension` takes for ten widths, how near the closed form comes, and how much
weights change.

    python tests/bench/dimension.py

For every family and direction at 1280 x 720 (hyperpriors: 1280 x 768): seconds for the ten default
widths at 30 frames a second in a process of its own, and the efficiency of the fastest designs
against the closed form of docs/dimensioning.md. Then the LUTs that compiled random students take
relative to the untrained one, for weights spread in several ways.
"""

import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from licc.dimensioning import Demand, Task, dimension, weigh
from licc.frontend.students import Family
from licc.frontend.students.untrained import Weights
from licc.tests.closed_form import slice_products
from licc.tests.unit.students import SPREADS, compiled, write_random_student

DSP = 2520
WIDTHS = (32, 44, 48, 64, 80, 96, 128)
STUDENTS = (
    (Demand(Family.FACTORIZED, direction="encoder"), 64),
    (Demand(Family.FACTORIZED), 44),
    (Demand(Family.HYPERPRIOR, size=(1280, 768)), 32),
    (Demand(Family.HYPERPRIOR, size=(1280, 768)), 64),
)


def main() -> None:
    """Prints all of it."""
    for family in Family:
        height = 720 if family is Family.FACTORIZED else 768
        for direction in ("encoder", "both"):
            demand = Demand(family, size=(1280, height), direction=direction)
            wall, work = seconds(demand)
            print(f"{family} {direction}: ten widths in {wall:.1f} s, {work:.1f} s of processors")
            efficiencies(demand)
    for demand, n in STUDENTS:
        print(f"{demand.family} {demand.direction} N={n}: LUTs relative to the untrained student")
        spreads(demand, n)


def seconds(demand: Demand) -> tuple[float, float]:
    """What the command takes for ten widths, from its start to its end, and what processors spend
    on it: two idle ones need half of that at least."""
    size = f"{demand.size[0]}x{demand.size[1]}"
    command = [sys.executable, "-m", "licc.cli", "dimension", "--quiet", "--fps", "30"]
    command += ["--family", demand.family, "--size", size, "--direction", demand.direction]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return time.perf_counter() - start, spent


def efficiencies(demand: Demand) -> None:
    """The closed form's cycles, of those of the fastest design."""
    found = dimension(replace(demand, fps=1e6), WIDTHS)
    width, height = demand.size
    for each in found.widths:
        work = slice_products(demand.family, each.n, demand.m, demand.direction)
        if each.cycles_per_frame:
            share = work * width * height / DSP / each.cycles_per_frame
            print(f"  N={each.n}: {each.cycles_per_frame:,} cycles, efficiency {share:.3f}")


def spreads(demand: Demand, n: int) -> None:
    """Compiled students with weights of every spread, and those with the largest weights."""
    untrained = weigh(Task(demand, n))
    assert untrained.lut
    assert untrained.dsp
    largest = weigh(Task(demand, n, Weights.LARGEST))
    assert largest.lut
    assert largest.dsp
    print(f"  largest: {largest.lut / untrained.lut - 1:+.2%}, DSP {largest.dsp - untrained.dsp:+}")
    for spread in SPREADS:
        for seed in range(2):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "student.pth"
                write_random_student(path, demand, n, spread, seed)
                engines = compiled(path, demand, demand.fps if untrained.fits else 0.0)
            used = [engine["resources"] for engine in engines.values()]
            luts, slices = (sum(each[key]["used"] for each in used) for key in ("lut", "dsp"))
            change, more = luts / untrained.lut - 1, slices - untrained.dsp
            print(f"  {spread}, seed {seed}: {change:+.2%}, DSP {more:+.0f}")


if __name__ == "__main__":
    main()
