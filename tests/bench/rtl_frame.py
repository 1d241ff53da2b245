"""One frame of 1280x720 through the SystemVerilog of an analysis transform: every value against the
interpreter, its cycles beside those of the cycle simulator and of the closed form.

    python tests/bench/rtl_frame.py [DESIGN] [--frames N] [--folder DIR] [--sizes]

Without a design: the encoder of factorized-n64-0.025 for 30 frames a second. Its g_a gets a mosaic,
`--frames` times, back to back. Prints how long each step took, in seconds of the clock on the wall.
With `--sizes` it prints the text and how large it is, and runs nothing.
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
from licc.backends.rtl import RtlProject, RtlRun, Stalls, build, find_verilator, write_rtl
from licc.backends.simulator import simulate_function
from licc.dialects.schedule import frame_cycles
from licc.passes.calibrate import built_in_mosaic

STUDENT = Path(__file__).parents[2] / "examples" / "students" / "factorized-n64-0.025.pt"
SETTINGS = licc.Settings(size=(1280, 720), fps=30, direction="encoder")
SIMULATED = 5  # frames, until the interval is steady


def main() -> None:
    """Runs g_a; the status is 1 if a value, a mark or the number of frames is wrong."""
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
        top = project.tops[0]
        functions = (op for op in module.ops if isinstance(op, FuncOp))
        function = next(op for op in functions if op.sym_name.data == top.core.function)
        frame = built_in_mosaic(*reversed(design.size))
        with timed("interpreting"):
            expected = run(module, top.core.function, frame)
        with timed("Verilator builds"):
            simulator = build(project, top, find_verilator())
        with timed("Verilator runs"):
            result = simulator.run([frame] * options.frames, Stalls.NONE)
    print_cycles(function, result)
    found = simulator.frames(result)
    wrong = sum(int(np.count_nonzero(one != expected)) for one in found)
    print(f"@{top.core.function}: {sum(one.size for one in found):,} values, {wrong:,} differ")
    faults = result.faults(options.frames)
    for fault in faults:
        print(fault)
    raise SystemExit(bool(wrong or faults))


def print_cycles(function: FuncOp, result: RtlRun) -> None:
    """The cycles of a run beside those of the simulator and of the closed form."""
    with timed("the cycle simulator runs"):
        model = simulate_function(function, SIMULATED)
    print(f"first word out after {result.first_output:,} cycles, simulator {model.first_output:,}")
    for number, (cycles, modelled) in enumerate(zip(result.finished, model.finished, strict=False)):
        print(f"frame {number} out after {cycles:,} cycles, simulator {modelled:,}")
    print(f"frame interval: simulator {model.interval:,}, closed form {frame_cycles(function):,}")


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
