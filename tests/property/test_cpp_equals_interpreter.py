"""The printed C++ gives, bit for bit, what the interpreter gives, and is clean to lint: random
functions at the stream level, printed as one project, their own test benches compiled together.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser

from licc.backends.hls import write_project
from licc.backends.interpreter import run
from licc.backends.lint import lint
from licc.compiler import make_context
from licc.dialects import stream
from licc.dialects.stream_checks import fifo_type
from licc.dialects.tensors import Array, container, integer_range
from licc.tests.property.stream_models import random_module

ENGINES = Path(__file__).parents[2] / "docs" / "engines"
REPORT = {"target": {"part": "xczu9eg-ffvb1156-2-e", "clock_mhz": 200.0}}
FAST, BATCH, BATCHES = 12, 24, 9
COMPILE_SECONDS = 900
RUN_SECONDS = 60


def compile_benches(project: Path, names: Sequence[str], optimize: str) -> Path:
    """One program of all test benches: its first argument tells which one runs."""
    lines = ["#include <licc/licc.h>", "#include <licc/session.h>"]
    for name in names:
        lines += [f"#define main {name}_main", f'#include "{name}/{name}.cpp"']
        lines += [f'#include "{name}/{name}_test.cpp"', "#undef main"]
    calls = (
        f"    case {i}: return {name}_main(argc - 1, argv + 1);" for i, name in enumerate(names)
    )
    lines += ["int main(int argc, char **argv) {", "    switch (std::atoi(argv[1])) {", *calls]
    lines += ["    default: return 99;", "    }", "}", ""]
    (project / "all.cpp").write_text("\n".join(lines))
    flags = ["-std=c++17", optimize, "-DLICC_SIMULATION", "-Wall", "-Wextra", "-Werror"]
    flags += ["-Wno-unknown-pragmas", "-I.", "-Iinclude", "-isystem", "include/sim"]
    done = subprocess.run(
        ["g++", *flags, "all.cpp", "-o", "all"],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=COMPILE_SECONDS,
    )
    assert done.returncode == 0, done.stderr[:5000]
    return project / "all"


def check(seed: int, count: int, project: Path, optimize: str) -> int:
    """Prints, compiles and runs `count` random functions; returns how many were compared."""
    module, frames = random_module(seed, count)
    return compare(module, frames, project, optimize)


def compare(module: ModuleOp, frames: dict[str, Array], project: Path, optimize: str) -> int:
    """Prints, compiles and runs functions, each on a frame; returns how many were compared."""
    module.verify()
    golden = {name: (frame, run(module, name, frame)) for name, frame in frames.items()}
    write_project(module, project, golden, REPORT)
    assert lint(project) == ()
    program = compile_benches(project, list(golden), optimize)
    for number, name in enumerate(golden):
        done = subprocess.run(
            [str(program), str(number)],
            cwd=project / name,
            capture_output=True,
            text=True,
            timeout=RUN_SECONDS,
        )
        assert done.returncode == 0, f"@{name}: {done.stderr}"
        assert done.stdout.count(": 0 of") == 2
    return len(golden)


def test_random_functions(tmp_path: Path) -> None:
    assert check(0, FAST, tmp_path, "-O0") == FAST


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, BATCHES + 1))
def test_many_random_functions(tmp_path: Path, seed: int) -> None:
    assert check(seed, BATCH, tmp_path, "-O1") == BATCH


@pytest.mark.slow
def test_engines_of_the_documentation(tmp_path: Path) -> None:
    rng, module, frames = np.random.default_rng(0), ModuleOp([]), dict[str, Array]()
    for path in sorted(ENGINES.glob("*.mlir")):
        (function,) = Parser(make_context(), path.read_text(), str(path)).parse_module().ops
        assert isinstance(function, FuncOp)
        function.detach()
        function.sym_name = StringAttr(path.stem.replace("-", "_"))
        for op in function.body.block.ops:
            if isinstance(op, stream.Actor):
                op.layer = StringAttr(f"{function.sym_name.data}.{op.layer.data}")
        module.body.block.add_op(function)
        frame = fifo_type(function.args[0]).frame
        low, high = integer_range(frame.element_type)
        values = rng.integers(low, high + 1, frame.get_shape())
        frames[function.sym_name.data] = values.astype(container(frame.element_type))
    assert compare(module, frames, tmp_path, "-O0") == len(frames) > 0


def test_the_slow_set_is_large_enough() -> None:
    assert BATCH * BATCHES >= 200
