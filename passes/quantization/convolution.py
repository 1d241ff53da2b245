"""Convolutions in integers: exact sums of integer products, and one requantiser behind them."""

from dataclasses import dataclass

import numpy as np
from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern
from xdsl.utils.exceptions import PassFailedException

from ...dialects import nn
from ...dialects.quant import scale_of
from ...dialects.tensors import (
    array_of,
    constant,
    integer_range,
    integer_type,
    tensor_type,
    type_of,
)
from ...runtime.arithmetic import Array
from ..assign_precision import is_wire
from .fixed_point import symmetric_weights
from .formats import assigned, bounded_multipliers, integer_tensor, requantizer, storage_of
from .intervals import convolution_bounds, signed_bits


@dataclass
class Tail:
    """A convolution and what is folded into its requantiser: offsets and an activation."""

    ops: list[Operation]
    bias: Array
    slope: float | None

    @property
    def result(self) -> SSAValue:
        """The value that is stored."""
        return self.ops[-1].results[0]


def tail_of(op: nn.Conv2dOp | nn.ConvTranspose2dOp) -> Tail:
    """Follows a convolution's wires to the value that is stored."""
    channels = type_of(op.result).get_shape()[1]
    bias = array_of(op.bias) if op.bias is not None else np.zeros(channels)
    tail = Tail([op], bias.astype(np.float64), None)
    while is_wire(tail.result):
        following = next(iter(tail.result.uses)).operation
        match following:
            case nn.BiasOp() if tail.slope is None:
                tail.bias = tail.bias + array_of(following.bias)
            case nn.ReluOp() if tail.slope is None:
                tail.slope = 0.0
            case nn.LeakyReluOp() if tail.slope is None:
                tail.slope = following.slope.value.data
            case _:
                raise PassFailedException(
                    f"quantize: {op.layer.data}: {following.name} cannot follow an activation"
                )
        tail.ops.append(following)
    return tail


class QuantizeConvolution(RewritePattern):
    """nn.conv2d or nn.conv_transpose2d, with its bias and activation, on an integer input."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: nn.Conv2dOp | nn.ConvTranspose2dOp, rewriter: PatternRewriter
    ) -> None:
        storage = storage_of(op.input)
        if storage is None or storage_of(op.weight) is not None:
            return
        if op.weight_bits is None:
            raise PassFailedException(
                f"quantize: {op.layer.data} has no weight_bits; run assign-precision first"
            )
        tail, bits = tail_of(op), op.weight_bits.value.data
        axis = 1 if op.window.transposed else 0
        weight, weight_scale = symmetric_weights(array_of(op.weight), bits, axis, op.scales)
        step = weight_scale * scale_of(op.input.type)
        bias = np.floor(tail.bias / step + 0.5)
        low, high = convolution_bounds(weight, op.window, *integer_range(storage))
        limit = int(np.maximum(np.abs(low + bias), np.abs(high + bias)).max())
        ratios = step / assigned(tail.result).scale
        scale = bounded_multipliers(op.layer.data, ratios, limit)
        weights = constant(weight, integer_type(bits))
        width = signed_bits(int(low.min()), int(high.max()))
        sums = type(op).build(
            operands=[op.input, weights.result, None],
            properties={"stride": op.stride, "padding": op.padding, "layer": op.layer},
            result_types=[tensor_type(integer_type(width), type_of(op.result).get_shape())],
        )
        type_ = integer_tensor(tail.result)
        new = requantizer(op.layer.data, sums.result, bias, scale, tail.slope, type_)
        rewriter.insert([weights, sums, *new])
        rewriter.replace_all_uses_with(tail.result, new[-1].results[0])
        for fused in reversed(tail.ops):
            rewriter.erase(fused)
