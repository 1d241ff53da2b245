"""What binds a pipeline, and the ways out: each is applied, and keeps what it promises."""

from bisect import bisect_left
from dataclasses import replace

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from licc.backends.targets import load_target
from licc.compiler import make_context
from licc.dialects.coefficients import UNCALIBRATED, Coefficients
from licc.dialects.memories import Resources
from licc.dialects.schedule import frame_cycles
from licc.explain import explain_pipeline
from licc.passes.balance_pipeline import BalancePipeline, OutOfReach
from licc.passes.balancing.binding import Binding, binding_of
from licc.passes.balancing.budget_search import Limits
from licc.passes.balancing.changes import all_channels, all_weights, bit_ladders, channel_groups
from licc.passes.balancing.problem import ANY_INTERVAL
from licc.passes.balancing.ways_out import Board, Explanation, Search, WayOut, explain
from licc.passes.fuse_streams import FuseStreams
from licc.tests.unit.stream_programs import I12, Program, module, residual

UNLIMITED = {"dsp": 0, "bram36": 0, "lut": 0, "ff": 0}
CLOCK = 200.0


def codec(channels: int = 12, weight_bits: int = 8) -> ModuleOp:
    """Two convolutions with a GDN core between them."""
    program = Program("g_a", 4, 32, 32).conv(channels, 3, 2, element=I12).normalize()
    return fused(program.conv(16, 3, 2, weight_bits=weight_bits))


def fused(program: Program) -> ModuleOp:
    built = module(program)
    FuseStreams().apply(make_context(), built)
    return built


def reached(program: ModuleOp, **options: float) -> int:
    """The interval that balancing gives a module."""
    BalancePipeline(**UNLIMITED | options).apply(make_context(), program)
    return max(frame_cycles(op) for op in program.ops if isinstance(op, FuncOp))


def explained(program: ModuleOp, boards: tuple[Board, ...] = (), **options: float) -> Explanation:
    balance = BalancePipeline(**UNLIMITED | options)
    return explain(balance.problem(program), balance.clock_mhz, balance.fps, boards)


def search_of(program: ModuleOp, gain: float, **options: float) -> Search:
    """A search for changes that make the fastest pipeline so much faster."""
    problem = BalancePipeline(**UNLIMITED | options).problem(program)
    best = problem.fastest(problem.limits)
    assert best is not None
    return Search(problem, CLOCK, gain * CLOCK * 1e6 / best.interval, best.interval)


def way(explanation: Explanation, word: str) -> WayOut:
    """The way out of which the text has a word."""
    (found,) = (each for each in explanation.ways_out if word in each.what)
    return found


def test_a_pruned_model_is_as_fast_as_promised() -> None:
    explanation = explained(codec(12), dsp=60)
    found = way(explanation, "prune g_a.0 from 12 to")
    channels = int(found.what.split()[5])
    assert found.size == pytest.approx(1 - channels / 12)
    assert reached(codec(channels), dsp=60) == found.interval
    assert found.fps >= explanation.goal
    assert CLOCK * 1e6 / reached(codec(channels + 1), dsp=60) < explanation.goal


def test_narrower_weights_are_as_fast_as_promised() -> None:
    search = search_of(codec(12, weight_bits=16), gain=1.05, dsp=60)
    ladders = bit_ladders(tuple(search.problem.built), search.problem.layers)
    (ladder,) = (each for each in ladders if "weights of g_a.2" in each.changes[0].what)
    found = search.smallest([ladder])
    assert found is not None
    bits = round(16 * (1 - found.size))
    assert found.what == f"weights of g_a.2: {bits} bits instead of 16"
    assert reached(codec(12, weight_bits=bits), dsp=60) == found.interval


def test_a_clock_is_as_fast_as_promised() -> None:
    base = reached(codec(), dsp=60)
    explanation = explained(codec(), dsp=60, fps=CLOCK * 1e6 / base * 1.5)
    clock = way(explanation, "clock it at 300 MHz instead of 200")
    assert (clock.interval, clock.size) == (base, 0.5)
    assert clock.fps >= explanation.goal == CLOCK * 1e6 / base * 1.5
    assert search_of(codec(), gain=2.1, dsp=60).clock() is None


def test_a_board_is_as_fast_as_promised() -> None:
    def board(name: str, dsp: int, model: Coefficients = UNCALIBRATED) -> Board:
        return Board(name, Resources(dsp, lut=20_000), 150.0, model)

    search = search_of(codec(), gain=1.5, dsp=60)
    thirsty = board("thirsty", 400, replace(UNCALIBRATED, loop_lut=1e5))
    found = search.board((board("small", 70), thirsty, board("good", 400)))
    assert found is not None
    assert found.what == "take a good"
    assert found.interval == reached(codec(), dsp=400, lut=20_000)
    assert found.fps == 150e6 / found.interval >= search.goal


def test_the_smallest_changes_come_first_and_all_reach_the_goal() -> None:
    base = reached(codec(), dsp=60)
    explanation = explained(codec(), dsp=60)
    assert explanation.goal == pytest.approx(1.1 * CLOCK * 1e6 / base)
    sizes = [each.size for each in explanation.ways_out]
    assert 2 <= len(sizes) <= 3
    assert sizes == sorted(sizes)
    assert all(each.fps >= explanation.goal for each in explanation.ways_out)


def fits(channels: int, lut: int) -> bool:
    problem = BalancePipeline(**UNLIMITED | {"bram36": 1, "lut": lut}).problem(codec(channels))
    return problem.space.reaches(ANY_INTERVAL, problem.limits)


def test_where_nothing_fits_a_way_out_makes_it_fit() -> None:
    luts = range(2000, 4000)
    lut = luts[bisect_left(luts, True, key=lambda lut: fits(10, lut))]
    assert not fits(12, lut)
    explanation = explained(codec(), bram36=1, lut=lut)
    assert explanation.binding is None
    assert explanation.goal == 0
    assert explanation.to_json()["binding"] is None
    found = way(explanation, "prune g_a.0 from 12 to")
    channels = round(12 * (1 - found.size))
    assert reached(codec(channels), bram36=1, lut=lut) == found.interval
    assert not fits(channels + 1, lut)
    with pytest.raises(OutOfReach, match="not even the smallest pipeline fits"):
        reached(codec(12), bram36=1, lut=lut)


def test_all_layers_alike_are_as_fast_as_promised() -> None:
    def deep(channels: int, weight_bits: int = 8) -> ModuleOp:
        program = Program("g_a", 4, 32, 32)
        for _ in range(2):
            program.conv(channels, 3, 2, element=I12, weight_bits=weight_bits).normalize()
        return fused(program.conv(4, 3, weight_bits=weight_bits))

    search = search_of(deep(16), gain=1.5, dsp=80)
    found = search.smallest([all_channels(tuple(search.problem.built), search.problem.layers)])
    assert found is not None
    channels = round(16 * (1 - found.size))
    assert found.what == f"prune all layers to {channels}/16 of their channels"
    assert reached(deep(channels), dsp=80) == found.interval
    wide = search_of(deep(8, 16), gain=1.2, dsp=80)
    found = wide.smallest([all_weights(wide.problem.layers)])
    assert found is not None
    bits = round(16 * (1 - found.size))
    assert found.what == f"weights of all layers: {bits} bits instead of 16"
    assert reached(deep(8, bits), dsp=80) == found.interval


def bound(**options: float) -> Binding:
    problem = BalancePipeline(**UNLIMITED | options).problem(codec())
    best = problem.fastest(problem.limits)
    assert best is not None
    return binding_of(problem, best)


def test_the_budget_that_binds_is_named() -> None:
    slices = bound(dsp=60)
    assert slices.budgets == ("dsp",)
    assert slices.relaxed == reached(codec())
    assert slices.interval == reached(codec(), dsp=60)
    assert slices.stage.startswith("g_a.")
    assert bound(lut=5000).budgets == ("lut",)


def test_budgets_that_bind_together_are_named_together() -> None:
    problem = BalancePipeline(**UNLIMITED).problem(codec())
    op, layer = next(iter(problem.built.items()))
    fast, slow = (
        replace(layer.shapes[0], cycles=cycles, cost=Resources(n, 0, n, 1))
        for cycles, n in ((5000, 10), (9000, 5))
    )
    built = {op: replace(layer, shapes=(fast, slow))}
    tight = replace(problem, built=built, limits=Limits(7, 7, 7, 7))
    best = tight.fastest(tight.limits)
    assert best is not None
    assert binding_of(tight, best) == Binding("g_a.0", 9000, ("dsp", "lut"), 5000)


def test_nothing_but_the_interface_binds_without_budgets() -> None:
    free = bound()
    assert free.budgets == ()
    assert free.relaxed is None
    assert free.to_json(CLOCK)["fps_without_budgets"] is None


def test_channels_that_leave_or_meet_others_are_not_pruned() -> None:
    groups = channel_groups(BalancePipeline().problem(codec()).built)
    assert [(g.writer, g.norms, g.readers) for g in groups] == [(0, (1,), (2,))]
    joined = fused(residual(Program("g_a", 4, 16, 16).conv(6, 3), (3, 3)).conv(4, 3))
    writers = [g.writer for g in channel_groups(BalancePipeline().problem(joined).built)]
    assert writers == [1]


def test_explaining_leaves_the_module_as_it_is() -> None:
    program = codec()
    before = str(program)
    explain_pipeline(BalancePipeline(dsp=60), program, load_target("zcu102"))
    assert str(program) == before
