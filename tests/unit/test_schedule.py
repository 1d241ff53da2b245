"""Cycles and words of actors against counts made by hand, and against the token simulator."""

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser

from licc.compiler import make_context
from licc.dialects import stream
from licc.dialects.engine import ConvolutionShape, NormalizeShape, Parallelism
from licc.dialects.gdn import Norm
from licc.dialects.schedule import (
    boundary_cycles,
    conversion_steps,
    cycles,
    engine_cycles,
    frame_cycles,
    line_buffer_cycles,
    normalize_cycles,
    row_schedule,
    words,
)
from licc.dialects.tensors import integer_type
from licc.dialects.window import Window
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.fuse_streams import FuseStreams
from licc.passes.size_fifos import SizeFifos
from licc.tests.unit.stream_programs import Program, module
from licc.tests.unit.token_simulator import simulate, steps_of

DOWN = Window(kernel=5, stride=2, padding=2)
UP = Window(kernel=5, stride=2, padding=2, transposed=True)


def shape(window: Window, inputs: int, outputs: int, size: int) -> ConvolutionShape:
    i8 = integer_type(8)
    return ConvolutionShape(window, inputs, outputs, size, size, i8, i8, 20, 8)


def test_rows_of_a_strided_convolution() -> None:
    rows = row_schedule(DOWN, 8)
    assert rows.last == (2, 4, 6, 7)
    assert (rows.phases, rows.prologue, rows.most_rows) == (4, 3, 2)
    assert rows.due == (2, 2, 1, 0)
    assert [rows.early(t) for t in range(4)] == [0, 0, 1, 3]


def test_rows_of_a_transposed_convolution() -> None:
    rows = row_schedule(UP, 4)
    assert rows.last == (1, 2, 3, 3)
    assert (rows.phases, rows.prologue, rows.most_rows) == (4, 2, 1)
    assert [rows.early(t) for t in range(4)] == [0, 0, 1, 2]


def test_rows_that_are_never_needed_are_still_read() -> None:
    rows = row_schedule(Window(kernel=1, stride=2, padding=0), 8)
    assert rows.last == (0, 2, 4, 6)
    assert rows.due == (2, 2, 2, 1)
    assert [rows.early(t) for t in range(4)] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("parallelism", "engine"),
    [
        (Parallelism(1, 1), 16 * 8 * 25 * 4),
        (Parallelism(4, 2), 16 * 2 * 25 * 2),
        (Parallelism(4, 2, 5), 16 * 2 * 5 * 2),
        (Parallelism(3, 3), 16 * 3 * 25 * 2),
    ],
)
def test_convolution_cycles(parallelism: Parallelism, engine: int) -> None:
    convolution = shape(DOWN, inputs=4, outputs=8, size=8)
    assert engine_cycles(convolution, parallelism) == engine
    groups = convolution.input_groups(parallelism)
    assert line_buffer_cycles(convolution, parallelism) == 3 * 8 * groups + engine


def test_line_buffer_that_must_write_more_than_it_sends() -> None:
    convolution = shape(Window(kernel=1, stride=4, padding=0), inputs=2, outputs=1, size=8)
    assert engine_cycles(convolution, Parallelism(1, 2)) == 4
    assert line_buffer_cycles(convolution, Parallelism(1, 2)) == 8 + 2 * 4 * 8


def test_transposed_cycles_skip_inserted_zeros() -> None:
    convolution = shape(UP, inputs=4, outputs=8, size=4)
    assert UP.pixel_steps(1) == (9, 6, 6, 4)
    assert UP.pixel_steps(3) == (3, 2, 3, 2)
    assert engine_cycles(convolution, Parallelism(1, 1)) == 16 * 25 * 8 * 4
    assert engine_cycles(convolution, Parallelism(2, 4, 3)) == 16 * 10 * 4
    assert convolution.macs == 16 * 25 * 8 * 4


def test_normalize_cycles() -> None:
    core = NormalizeShape(6, 100, integer_type(12), 17, Norm.L2, 8)
    assert normalize_cycles(core, Parallelism(4, 3)) == 101 * 2 * 2


@pytest.mark.parametrize(
    ("channels", "before", "after", "steps"),
    [
        (12, 8, 3, (0, 1, 2, 3)),
        (12, 3, 8, (2, 3)),
        (12, 4, 5, (1, 2, 3)),
        (12, 5, 4, (0, 1, 2)),
        (3, 4, 3, (0,)),
    ],
)
def test_conversion_steps(channels: int, before: int, after: int, steps: tuple[int, ...]) -> None:
    assert conversion_steps(channels, before, after) == steps


PROGRAM = """
func.func @f(%x: !stream.fifo<tensor<1x6x4x4xi8>, lanes = 4, depth = 2>) {
  %y = stream.width_converter %x {layer = "a"}
      : (!stream.fifo<tensor<1x6x4x4xi8>, lanes = 4, depth = 2>)
      -> !stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 2>
  %w = stream.line_buffer %y {layer = "a",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}
      : (!stream.fifo<tensor<1x6x4x4xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x6x4x4xi8>, lanes = 2, taps = 3, repeat = 2, depth = 2>
  func.return
}
"""


def test_words_and_cycles_of_ops() -> None:
    parsed = Parser(make_context(), PROGRAM).parse_op()
    assert isinstance(parsed, FuncOp)
    converter, buffer, end = parsed.body.block.ops
    assert isinstance(converter, stream.WidthConverterOp)
    assert isinstance(buffer, stream.LineBufferOp)
    assert words(parsed.args[0]) == 16 * 2
    assert cycles(converter) == words(converter.result) == 16 * 3
    assert words(buffer.result) == 16 * 2 * 3 * 3
    assert cycles(buffer) == 2 * 4 * 3 + 4 * 72
    assert cycles(end) == 0
    assert boundary_cycles(parsed) == 32


def shaped(built: Program, dsp: int) -> tuple[ModuleOp, FuncOp]:
    program = module(built)
    for pass_ in (FuseStreams(), BalancePipeline(dsp=dsp), SizeFifos()):
        pass_.apply(make_context(), program)
    program.verify()
    (function,) = program.ops
    assert isinstance(function, FuncOp)
    return program, function


@pytest.mark.parametrize("dsp", [20, 60, 200])
def test_every_actor_takes_the_steps_that_the_kernels_take(dsp: int) -> None:
    built = Program("g_a", 3, 12, 8).conv(6, 5, 2).normalize().conv(5, 5, 2, transposed=True)
    _, function = shaped(built, dsp)
    for op in function.walk():
        if isinstance(op, stream.Actor):
            assert len(list(steps_of(op))) == cycles(op), op.name


@pytest.mark.parametrize(
    "built",
    [
        Program("g_a", 3, 16, 8).conv(6, 5, 2).normalize().conv(5, 5, 2),
        Program("g_a", 4, 8, 8).conv(6, 5, 2, transposed=True).normalize().conv(3, 3),
        Program("g_a", 3, 16, 12).conv(4).conv(6, 3, 2).conv(4, 5, 2, transposed=True),
    ],
    ids=["analysis", "synthesis", "mixed"],
)
def test_simulated_frames_keep_the_modelled_interval(built: Program) -> None:
    _, function = shaped(built, 100)
    run = simulate(function)
    assert not run.waiting
    assert frame_cycles(function) <= run.interval <= 1.1 * frame_cycles(function)
