"""Certificates of FIFO depths: what they say is so, and what is changed behind them is found."""

import random
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import VerifyException

from licc.backends.simulator.replay import Replay, replay_function
from licc.compiler import make_context
from licc.dialects.certificate import (
    DEADLOCK,
    FUNCTION_KEY,
    CertificateAttr,
    FifoCertificateAttr,
    FifoFigures,
    certificate_of,
)
from licc.dialects.schedule import frame_cycles
from licc.dialects.simulation.network import network_of
from licc.dialects.simulation.rig import Rig
from licc.dialects.simulation.shorter import coarsest_rows, fifos_of, shorter
from licc.dialects.stream_types import FifoType, WindowsType
from licc.tests.unit.stream_programs import Program, residual
from licc.tests.unit.test_simulated_model import random_pipeline
from licc.tests.unit.test_size_fifos import random_program, shaped
from licc.tests.unit.token_simulator import simulate

FRAMES = 4
Build = Callable[[], FuncOp]


def linear() -> FuncOp:
    """A decoder whose transposed convolutions write in bursts."""
    program = Program("g_s", 4, 4, 48).conv(8, 5, 2, transposed=True).normalize()
    return shaped(program.conv(3, 5, 2, transposed=True), dsp=30)


def branched() -> FuncOp:
    return shaped(residual(Program("g_a", 4, 12, 8), (3, 5)))


def certified(function: FuncOp) -> CertificateAttr:
    found = certificate_of(function)
    assert found is not None
    return found


def set_depth(function: FuncOp, number: int, depth: int) -> None:
    value = network_of(function).fifos[number]
    assert isinstance(value.type, FifoType | WindowsType)
    Rewriter.replace_value_with_new_type(value, value.type.with_depth(depth))


def interval(function: FuncOp) -> int | None:
    """Cycles between the last two frames on the simulator that takes every step in Python; None at
    a deadlock."""
    run = simulate(function, FRAMES)
    return None if run.waiting else run.finished[-1] - run.finished[-2]


def tampered(function: FuncOp, number: int, **changes: int) -> Replay:
    """The replay of a certificate with other figures for one FIFO."""
    old = certified(function)
    fifos = list(old.fifos)
    figures = replace(fifos[number].figures, **changes)
    fifos[number] = FifoCertificateAttr(fifos[number].label.data, figures)
    numbers = (old.interval.data, old.unbounded.data, old.frames.data, old.rows.data)
    function.attributes[FUNCTION_KEY] = CertificateAttr(*numbers, fifos)
    return replay_function(function)


def critical(function: FuncOp) -> list[int]:
    fifos = certified(function).fifos
    return [number for number, fifo in enumerate(fifos) if fifo.figures.critical]


@pytest.mark.parametrize("build", [linear, branched])
def test_a_replay_finds_what_is_certified(build: Build) -> None:
    function = build()
    found = replay_function(function)
    assert found.failures == ()
    assert found.fifos == len(fifos_of(function))
    assert found.critical == len(critical(function)) > 0
    assert found.interval == interval(function)
    assert certified(function).unbounded.data == frame_cycles(function)


def test_a_word_less_on_a_critical_fifo_comes_later_on_whole_frames() -> None:
    function = linear()
    base = interval(function)
    assert base is not None
    for number in critical(function):
        figures = list(certified(function).fifos)[number].figures
        assert figures.depth == figures.least
        set_depth(function, number, figures.least - 1)
        found = interval(function)
        assert found is not None
        assert found > base
        set_depth(function, number, figures.depth)


def test_a_word_less_than_a_join_needs_deadlocks() -> None:
    function = branched()
    (number,) = critical(function)
    fifo = list(certified(function).fifos)[number]
    assert fifo.label.data == "g_a.0 fork -> g_a.3 add"
    assert fifo.figures.depth > fifo.figures.least >= fifo.figures.bound
    rig = Rig(network_of(function))
    depths = np.array([fifo.figures.bound for fifo in certified(function).fifos], np.int64)
    assert rig.completes(depths) == ()
    depths[number] -= 1
    assert any("full: before g_a.3 add" in line for line in rig.completes(depths))


def test_a_shallower_fifo_is_found() -> None:
    function = branched()
    (number,) = critical(function)
    depth = list(certified(function).fifos)[number].figures.depth
    set_depth(function, number, 8)
    (failure,) = replay_function(function).failures
    assert failure == (
        f"@g_a: FIFO g_a.0 fork -> g_a.3 add: certified with depth {depth}, the design has 8"
    )
    set_depth(function, number, 8)
    (failure,) = tampered(function, number, depth=8, bound=8, least=8, less=0).failures[:1]
    assert "deadlock at the certified bounds; these wait: " in failure
    assert "g_a.0 fork: full: before g_a.3 add (depth 8)" in failure


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"words": 7}, "certified with 7 words a frame, its ends write"),
        ({"less": 5}, "certified with 5 cycles more from frame to frame at"),
    ],
)
def test_other_figures_are_found(changes: dict[str, int], message: str) -> None:
    function = linear()
    found = tampered(function, critical(function)[0], **changes)
    assert not found.ok
    assert message in found.failures[0]


def test_a_certificate_of_another_function_is_found() -> None:
    function, other = linear(), branched()
    function.attributes[FUNCTION_KEY] = certified(other)
    (failure,) = replay_function(function).failures
    assert "the certificate is for other FIFOs than the function has" in failure
    del function.attributes[FUNCTION_KEY]
    (failure,) = replay_function(function).failures
    assert failure == "@g_s carries no certificate; size-fifos leaves one"


def test_certificates_are_read_as_they_are_printed() -> None:
    found = certified(branched())
    assert Parser(make_context(), str(found)).parse_attribute() == found


@pytest.mark.parametrize("name", ["bound", "least"])
def test_impossible_figures_are_refused(name: str) -> None:
    figures = replace(FifoFigures(8, 4, 2, 4, 0), **{name: 5})
    with pytest.raises(VerifyException, match=f"{name} must be in 1..4, the depth, found 5"):
        FifoCertificateAttr("a -> b", figures)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_random_programs_keep_their_certificates(seed: int) -> None:
    rng = random.Random(seed)
    function = shaped(random_program(rng)) if seed % 2 else random_pipeline(rng)
    assert replay_function(function).failures == ()
    assert interval(function) == certified(function).interval.data
    rows = certified(function).rows.data
    short = function if rows == coarsest_rows(function) else shorter(function, rows)
    assert short is not None
    for number, fifo in enumerate(certified(function).fifos):
        set_depth(short, number, fifo.figures.least)
    base = interval(short)
    assert base is not None
    for number in critical(function):
        figures = list(certified(function).fifos)[number].figures
        set_depth(short, number, figures.least - 1)
        found = interval(short)
        assert found is None or found > base or figures.less == DEADLOCK
        set_depth(short, number, figures.least)
