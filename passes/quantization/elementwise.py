"""Offsets, magnitudes, sums and activations in integers."""

import numpy as np
from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern
from xdsl.utils.exceptions import PassFailedException

from ...dialects import nn, quant
from ...dialects.quant import ScaleAttr, scale_of
from ...dialects.tensors import (
    Tensor,
    array_of,
    constant,
    integer_range,
    integer_type,
    tensor_type,
    type_of,
)
from .fixed_point import narrowest
from .formats import (
    assigned,
    bounded_multipliers,
    integer_attr,
    integer_tensor,
    requantizer,
    storage_of,
)

SUM_GUARD_BITS = 4


def rescaled(layer: str, value: SSAValue, slope: float | None, result: Tensor) -> list[Operation]:
    """A requantiser from the scale of an integer value to that of `result`."""
    channels = type_of(value).get_shape()[1]
    storage = storage_of(value)
    limit = max(abs(v) for v in integer_range(storage)) if storage else 0
    ratios = np.full(channels, scale_of(value.type) / scale_of(result))
    scale = bounded_multipliers(layer, ratios, limit)
    return requantizer(layer, value, np.zeros(channels), scale, slope, result)


class QuantizeActivation(RewritePattern):
    """nn.relu or nn.leaky_relu that could not be folded into a convolution."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nn.ReluOp | nn.LeakyReluOp, rewriter: PatternRewriter) -> None:
        if storage_of(op.input) is None:
            return
        slope = op.slope.value.data if isinstance(op, nn.LeakyReluOp) else 0.0
        rewriter.replace(op, rescaled(op.layer.data, op.input, slope, integer_tensor(op.result)))


class QuantizeBias(RewritePattern):
    """nn.bias on a stored value becomes quant.offset: symbols, and medians with a fraction."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nn.BiasOp, rewriter: PatternRewriter) -> None:
        if storage_of(op.input) is None:
            return
        step = assigned(op.result).scale
        mantissa, exponent = np.frexp(scale_of(op.input.type) / step)
        if mantissa != 0.5 or exponent < 1:
            raise PassFailedException(
                f"quantize: {op.layer.data}: an offset needs a result 2^n times finer than its "
                f"input, found scales {scale_of(op.input.type)} and {step}"
            )
        whole = np.floor(array_of(op.bias).astype(np.float64) / step + 0.5).astype(np.int64)
        addend = constant(whole, narrowest(whole))
        offset = quant.OffsetOp.build(
            operands=[op.input, addend.result],
            properties={"shift": integer_attr(int(exponent) - 1), "layer": op.layer},
            result_types=[integer_tensor(op.result)],
        )
        rewriter.replace(op, [addend, offset])


class QuantizeAbs(RewritePattern):
    """nn.abs keeps the scale and drops the sign."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nn.AbsOp, rewriter: PatternRewriter) -> None:
        if storage_of(op.input) is None or storage_of(op.result) is not None:
            return
        result = integer_tensor(op.result)
        new = nn.AbsOp.build(
            operands=[op.input], properties={"layer": op.layer}, result_types=[result]
        )
        rewriter.replace(op, new)


class QuantizeAdd(RewritePattern):
    """nn.add: both sides on a scale 16 times finer than the result's, an exact sum, requantised."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: nn.AddOp, rewriter: PatternRewriter) -> None:
        sides = (op.lhs, op.rhs)
        if any(storage_of(side) is None for side in sides) or storage_of(op.result) is not None:
            return
        format, shape = assigned(op.result), type_of(op.result).get_shape()
        bits = format.storage.width.data + SUM_GUARD_BITS + 1
        fine = ScaleAttr(format.scale * 2.0**-SUM_GUARD_BITS)
        side_type = tensor_type(integer_type(bits), shape, fine)
        layer = op.layer.data
        lhs, rhs = (rescaled(layer, side, None, side_type) for side in sides)
        total = nn.AddOp.build(
            operands=[lhs[-1].results[0], rhs[-1].results[0]],
            properties={"layer": op.layer},
            result_types=[tensor_type(integer_type(bits + 1), shape, fine)],
        )
        result = rescaled(layer, total.result, None, integer_tensor(op.result))
        rewriter.replace(op, [*lhs, *rhs, total, *result])
