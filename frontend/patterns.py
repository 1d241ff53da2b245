"""The patterns that raise torch ops to nn and gdn, each with what it recognises in one line.

`RAISE_LAYERS` are those whose root is the last op of a longer pattern; they run first, while the
ops of the pattern are still torch ops.
"""

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import BoolAttr, FloatAttr, IntegerAttr, StringAttr, f64, i64
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ..dialects import gdn, nn, torch
from ..dialects.gdn import Norm, NormAttr
from ..dialects.tensors import constant, shape_of
from ..dialects.torch_types import VTensorType
from .folding import float_constant, number, numbers

Floats = NDArray[np.float32]


def path_of(op: Operation) -> str:
    """The path of the module that an op comes from; empty for the model itself."""
    path = op.attributes.get("module")
    return path.data if isinstance(path, StringAttr) else ""


def where(path: str) -> str:
    """How errors name the module of a path."""
    return f"module {path!r}" if path else "the model's own code"


def _layer(op: Operation) -> dict[str, Attribute]:
    return {"layer": StringAttr(path_of(op))}


class RaiseNormalize(RewritePattern):
    """x · norm(x), x / norm(x) with norm a 1x1 convolution of x² or |x|: GDN, GDN1, inverses."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        match op:
            case torch.MulTensorOp():
                found = _match_product(op.lhs, op.rhs) or _match_product(op.rhs, op.lhs)
            case torch.DivTensorOp():
                found = _match_quotient(op.lhs, op.rhs)
            case _:
                return
        if found is None:
            return
        x, convolution, norm, inverse = found
        parameters = norm_parameters(convolution)
        if parameters is None:
            return
        constants = [constant(values) for values in parameters]
        normalize = gdn.NormalizeOp.create(
            operands=(x, *(each.result for each in constants)),
            result_types=op.result_types,
            properties={
                "norm": NormAttr(norm),
                "inverse": BoolAttr.from_bool(inverse),
                **_layer(op),
            },
        )
        rewriter.replace(op, (*constants, normalize))


Match = tuple[SSAValue, torch.ConvolutionOp, Norm, bool]


def _match_product(x: SSAValue, factor: SSAValue) -> Match | None:
    if isinstance(factor.owner, torch.MulScalarOp) and number(factor.owner.rhs) == 1:
        factor = factor.owner.lhs
    match factor.owner:
        case torch.RsqrtOp() as op:
            return _match_norm(x, op.input, Norm.L2, inverse=False)
        case torch.SqrtOp() as op:
            return _match_norm(x, op.input, Norm.L2, inverse=True)
        case torch.ReciprocalOp() as op:
            return _match_norm(x, op.input, Norm.L1, inverse=False)
        case torch.ConvolutionOp():
            return _match_norm(x, factor, Norm.L1, inverse=True)
        case _:
            return None


def _match_quotient(x: SSAValue, divisor: SSAValue) -> Match | None:
    match divisor.owner:
        case torch.SqrtOp() as root:
            return _match_norm(x, root.input, Norm.L2, inverse=False)
        case torch.RsqrtOp() as root:
            return _match_norm(x, root.input, Norm.L2, inverse=True)
        case torch.ConvolutionOp():
            return _match_norm(x, divisor, Norm.L1, inverse=False)
        case _:
            return None


def _match_norm(x: SSAValue, value: SSAValue, norm: Norm, inverse: bool) -> Match | None:
    if not isinstance(value.owner, torch.ConvolutionOp):
        return None
    convolution = value.owner
    if not _is_magnitude(convolution.input, x, norm):
        return None
    return x, convolution, norm, inverse


def _is_magnitude(value: SSAValue, x: SSAValue, norm: Norm) -> bool:
    match value.owner, norm:
        case torch.AbsOp() as op, Norm.L1:
            return op.input is x
        case torch.PowTensorScalarOp() as op, Norm.L2:
            return op.lhs is x and number(op.rhs) == 2
        case torch.MulTensorOp() as op, Norm.L2:
            return op.lhs is x and op.rhs is x
        case _:
            return False


def norm_parameters(convolution: torch.ConvolutionOp) -> tuple[Floats, Floats] | None:
    """beta [C] > 0 and gamma [C, C] >= 0 of a 1x1 convolution that can be the norm of a GDN."""
    weight, beta = float_constant(convolution.weight), float_constant(convolution.bias)
    if weight is None or beta is None:
        return None
    channels = shape_of(convolution.input)[1]
    if weight.shape != (channels, channels, 1, 1) or beta.min() <= 0 or weight.min() < 0:
        return None
    return beta, weight.reshape(channels, channels)


class RaiseLeakyRelu(RewritePattern):
    """max(0, x) + slope · min(0, x)."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: torch.AddTensorOp, rewriter: PatternRewriter) -> None:
        if number(op.alpha) != 1:
            return
        positive, negative = op.lhs.owner, op.rhs.owner
        if not isinstance(positive, torch.MaximumOp) or not isinstance(negative, torch.MulScalarOp):
            return
        slope, minimum = number(negative.rhs), negative.lhs.owner
        if slope is None or not isinstance(minimum, torch.MinimumOp):
            return
        x, y = _without_zero(positive), _without_zero(minimum)
        if x is None or x is not y:
            return
        rewriter.replace(
            op,
            nn.LeakyReluOp.create(
                operands=(x,),
                result_types=op.result_types,
                properties={"slope": FloatAttr(slope, f64), **_layer(op)},
            ),
        )


def _without_zero(op: torch.MaximumOp | torch.MinimumOp) -> SSAValue | None:
    for zero, x in ((op.lhs, op.rhs), (op.rhs, op.lhs)):
        value = float_constant(zero)
        if value is not None and value.size == 1 and value.item() == 0:
            return x
    return None


class RaiseBias(RewritePattern):
    """x + c and x - c with a constant of one number for each channel, or for all of them."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not isinstance(op, torch.AddTensorOp | torch.SubTensorOp):
            return
        x, offset, alpha = op.lhs, float_constant(op.rhs), number(op.alpha)
        if offset is None and isinstance(op, torch.AddTensorOp) and alpha == 1:
            x, offset = op.rhs, float_constant(op.lhs)
        if offset is None or alpha is None or len(shape_of(x)) != 4:
            return
        channels = shape_of(x)[1]
        if np.broadcast_shapes(offset.shape, (1, channels, 1, 1)) != (1, channels, 1, 1):
            return
        vector = np.broadcast_to(offset, (1, channels, 1, 1)).reshape(channels)
        sign = -1 if isinstance(op, torch.SubTensorOp) else 1
        bias = constant(vector * np.float32(sign * alpha))
        rewriter.replace(
            op,
            (
                bias,
                nn.BiasOp.create(
                    operands=(x, bias.result), result_types=op.result_types, properties=_layer(op)
                ),
            ),
        )


class RaiseConvolution(RewritePattern):
    """A convolution without groups or dilation, of one stride and one padding."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: torch.ConvolutionOp, rewriter: PatternRewriter) -> None:
        stride, padding, dilation = map(same_number, (op.stride, op.padding, op.dilation))
        if stride is None or padding is None or dilation != 1 or number(op.groups) != 1:
            return
        constants = [op.weight]
        if not isinstance(op.bias.owner, torch.ConstantNoneOp):
            constants.append(op.bias)
        if any(float_constant(value) is None for value in constants):
            return
        kind = nn.ConvTranspose2dOp if number(op.transposed) == 1 else nn.Conv2dOp
        raised = kind.create(
            operands=(op.input, *constants),
            result_types=op.result_types,
            properties={
                "stride": IntegerAttr(int(stride), i64),
                "padding": IntegerAttr(int(padding), i64),
                **_layer(op),
            },
        )
        rewriter.replace(op, raised)


def same_number(value: SSAValue) -> float | None:
    """The one number that a list repeats, or None."""
    found = numbers(value)
    return found[0] if found is not None and len(set(found)) == 1 else None


class RaiseElementwise(RewritePattern):
    """ReLU, |x|, and the sum of two tensors of one shape."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        match op:
            case torch.ReluOp():
                kind, operands = nn.ReluOp, (op.input,)
            case torch.AbsOp():
                kind, operands = nn.AbsOp, (op.input,)
            case torch.AddTensorOp() if number(op.alpha) == 1 and _same_shape(op.lhs, op.rhs):
                kind, operands = nn.AddOp, (op.lhs, op.rhs)
            case _:
                return
        rewriter.replace(
            op, kind.create(operands=operands, result_types=op.result_types, properties=_layer(op))
        )


def _same_shape(lhs: SSAValue, rhs: SSAValue) -> bool:
    return lhs.type == rhs.type and not isinstance(lhs.type, VTensorType)
