"""`balance-pipeline`: optimal against brute force, within its limits, and clear where it fails."""

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from xdsl.dialects import arith
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from licc.compiler import make_context
from licc.dialects import stream
from licc.dialects.cost import actor_cost
from licc.dialects.engine import convolution_parallelism
from licc.dialects.memories import Resources
from licc.dialects.packing import Packing, PackingAttr
from licc.dialects.schedule import frame_cycles
from licc.dialects.stream_checks import fifo_type, windows_type
from licc.dialects.stream_types import Memory, Multiplier
from licc.dialects.tensors import constant, integer_type
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.balancing.budget_search import Limits, Space
from licc.passes.balancing.design_space import layers_of
from licc.passes.balancing.problem import boundary_of, least
from licc.passes.balancing.shapes import Shape, lane_counts
from licc.passes.fuse_streams import FuseStreams
from licc.tests.unit.stream_programs import (
    I8,
    I16,
    UI8,
    Program,
    hyperprior,
    module,
    residual,
)
from licc.tests.unit.test_budget_search import check_against_brute_force


def fused(*programs: Program) -> ModuleOp:
    program = module(*programs)
    FuseStreams().apply(make_context(), program)
    return program


def balance(program: ModuleOp, **options) -> int:
    """Runs the pass; the interval that the module has then."""
    BalancePipeline(**options).apply(make_context(), program)
    program.verify()
    functions = [op for op in program.ops if isinstance(op, FuncOp)]
    return max(map(frame_cycles, functions))


def dsp_of(program: ModuleOp) -> int:
    return sum(actor_cost(op).dsp for op in program.walk())


def shapes_of(program: ModuleOp) -> list[tuple[Shape, ...]]:
    return [layer.shapes for layer in layers_of(program, packing=True).values()]


def tiny(rng: random.Random) -> Program:
    program = Program("g_a", rng.randint(1, 4), 8, 8)
    program.conv(rng.randint(1, 5), 3, rng.choice([1, 2]))
    if rng.random() < 0.5:
        program.normalize()
    return program.conv(rng.randint(1, 4), 3, 2, transposed=rng.random() < 0.5)


@pytest.mark.parametrize("seed", range(8))
def test_cheapest_and_fastest_match_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    layers = [list(shapes) for shapes in shapes_of(fused(tiny(rng)))]
    layers = [rng.sample(shapes, min(12, len(shapes))) for shapes in layers]
    limits = Limits(rng.choice([20, 40, 80, 500]), rng.choice([8, 20, math.inf]))
    check_against_brute_force(layers, limits)


@pytest.mark.parametrize("seed", range(30))
def test_the_module_keeps_the_promised_interval_and_budget(seed: int) -> None:
    rng = random.Random(seed)
    program = fused(tiny(rng))
    dsp = rng.choice([30, 80, 300])
    functions = [op for op in program.ops if isinstance(op, FuncOp)]
    best = Space(shapes_of(program)).fastest(boundary_of(functions).cycles, Limits(dsp))
    assert best is not None
    assert balance(program, dsp=dsp) <= best.interval
    assert dsp_of(program) == best.total("dsp") <= dsp


def test_fps_takes_the_fewest_slices_that_reach_it() -> None:
    program = fused(Program("g_a", 3, 64, 64, UI8).conv(16, 5, 2).normalize().conv(24, 5, 2))
    interval = 200_000_000 // 2000
    expected = Space(shapes_of(program)).cheapest(interval, Limits())
    assert expected is not None
    assert balance(program, fps=2000.0) <= interval
    assert dsp_of(program) == expected.total("dsp")


def test_all_functions_share_the_device() -> None:
    encoder = Program("g_a", 3, 64, 64, UI8).conv(16, 5, 2)
    decoder = Program("g_s", 16, 32, 32).conv(3, 5, 2, transposed=True)
    both = balance(fused(encoder, decoder), dsp=100)
    alone = balance(fused(Program("g_a", 3, 64, 64, UI8).conv(16, 5, 2)), dsp=100)
    assert both > alone


def test_boundaries_and_converters() -> None:
    program = fused(Program("g_a", 3, 16, 16, UI8).conv(8, 5, 2).conv(12, 3, element=I16))
    balance(program, dsp=40)
    (function,) = program.ops
    assert isinstance(function, FuncOp)
    assert fifo_type(function.args[0]).lanes == 3
    assert fifo_type(function.body.block.last_op.operands[0]).lanes == 4
    assert function.function_type.inputs.data[0] == function.args[0].type
    for op in program.walk():
        if isinstance(op, stream.WidthConverterOp):
            assert fifo_type(op.input).lanes != fifo_type(op.result).lanes


def test_packing_takes_the_longest_chain_that_is_of_use() -> None:
    program = fused(Program("g_a", 4, 16, 16).conv(8, 3))
    balance(program, dsp=60)
    (engine,) = (op for op in program.walk() if isinstance(op, stream.ConvolveOp))
    parallelism = convolution_parallelism(engine)
    assert engine.packing is not None
    ones = 9 * 4  # as many weights of 1 as a channel has: their sums stay far below 2^17
    assert engine.packing.chain == min(ones, parallelism.factors) > 7
    balance(program, dsp=60, packing=False)
    assert engine.packing is None


def test_products_too_large_for_a_field_are_not_packed() -> None:
    def packing(bits: int, weight: int) -> PackingAttr | None:
        program = Program("g_a", 4, 16, 16, integer_type(bits)).conv(8, 3)
        first = next(op for op in program.block.ops if isinstance(op, arith.ConstantOp))
        replaced = constant(np.full((8, 4, 3, 3), weight), I8)
        Rewriter.replace_op(first, replaced)
        built = fused(program)
        balance(built, dsp=60)
        (engine,) = (op for op in built.walk() if isinstance(op, stream.ConvolveOp))
        return engine.packing

    assert packing(12, 127) is None
    wide, narrow = packing(11, 127), packing(12, 10)
    assert wide is not None
    assert wide.chain == 1
    assert narrow is not None
    assert narrow.chain == 6


def test_four_products_share_a_slice() -> None:
    program = Program("g_a", 4, 16, 16, integer_type(4, False)).conv(6, 3, weight_bits=4)
    (shapes,) = shapes_of(fused(program))
    products = {shape.packing.packing for shape in shapes if shape.packing}
    assert Packing(2, 2) in products


def test_narrow_products_move_to_luts_where_slices_bind() -> None:
    def products(dsp: int) -> Multiplier:
        built = fused(Program("g_a", 4, 16, 16, integer_type(3)).conv(8, 3, weight_bits=2))
        balance(built, dsp=dsp, packing=False)
        (engine,) = (op for op in built.walk() if isinstance(op, stream.ConvolveOp))
        return engine.products.data

    assert products(2) is Multiplier.LUT


def test_results_leave_in_words_as_narrow_as_keep_up() -> None:
    built = fused(Program("g_a", 16, 32, 32).conv(64, 5, 2).normalize())
    balance(built, dsp=200)
    for op in built.walk():
        if isinstance(op, stream.ConvolveOp | stream.NormalizeOp):
            assert op.outputs is not None
            assert fifo_type(op.result).lanes < op.outputs.value.data


def test_running_twice_gives_the_same() -> None:
    program = fused(residual(Program("g_a", 6, 16, 16), (3, 3)))
    balance(program, dsp=100)
    once = str(program)
    balance(program, dsp=100)
    assert str(program) == once


def test_memories_move_between_block_ram_and_luts() -> None:
    def run(bram36: int, lut: int) -> tuple[int, Memory]:
        program = fused(Program("g_a", 16, 32, 64).conv(64, 5, 2).conv(64, 5, 2))
        reached = balance(program, dsp=400, bram36=bram36, lut=lut)
        cost = sum((actor_cost(op) for op in program.walk()), Resources())
        assert cost.bram18 <= 2 * bram36
        assert not lut or cost.lut <= lut
        *_, engine = (op for op in program.walk() if isinstance(op, stream.ConvolveOp))
        return reached, engine.memory.data

    plenty, no_block_ram, neither = run(500, 0), run(30, 0), run(30, 25000)
    assert plenty[1] is Memory.BRAM
    assert no_block_ram == (plenty[0], Memory.LUTRAM)
    assert plenty[0] < neither[0] < 2 * plenty[0]


def test_unfused_arrays_are_shaped_too() -> None:
    program = module(Program("g_a", 4, 16, 16).conv(8, 3))
    balance(program, dsp=60)
    (mac,) = (op for op in program.walk() if isinstance(op, stream.MacOp))
    assert windows_type(mac.input).repeat * fifo_type(mac.result).lanes >= 8
    assert dsp_of(program) <= 60


def test_lane_counts() -> None:
    assert lane_counts(12, even=False) == [12, 6, 4, 3, 2, 1]
    assert lane_counts(3, even=True) == [4, 3, 2, 1]
    assert lane_counts(7, even=True) == [8, 7, 4, 3, 2, 1]


def test_a_hyperprior_at_720p_is_balanced() -> None:
    program = hyperprior(64, 192, 1280, 720)
    FuseStreams().apply(make_context(), program)
    reached = balance(program, dsp=2520)
    assert 200e6 / reached > 20
    assert dsp_of(program) <= 2520


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dsp": 40, "fps": 20000.0}, r"20000 frames a second are out of reach: g_a\.\d binds at"),
        ({"dsp": 40, "fps": 20000.0}, r"\d+ DSP slices needed, 40 available, \d+ short"),
        ({"fps": 1e6}, r"no parallelism reaches it: .* needs at least \d+ cycles"),
        ({"dsp": 3}, r"not even the smallest pipeline fits: \d+ DSP slices needed, 3 available"),
        ({"fps": -1.0}, "fps must not be negative"),
        ({"clock_mhz": 0.0}, "clock_mhz must be positive"),
    ],
)
def test_errors_name_the_stage_and_the_shortfall(options, message: str) -> None:
    program = fused(Program("g_a", 3, 64, 64, UI8).conv(16, 5, 2).normalize().conv(24, 5, 2))
    before = str(program)
    with pytest.raises(PassFailedException, match=message):
        balance(program, **options)
    assert str(program) == before


def test_budgets_that_are_enough_alone_but_not_together() -> None:
    problem = BalancePipeline().problem(fused(Program("g_a", 4, 8, 8).conv(6)))
    ((op, layer),) = problem.built.items()
    shapes = tuple(
        replace(layer.shapes[0], cost=Resources(dsp, 0, lut, 1)) for dsp, lut in ((10, 20), (20, 8))
    )
    tight = replace(problem, built={op: replace(layer, shapes=shapes)}, limits=Limits(18, 9, 9, 9))
    assert least(tight) == (
        "each resource alone is enough, all together are not: "
        "20 DSP slices needed, 18 available, 2 short"
    )


@pytest.mark.parametrize("channels", [510, 512])
def test_a_gdn_core_keeps_no_more_values_than_an_array_has_pieces(channels: int) -> None:
    built = fused(Program("g_a", channels, 8, 8).normalize())
    (layer,) = layers_of(built, packing=True).values()
    assert layer.shapes
    for shape in layer.shapes:
        p = shape.parallelism
        assert 2 * max(-(-channels // n) * n for n in (p.po, p.pi)) <= 1024
