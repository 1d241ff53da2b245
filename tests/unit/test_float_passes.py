"""prune-channels and equalize-channels leave what a float program computes, bit for bit where no
sum is rounded: on small whole numbers, and where all factors are powers of two."""

from collections.abc import Callable

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from licc.backends.interpreter import run
from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.dialects import gdn, nn
from licc.dialects.gdn import Norm
from licc.dialects.tensors import array_of, shape_of
from licc.passes.constants import replace_constant
from licc.runtime.arithmetic import Array
from licc.tests.random_codecs import (
    LATENTS,
    PIXELS,
    Bias,
    Conv,
    Gdn,
    Layer,
    Leaky,
    Relu,
    photograph,
    transform,
)


def codec(*layers: Layer) -> tuple[ModuleOp, list[Operation]]:
    """A module with one @g_a, and its layers."""
    function = transform("g_a", layers, (3, 64, 64), (PIXELS, LATENTS))
    return ModuleOp([function]), [op for op in function.walk() if "layer" in op.properties]


def change(op: Operation, operand: SSAValue, function: Callable[[Array], Array]) -> None:
    """Replaces a constant by a function of it."""
    replace_constant(op, operand, function(array_of(operand).copy()))


def scaled(array: Array, channel: int, factor: float) -> Array:
    """The array with one row multiplied."""
    array[channel] *= factor
    return array


def apply(module: ModuleOp, text: str) -> None:
    """Runs a pipeline."""
    Pipeline(make_pipeline(text, {}, known_passes())).apply(module)
    module.verify()


def test_pruning_whole_numbers_is_exact() -> None:
    """The largest sum is below 255 · 27 · 3 · 36 · 3 < 2^24."""
    module, ops = codec(Conv(4), Leaky(0.5), Bias(), Conv(4), Relu(), Conv(2, 1))
    convolutions = [op for op in ops if isinstance(op, nn.Conv2dOp)]
    for op in ops:
        for operand in op.operands[1:]:
            change(op, operand, lambda array: np.clip(np.round(array * 4), -3, 3))
    change(convolutions[1], convolutions[1].weight, lambda array: scaled(array, 2, 0))
    assert convolutions[1].bias is not None
    change(convolutions[1], convolutions[1].bias, lambda array: scaled(array, 2, 0))
    unread = np.array([1, 0, 1, 1]).reshape(1, 4, 1, 1)
    change(convolutions[1], convolutions[1].weight, lambda array: array * unread)
    frame = photograph(64, 64).astype(np.float32)
    before = run(module, "g_a", frame)
    apply(module, "prune-channels")
    assert [shape_of(op.result)[1] for op in convolutions] == [3, 3, 2]
    assert np.array_equal(run(module, "g_a", frame), before)
    assert np.ptp(before) > 0


@pytest.mark.parametrize("norm", Norm)
@pytest.mark.parametrize("inverse", [False, True])
def test_equalising_by_powers_of_two_is_exact(norm: Norm, inverse: bool) -> None:
    """A channel 2^32 times larger than the others gets 2^-6, the others 2^6: the limits."""
    module, ops = codec(Conv(2, 3), Relu(), Conv(2, 1), Gdn(norm, inverse), Conv(2, 3))
    first, second, last = (op for op in ops if isinstance(op, nn.Conv2dOp))
    (normalize,) = (op for op in ops if isinstance(op, gdn.NormalizeOp))
    for op in (first, second, last):
        change(op, op.weight, np.abs)
    change(first, first.weight, lambda array: scaled(array, 1, 2.0**32))
    alike = np.array([1, 2.0**-32]).reshape(1, 2, 1, 1)
    change(second, second.weight, lambda array: array * alike)
    growth = 2.0**64 if norm is Norm.L2 else 2.0**32
    for operand in (normalize.beta, normalize.gamma):
        change(normalize, operand, lambda array: scaled(array, 1, growth))
    weights = [array_of(op.weight).copy() for op in (first, second, last)]
    frame = photograph(64, 64).astype(np.float32) / np.float32(256)
    before = run(module, "g_a", frame)
    apply(module, "equalize-channels{limit=1}")
    assert np.array_equal(run(module, "g_a", frame), before)
    assert np.ptp(before) > 0
    after = [array_of(op.weight) for op in (first, second, last)]
    factor = np.array([64, 1 / 64]).reshape(2, 1, 1, 1)
    assert np.array_equal(after[0], weights[0] * factor)
    turned = factor if inverse else 1 / factor
    assert np.array_equal(after[2], weights[2] / turned.reshape(1, 2, 1, 1))
