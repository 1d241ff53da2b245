"""The cycle simulator against the step-by-step token simulator, which was written by itself."""

import random

import pytest

from licc.backends.simulator import simulate_function
from licc.tests.unit.stream_programs import Program, residual
from licc.tests.unit.test_size_fifos import random_program, set_depths, shaped
from licc.tests.unit.token_simulator import simulate


@pytest.mark.parametrize("seed", range(4))
def test_frames_finish_when_the_token_simulator_says(seed: int) -> None:
    function = shaped(random_program(random.Random(seed)))
    assert simulate_function(function, 3).finished == tuple(simulate(function, 3).finished)


def test_a_deadlock_names_who_waits() -> None:
    function = shaped(residual(Program("g_a", 4, 12, 8), (3, 5)))
    set_depths(function, less=3)
    found = simulate_function(function, 3)
    assert any("fork" in line and "full" in line for line in found.waiting)
    assert not found.finished


def test_one_frame_has_no_interval() -> None:
    with pytest.raises(ValueError, match="frames must be at least 3, found 1"):
        simulate_function(shaped(Program("g_a", 3, 8, 8).conv(4)), 1)
