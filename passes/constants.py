"""Exchanging the constants of float layers."""

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import InsertPoint, Rewriter

from ..dialects.tensors import constant
from ..runtime.arithmetic import Array


def replace_constant(op: Operation, operand: SSAValue, values: Array) -> None:
    """Gives an op another float32 constant in the place of one of its operands."""
    new = constant(values.astype(np.float32))
    Rewriter.insert_op(new, InsertPoint.before(op))
    old = operand.owner
    operand.replace_uses_with_if(new.result, lambda use: use.operation is op)
    if isinstance(old, ConstantOp) and not list(old.result.uses):
        Rewriter.erase_op(old)
