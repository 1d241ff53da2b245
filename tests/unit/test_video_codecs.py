"""Codecs for 1280x720 video on a ZCU102 less its shell: rate, efficiency, what they take, and the
model against the simulator."""

from dataclasses import dataclass

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from licc.backends.report import build_report
from licc.backends.simulator import simulate_function
from licc.backends.targets import load_target
from licc.compiler import make_context
from licc.dialects.schedule import frame_cycles
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.fuse_streams import FuseStreams
from licc.passes.size_fifos import SizeFifos
from licc.tests.unit.stream_programs import analysis, hyperprior, largest_weights, module


@dataclass(frozen=True)
class Case:
    """A codec, and the frames a second that it must reach."""

    name: str
    program: ModuleOp
    fps: float


def built(case: Case) -> ModuleOp:
    """The codec, shaped for all that the target leaves it."""
    have = load_target("zcu102").available
    balance = BalancePipeline(dsp=have.dsp, bram36=have.bram36, lut=have.lut, ff=have.ff)
    largest_weights(case.program)
    for pass_ in (FuseStreams(), balance, SizeFifos()):
        pass_.apply(make_context(), case.program)
    case.program.verify()
    return case.program


CASES = (
    Case("factorized N=64", module(analysis(64, 192, 1280, 720)), 60),
    Case("factorized N=128", module(analysis(128, 192, 1280, 720)), 15),
    Case("hyperprior N=64", hyperprior(64, 192, 1280, 768), 25),
)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rate_efficiency_budget_and_model(case: Case) -> None:
    program = built(case)
    engines = build_report(program, load_target("zcu102"), 200.0, (1280, 720), {})["engines"]
    for engine in engines.values():
        assert engine["fps"]["value"] >= case.fps
        assert engine["dsp_efficiency"] >= 0.8
    used = [engine["resources"] for engine in engines.values()]
    assert sum(each["dsp"]["used"] for each in used) <= 2520
    assert sum(each["bram36"]["used"] for each in used) <= 912
    assert sum(each["lut"]["used"] for each in used) <= 0.7 * 274080
    for function in program.ops:
        assert isinstance(function, FuncOp)
        found, modelled = simulate_function(function), frame_cycles(function)
        assert not found.deadlock
        assert modelled <= found.interval <= 1.01 * modelled
