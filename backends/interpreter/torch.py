"""The torch dialect: the import level, as far as a codec's transforms go."""

from collections.abc import Callable
from typing import Any

import numpy as np
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.ir import Operation
from xdsl.utils.exceptions import InterpretationError

from ...dialects import torch
from ...dialects.tensors import array_of_attribute
from ...runtime import convolution
from ...runtime.arithmetic import Array
from ...runtime.float_operators import per_channel

TorchOp = Callable[["TorchFunctions", Interpreter, Operation, PythonValues], PythonValues]


def unary(function: Callable[[Array], Array]) -> TorchOp:
    """An elementwise op of one tensor."""
    return lambda self, interpreter, op, args: (function(args[0]),)


def binary(function: Callable[[Array, Array], Array]) -> TorchOp:
    """An elementwise op of two tensors, or of a tensor and a Python number."""
    return lambda self, interpreter, op, args: (
        function(args[0], np.asarray(args[1], args[0].dtype)),
    )


def linear(sign: int) -> TorchOp:
    """lhs + sign · alpha · rhs."""
    return lambda self, interpreter, op, args: (
        args[0] + np.float32(sign * args[2]) * np.asarray(args[1], args[0].dtype),
    )


def python_value(convert: Callable[[Any], Any]) -> TorchOp:
    """The number of a constant."""
    return lambda self, interpreter, op, args: (convert(op.properties["value"]),)


@register_impls
class TorchFunctions(InterpreterFunctions):
    """torch's ops on float32 arrays and Python values."""

    @impl(torch.LiteralOp)
    def run_literal(
        self, interpreter: Interpreter, op: torch.LiteralOp, args: PythonValues
    ) -> PythonValues:
        """A view of the constant's bytes."""
        value = op.value
        if not isinstance(value, torch.DenseIntOrFPElementsAttr):
            raise InterpretationError("a literal's bytes lie outside the module")
        return (array_of_attribute(value),)

    @impl(torch.ConstantNoneOp)
    def run_none(
        self, interpreter: Interpreter, op: torch.ConstantNoneOp, args: PythonValues
    ) -> PythonValues:
        """None."""
        return (None,)

    @impl(torch.ListConstructOp)
    def run_list(
        self, interpreter: Interpreter, op: torch.ListConstructOp, args: PythonValues
    ) -> PythonValues:
        """A tuple."""
        return (args,)

    @impl(torch.ConvolutionOp)
    def run_convolution(
        self, interpreter: Interpreter, op: torch.ConvolutionOp, args: PythonValues
    ) -> PythonValues:
        """A convolution or a transposed one, of equal strides and paddings."""
        frame, weight, bias, stride, padding, _, transposed, _, _ = args
        function = convolution.conv_transpose2d if transposed else convolution.conv2d
        result = function(frame, weight, stride[0], padding[0])
        return (result if bias is None else result + per_channel(bias),)

    @impl(torch.ViewOp)
    def run_view(
        self, interpreter: Interpreter, op: torch.ViewOp, args: PythonValues
    ) -> PythonValues:
        """The elements in another shape."""
        return (args[0].reshape(args[1]),)

    @impl(torch.UnsqueezeOp)
    def run_unsqueeze(
        self, interpreter: Interpreter, op: torch.UnsqueezeOp, args: PythonValues
    ) -> PythonValues:
        """A new dimension."""
        return (np.expand_dims(args[0], args[1]),)

    run_bool = impl(torch.ConstantBoolOp)(python_value(lambda number: number.value.data))
    run_float = impl(torch.ConstantFloatOp)(python_value(lambda number: number.value.data))
    run_int = impl(torch.ConstantIntOp)(python_value(lambda number: number.value.data))

    run_abs = impl(torch.AbsOp)(unary(np.abs))
    run_reciprocal = impl(torch.ReciprocalOp)(unary(np.reciprocal))
    run_relu = impl(torch.ReluOp)(unary(lambda x: np.maximum(x, 0)))
    run_rsqrt = impl(torch.RsqrtOp)(unary(lambda x: np.reciprocal(np.sqrt(x))))
    run_sqrt = impl(torch.SqrtOp)(unary(np.sqrt))

    run_add = impl(torch.AddTensorOp)(linear(1))
    run_sub = impl(torch.SubTensorOp)(linear(-1))

    run_div = impl(torch.DivTensorOp)(binary(np.divide))
    run_maximum = impl(torch.MaximumOp)(binary(np.maximum))
    run_minimum = impl(torch.MinimumOp)(binary(np.minimum))
    run_mul_scalar = impl(torch.MulScalarOp)(binary(np.multiply))
    run_mul = impl(torch.MulTensorOp)(binary(np.multiply))
    run_pow = impl(torch.PowTensorScalarOp)(binary(np.power))
