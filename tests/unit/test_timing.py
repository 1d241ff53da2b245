"""Timing diagrams: the stepper against the cycle simulator, and what a diagram shows."""

import random
from collections import Counter
from pathlib import Path

import pytest
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser

from licc.backends.simulator import simulate_function
from licc.backends.simulator.timing import LEGEND, MOST_CYCLES, Stepper, timing
from licc.compiler import make_context
from licc.dialects.schedule import words
from licc.dialects.simulation.network import network_of
from licc.tests.unit import token_simulator
from licc.tests.unit.stream_programs import Program, residual
from licc.tests.unit.test_size_fifos import random_program, set_depths, shaped

ENGINES = Path(__file__).parents[2] / "docs" / "engines"
STEPS = set("rwx-+*RWX=")


def rows_of(diagram: str) -> dict[str, str]:
    """The signs of every process of a diagram."""
    lines = diagram.removesuffix(f"\n{LEGEND}").splitlines()[2:]
    return {name.strip(): row for name, row in (line.rsplit("  ", 1) for line in lines)}


def stepped(function: FuncOp, cycles: int) -> tuple[list[int], list[Counter[str]]]:
    """When each frame is finished within some cycles, and the signs of every process."""
    stepper, finished = Stepper(network_of(function)), list[int]()
    signs = [Counter[str]() for _ in stepper.workers]
    for cycle in range(1, cycles + 1):
        for count, sign in zip(signs, stepper.cycle(), strict=True):
            count[sign] += 1
        if stepper.frames > len(finished):
            finished.append(cycle)
    return finished, signs


@pytest.mark.parametrize("seed", range(6))
def test_frames_finish_when_the_simulator_says(seed: int) -> None:
    function = shaped(random_program(random.Random(seed)), dsp=random.Random(seed).choice([0, 40]))
    expected = simulate_function(function, 3)
    finished, signs = stepped(function, expected.finished[-1])
    assert tuple(finished) == expected.finished
    sink = expected.actors[-1]
    assert sum(signs[-1][sign] for sign in STEPS) == sink.busy
    assert (signs[-1]["."], signs[-1]["|"]) == (sink.starved, sink.blocked)


@pytest.mark.parametrize("path", sorted(ENGINES.glob("*.mlir")), ids=lambda path: path.name)
def test_engines_of_the_documentation_finish_when_the_kernels_do(path: Path) -> None:
    (function,) = Parser(make_context(), path.read_text(), str(path)).parse_module().ops
    assert isinstance(function, FuncOp)
    expected = token_simulator.simulate(function, 3)
    assert stepped(function, expected.finished[-1])[0] == expected.finished


def test_a_window_is_a_part_of_a_longer_one() -> None:
    function = shaped(Program("g_a", 3, 8, 8).conv(4, 3, 2).normalize(), dsp=20)
    whole, part = rows_of(timing(function, 0, 299)), rows_of(timing(function, 117, 230))
    assert part == {name: row[117:231] for name, row in whole.items()}


def test_a_frame_between_capitals_has_its_words() -> None:
    function = shaped(Program("g_a", 3, 6, 6).conv(4, 3).conv(2, 3, 2), dsp=30)
    rows = rows_of(timing(function, 0, 399))
    process = network_of(function).processes[0]
    begins = [cycle for cycle, sign in enumerate(rows[process.name]) if sign in "RWX="]
    assert len(begins) >= 2
    frame = Counter(rows[process.name][begins[0] : begins[1]])
    assert frame["w"] + frame["W"] == words(process.outputs[0])


def test_the_ruler_stands_above_its_cycles() -> None:
    function = shaped(Program("g_a", 3, 8, 8).conv(4))
    numbers, marks, source, *_ = timing(function, 8, 31).splitlines()
    start = len(source) - 24
    assert [numbers[start + cycle - 8 :][:2] for cycle in (10, 20, 30)] == ["10", "20", "30"]
    marked = [start + cycle - 8 for cycle in range(10, 31, 5)]
    assert [at for at, mark in enumerate(marks) if mark == "'"] == marked


def test_a_deadlock_waits_for_ever() -> None:
    function = shaped(residual(Program("g_a", 4, 12, 8), (3, 5)))
    set_depths(function, less=3)
    assert not simulate_function(function, 3).finished
    rows = rows_of(timing(function, 5000, 5050))
    assert all(set(row) <= {".", "|"} for row in rows.values())
    assert any("|" in row for name, row in rows.items() if "fork" in name)


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        (5, 4, "expected cycles FIRST <= LAST from 0 on, found 5..4"),
        (-1, 4, "expected cycles FIRST <= LAST from 0 on, found -1..4"),
        (7, MOST_CYCLES + 7, f"at most {MOST_CYCLES} cycles, found {MOST_CYCLES + 1}"),
    ],
)
def test_windows_that_cannot_be_shown(first: int, last: int, message: str) -> None:
    function = shaped(Program("g_a", 3, 8, 8).conv(4))
    with pytest.raises(ValueError, match=message):
        timing(function, first, last)
