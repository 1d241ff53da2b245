"""Constant folding on the torch level: the arithmetic of reparametrised weights, in float32.

NumPy gives the bits that torch gives: maximum, product, sum and difference of two float32 numbers
are correctly rounded in both.
"""

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import DenseIntOrFPElementsAttr, Float32Type, f32
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import (
    PatternRewriter,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.rewriter import Rewriter
from xdsl.utils.hints import isa

from ..dialects import torch
from ..dialects.tensors import array_of, constant, tensor_type
from ..dialects.torch_types import VTensorType

Floats = NDArray[np.float32]


def float_constant(value: SSAValue) -> Floats | None:
    """The float32 constant behind a value, or None."""
    owner = value.owner
    if not isinstance(owner, ConstantOp) or not isinstance(owner.value, DenseIntOrFPElementsAttr):
        return None
    is_float = isinstance(owner.value.get_element_type(), Float32Type)
    return array_of(value) if is_float else None


def number(value: SSAValue) -> float | None:
    """The Python number behind a value, or None."""
    match value.owner:
        case torch.ConstantIntOp() as op:
            return op.value.value.data
        case torch.ConstantBoolOp() as op:
            return int(op.value.value.data != 0)  # xDSL holds true as -1
        case torch.ConstantFloatOp() as op:
            return op.value.value.data
        case _:
            return None


def numbers(value: SSAValue) -> tuple[float, ...] | None:
    """The Python list of numbers behind a value, or None."""
    if not isinstance(value.owner, torch.ListConstructOp):
        return None
    found = tuple(number(element) for element in value.owner.elements)
    return None if None in found else tuple(x for x in found if x is not None)


def use_builtin_tensors(function: FuncOp) -> None:
    """`!torch.vtensor<[1,4],f32>` becomes `tensor<1x4xf32>`, and the function's type follows."""
    values = [result for op in function.body.walk() for result in op.results]
    for value in (*function.args, *values):
        type = value.type
        if isinstance(type, VTensorType) and isinstance(type.element_type, Float32Type):
            shape = tuple(size.data for size in type.shape)
            Rewriter.replace_value_with_new_type(value, tensor_type(f32, shape))
    function.update_function_type()


class LiteralToConstant(RewritePattern):
    """A float32 literal becomes `arith.constant`."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: torch.LiteralOp, rewriter: PatternRewriter) -> None:
        if not isa(op.value, DenseIntOrFPElementsAttr):
            return
        if isinstance(op.value.get_element_type(), Float32Type):
            rewriter.replace(op, ConstantOp(op.value))


class FoldConstants(RewritePattern):
    """An op on constants becomes the constant it gives."""

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not isinstance(op, torch.Unary | torch.Binary):
            return
        input = float_constant(op.operands[0])
        if input is None:
            return
        value = evaluate(op, input)
        if value is not None:
            rewriter.replace(op, constant(np.asarray(value, np.float32)))


def evaluate(op: torch.Unary | torch.Binary, x: Floats) -> Floats | None:
    """What an op gives whose first operand is `x`; None if it is not constant or not known."""
    match op:
        case torch.ViewOp():
            size = numbers(op.size)
            return None if size is None else x.reshape([int(n) for n in size])
        case torch.UnsqueezeOp():
            dim = number(op.dim)
            return None if dim is None else np.expand_dims(x, int(dim))
        case torch.AbsOp():
            return np.abs(x)
        case torch.SqrtOp():
            return np.sqrt(x)
        case torch.ReluOp():
            return np.maximum(x, np.float32(0))
        case torch.PowTensorScalarOp():
            return x * x if number(op.rhs) == 2 else None
        case torch.MulScalarOp():
            factor = number(op.rhs)
            return None if factor is None else x * np.float32(factor)
        case torch.Binary():
            y = float_constant(op.rhs)
            return None if y is None else _evaluate_binary(op, x, y)
        case _:
            return None


def _evaluate_binary(op: torch.Binary, x: Floats, y: Floats) -> Floats | None:
    match op:
        case torch.MaximumOp():
            return np.maximum(x, y)
        case torch.MinimumOp():
            return np.minimum(x, y)
        case torch.MulTensorOp():
            return x * y
        case torch.DivTensorOp():
            return x / y
        case torch.AddTensorOp() if number(op.alpha) == 1:
            return x + y
        case torch.SubTensorOp() if number(op.alpha) == 1:
            return x - y
        case _:
            return None
