"""The performance model against the simulator, on random pipelines."""

import random

import pytest
from xdsl.dialects.func import FuncOp

from licc.backends.simulator import simulate_function
from licc.compiler import make_context
from licc.dialects.schedule import frame_cycles
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.fuse_streams import FuseStreams
from licc.passes.size_fifos import SizeFifos
from licc.tests.unit.stream_programs import Program, module


def random_pipeline(rng: random.Random) -> FuncOp:
    """Two to five convolutions, some strided, transposed or with GDN, for a random budget."""
    program = Program("g_a", rng.choice([1, 3, 4]), 8 * rng.randint(6, 12), 8 * rng.randint(6, 16))
    scale = 0
    for _ in range(rng.randint(2, 5)):
        transposed = scale > 0 and rng.random() < 0.5
        stride = 2 if transposed else rng.choice([1, 2]) if scale < 3 else 1
        scale += 0 if stride == 1 else -1 if transposed else 1
        program.conv(rng.choice([3, 4, 6, 8, 12, 16]), rng.choice([1, 3, 5]), stride, transposed)
        if rng.random() < 0.4:
            program.normalize()
    built = module(program)
    for pass_ in (FuseStreams(), BalancePipeline(dsp=rng.randint(30, 400)), SizeFifos()):
        pass_.apply(make_context(), built)
    (function,) = built.ops
    assert isinstance(function, FuncOp)
    return function


def agree(seed: int) -> None:
    function = random_pipeline(random.Random(seed))
    found, modelled = simulate_function(function, 4), frame_cycles(function)
    assert modelled <= found.interval <= 1.01 * modelled, (found.interval, modelled)


@pytest.mark.parametrize("seed", range(3))
def test_model_is_within_a_per_cent(seed: int) -> None:
    agree(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 63))
def test_model_is_within_a_per_cent_of_many_designs(seed: int) -> None:
    agree(seed)
