"""The quant dialect."""

from typing import Any

import numpy as np
from xdsl.dialects.builtin import IntegerType, TensorType
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.ir import Attribute
from xdsl.utils.hints import isa

from ...dialects import quant
from ...dialects.tensors import container, integer_range
from ...runtime import operators


def target(type: Attribute) -> tuple[tuple[int, int], np.dtype[Any]]:
    """The bounds and the container of an integer tensor type."""
    if not isa(type, TensorType[IntegerType]):
        raise ValueError(f"expected an integer tensor, found {type}")
    return integer_range(type.element_type), container(type.element_type)


@register_impls
class QuantFunctions(InterpreterFunctions):
    """Requantisation and offsets."""

    @impl(quant.RequantizeOp)
    def run_requantize(
        self, interpreter: Interpreter, op: quant.RequantizeOp, args: PythonValues
    ) -> PythonValues:
        """saturate(round((x + bias) · M / 2^shift))."""
        frame, bias, multiplier, *rest = args
        negative = rest[0] if rest else None
        bounds, dtype = target(op.result.type)
        shift = op.shift.value.data
        return (operators.requantize(frame, bias, multiplier, negative, shift, bounds, dtype),)

    @impl(quant.OffsetOp)
    def run_offset(
        self, interpreter: Interpreter, op: quant.OffsetOp, args: PythonValues
    ) -> PythonValues:
        """saturate(x · 2^shift + constant)."""
        bounds, dtype = target(op.result.type)
        frame, constant = args
        return (operators.offset(frame, constant, op.shift.value.data, bounds, dtype),)
