"""FIFO depths: enough for any order of execution, and no more than must be where branches meet."""

import random

import pytest
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from licc.compiler import make_context
from licc.dialects import stream
from licc.dialects.stream_types import FifoType
from licc.passes import size_fifos
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.fifo_sizing.joins import fork_depths
from licc.passes.fifo_sizing.smoothing import smoothing_depth
from licc.passes.fuse_streams import FuseStreams
from licc.passes.size_fifos import SizeFifos
from licc.tests.unit.stream_programs import I8, Program, StringAttr, module, residual
from licc.tests.unit.token_simulator import simulate


def shaped(built: Program, dsp: int = 0) -> FuncOp:
    program = module(built)
    for pass_ in (FuseStreams(), BalancePipeline(dsp=dsp), SizeFifos()):
        pass_.apply(make_context(), program)
    program.verify()
    (function,) = program.ops
    assert isinstance(function, FuncOp)
    return function


def forks(function: FuncOp) -> list[stream.ForkOp]:
    return [op for op in function.walk() if isinstance(op, stream.ForkOp)]


def depth(value: SSAValue) -> int:
    assert isinstance(value.type, FifoType)
    return value.type.depth


def set_depths(function: FuncOp, less: int) -> None:
    """Gives forks exactly what their joins need, less a few words."""
    needed = fork_depths(function)
    for value in [value for op in forks(function) for value in op.results]:
        assert isinstance(value.type, FifoType)
        depth = max(1, needed[value] - less)
        Rewriter.replace_value_with_new_type(value, value.type.with_depth(depth))


def random_program(rng: random.Random) -> Program:
    """One or two residual blocks of one to three convolutions, some with GDN."""
    program = Program("g_a", rng.choice([2, 3, 4, 6]), rng.choice([6, 8, 12]), rng.choice([8, 24]))
    for _ in range(rng.randint(1, 2)):
        kernels = tuple(rng.choice([1, 3, 5]) for _ in range(rng.randint(1, 3)))
        residual(program, kernels, rng.random() < 0.4)
        program.requantize(program.value, StringAttr("q"), I8)
        if rng.random() < 0.5:
            program.conv(rng.choice([2, 4, 6]), 3, rng.choice([1, 2]))
    return program


def test_linear_programs_hold_a_shift_register_or_a_pixel() -> None:
    function = shaped(Program("g_a", 40, 16, 16).conv(8, 5, 2).normalize(), dsp=20)
    for op in function.walk():
        for operand in op.operands:
            if isinstance(operand.type, FifoType):
                pixel = operand.type.words_per_pixel
                whole = isinstance(op, stream.NormalizeOp | stream.WidthConverterOp)
                assert depth(operand) == max(32, 2 + pixel if whole else 2)


def test_uneven_rows_of_a_transposed_convolution() -> None:
    function = shaped(Program("g_s", 4, 8, 32).conv(4, 5, 2, transposed=True), dsp=2)
    engine = next(op for op in function.walk() if isinstance(op, stream.ConvolveOp))
    assert engine.input.type.taps == 1
    row_words = 64 * 4
    assert smoothing_depth(engine.result) - 2 - 4 == int(0.2 * row_words)


def test_skip_holds_what_a_convolution_takes_before_it_answers() -> None:
    """A 3x3 convolution of one channel: before pixel n leaves, two rows and n words are in, and as
    many more as pixels are made with it."""
    built = residual(Program("g_a", 1, 8, 16), (3,))
    function = shaped(built)
    (fork,) = forks(function)
    engine = next(op for op in function.walk() if isinstance(op, stream.ConvolveOp))
    assert fork_depths(function)[fork.first] == 2 * 16 + engine.input.type.pixels
    assert depth(fork.second) >= 2


@pytest.mark.parametrize("seed", range(12))
def test_no_deadlock_at_the_depths_that_the_joins_need(seed: int) -> None:
    function = shaped(random_program(random.Random(seed)))
    set_depths(function, less=0)
    run = simulate(function, frames=3)
    assert not run.waiting


def test_a_few_words_less_are_a_deadlock() -> None:
    function = shaped(residual(Program("g_a", 4, 12, 8), (3, 5)))
    set_depths(function, less=3)
    run = simulate(function, frames=2)
    assert any("stream.fork" in name for name in run.waiting)


def test_nested_and_chained_forks() -> None:
    """y = x + f(x) + g(x), where f has a residual block inside."""
    program = Program("g_a", 4, 12, 8)
    skip, program.value = program.fork()
    inner, other = program.fork()
    program.value = inner
    residual(program.conv(4), (5,))
    program.requantize(program.value, StringAttr("q"), I8)
    program.join(program.value, skip).requantize(program.value, StringAttr("r"), I8)
    lhs = program.value
    program.value = other
    program.conv(4, 1)
    function = shaped(program.join(lhs, program.value))
    set_depths(function, less=0)
    assert not simulate(function, frames=3).waiting


def test_a_fifo_that_no_device_holds_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(size_fifos, "MAX_BITS", 1500)
    with pytest.raises(PassFailedException, match=r"the FIFO behind g_a\.0 would have to hold"):
        shaped(residual(Program("g_a", 4, 12, 64), (5,)))
