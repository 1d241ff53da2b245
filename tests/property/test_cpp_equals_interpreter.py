"""The printed C++ gives, bit for bit, what the interpreter gives, and is clean to lint: random
functions at the stream level, printed as one project, their own test benches compiled together.
"""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from licc.backends.hls import write_project
from licc.backends.interpreter import run
from licc.backends.lint import lint
from licc.tests.property.stream_models import random_module

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
        assert done.returncode == 0, f"seed {seed}, @{name}: {done.stderr}"
        assert done.stdout.count(": 0 of") == 2
    return len(golden)


def test_random_functions(tmp_path: Path) -> None:
    assert check(0, FAST, tmp_path, "-O0") == FAST


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, BATCHES + 1))
def test_many_random_functions(tmp_path: Path, seed: int) -> None:
    assert check(seed, BATCH, tmp_path, "-O1") == BATCH


def test_the_slow_set_is_large_enough() -> None:
    assert BATCH * BATCHES >= 200
