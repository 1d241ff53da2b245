"""One frame of 1280x720 through the SystemVerilog of an encoder: every value against the
interpreter, its cycles beside those of the cycle simulator and of the closed form.

    python tests/bench/rtl_frame.py [DESIGN] [--frames N] [--folder DIR] [--sizes]

Without a design: the encoder of factorized-n64-0.025 for 30 frames a second. All of its cores are
run, one after another, each on what the one before it made of a mosaic, `--frames` frames back to
back. Prints how long each step took, in seconds of the clock on the wall. With `--sizes` it prints
the text and how large it is, and runs nothing.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from xdsl.dialects.func import FuncOp

import licc
from licc.backends.interpreter import run
from licc.backends.rtl import RtlProject, Stalls, build, find_verilator, write_rtl
from licc.backends.rtl.printer import Top
from licc.backends.simulator import simulate_function
from licc.dialects.schedule import frame_cycles
from licc.dialects.tensors import Array
from licc.passes.calibrate import built_in_mosaic

STUDENT = Path(__file__).parents[2] / "examples" / "students" / "factorized-n64-0.025.pt"
SETTINGS = licc.Settings(size=(1280, 720), fps=30, direction="encoder")
SIMULATED = 3


def main() -> None:
    """Runs every core; the status is 1 if a value, a mark or the number of frames is wrong."""
    parser = argparse.ArgumentParser()
    parser.add_argument("design", type=Path, nargs="?")
    parser.add_argument("--frames", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the SystemVerilog goes")
    parser.add_argument("--sizes", action="store_true", help="print the text only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        path = options.design or Path(temporary) / "design"
        if options.design is None:
            with timed("compiling"):
                licc.compile(STUDENT, path, SETTINGS)
        design = licc.open_design(path)
        with timed("reading the stream level"):
            module = design.module("stream")
        with timed("printing"):
            project = write_rtl(module, options.folder or Path(temporary) / "rtl")
        print_sizes(project)
        if options.sizes:
            return
        frame = built_in_mosaic(*reversed(design.size))
        functions = [op for op in module.ops if isinstance(op, FuncOp)]
        faults: list[str] = []
        for top, function in zip(project.tops, functions, strict=True):
            with timed(f"interpreting @{top.core.function}"):
                expected = run(module, top.core.function, frame)
            faults += simulate(project, top, function, [frame] * options.frames, expected)
            frame = expected
    for fault in faults:
        print(fault)
    raise SystemExit(bool(faults))


def simulate(
    project: RtlProject, top: Top, function: FuncOp, frames: list[Array], expected: Array
) -> Iterator[str]:
    """Prints the cycles of a core; what is wrong with its output."""
    name = top.core.function
    with timed(f"Verilator builds @{name}"):
        simulator = build(project, top, find_verilator())
    with timed(f"Verilator runs @{name}"):
        result = simulator.run(frames, Stalls.NONE)
    with timed(f"the cycle simulator runs @{name}"):
        model = simulate_function(function, SIMULATED)
    found = simulator.frames(result)
    wrong = sum(int(np.count_nonzero(one != expected)) for one in found)
    print(f"@{name}: {sum(one.size for one in found):,} values, {wrong:,} differ")
    print(f"first word out after {result.first_output:,} cycles, simulator {model.first_output:,}")
    for number, (cycles, modelled) in enumerate(zip(result.finished, model.finished, strict=False)):
        print(f"frame {number} out after {cycles:,} cycles, simulator {modelled:,}")
    if len(frames) > 1:
        print(f"frame interval {result.interval:,} cycles")
    print(f"frame interval of the simulator {model.interval:,}", end=", ")
    print(f"of the closed form {frame_cycles(function):,}", flush=True)
    yield from result.faults(len(frames))
    if wrong:
        yield f"@{name}: {wrong} values differ"


def print_sizes(project: RtlProject) -> None:
    """How large the text of each core is, and the library's."""
    for folder in (project.library, *map(project.folder, project.tops)):
        for kind in ("v", "sv", "hex"):
            sizes = [path.stat().st_size for path in folder.glob(f"*.{kind}")]
            if sizes:
                print(f"{folder.name}: {len(sizes):,} files .{kind}, {sum(sizes):,} bytes")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Prints how long something took."""
    start = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main()
