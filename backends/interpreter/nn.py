"""Constants and the nn dialect, on float32 and on integers."""

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IntegerType
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import InterpretationError

from ...dialects import nn
from ...dialects.tensors import array_of, container, integer_range, type_of
from ...runtime import float_operators
from ...runtime.arithmetic import Array, saturate
from ...runtime.convolution import conv2d, conv_transpose2d
from .quantization import target


def conform(name: str, value: Array, result: SSAValue) -> Array:
    """`value` in the container of a result's type; an error if an integer does not fit it."""
    element = type_of(result).element_type
    if isinstance(element, IntegerType):
        low, high = integer_range(element)
        if value.min() < low or value.max() > high:
            raise InterpretationError(
                f"{name}: values {value.min():.0f}..{value.max():.0f} do not fit {element}"
            )
    return value.astype(container(element), copy=False)


def widened(value: Array) -> Array:
    """An integer array as int64; a float one as it is."""
    return value if value.dtype.kind == "f" else value.astype(np.int64)


def saturated(value: Array, type: Attribute) -> Array:
    """`value`, int64 saturated to an integer tensor type, floats as they are."""
    if value.dtype.kind == "f":
        return value
    bounds, dtype = target(type)
    return saturate(value, *bounds, dtype)


@register_impls
class ConstantFunctions(InterpreterFunctions):
    """Dense constants."""

    @impl(ConstantOp)
    def run_constant(
        self, interpreter: Interpreter, op: ConstantOp, args: PythonValues
    ) -> PythonValues:
        """A read-only view of the constant's bytes."""
        return (array_of(op.result),)


@register_impls
class NnFunctions(InterpreterFunctions):
    """The layers of a transform."""

    @impl(nn.Conv2dOp)
    def run_conv2d(
        self, interpreter: Interpreter, op: nn.Conv2dOp, args: PythonValues
    ) -> PythonValues:
        """Convolution, with bias where there is one."""
        frame, weight, *bias = args
        window = op.window
        return self._biased(op, conv2d(frame, weight, window.stride, window.padding), bias)

    @impl(nn.ConvTranspose2dOp)
    def run_conv_transpose2d(
        self, interpreter: Interpreter, op: nn.ConvTranspose2dOp, args: PythonValues
    ) -> PythonValues:
        """Transposed convolution, with bias where there is one."""
        frame, weight, *bias = args
        window = op.window
        sums = conv_transpose2d(frame, weight, window.stride, window.padding)
        return self._biased(op, sums, bias)

    def _biased(
        self, op: nn.Conv2dOp | nn.ConvTranspose2dOp, sums: Array, bias: list[Array]
    ) -> PythonValues:
        if bias:
            sums = sums + float_operators.per_channel(bias[0])
        return (conform(f"{op.name} {op.layer.data}", sums, op.result),)

    @impl(nn.ReluOp)
    def run_relu(self, interpreter: Interpreter, op: nn.ReluOp, args: PythonValues) -> PythonValues:
        """max(x, 0)."""
        return (np.maximum(args[0], 0),)

    @impl(nn.LeakyReluOp)
    def run_leaky_relu(
        self, interpreter: Interpreter, op: nn.LeakyReluOp, args: PythonValues
    ) -> PythonValues:
        """Leaky ReLU on float32."""
        return (float_operators.leaky_relu(args[0], op.slope.value.data),)

    @impl(nn.AbsOp)
    def run_abs(self, interpreter: Interpreter, op: nn.AbsOp, args: PythonValues) -> PythonValues:
        """|x|."""
        return (saturated(np.abs(widened(args[0])), op.result.type),)

    @impl(nn.BiasOp)
    def run_bias(self, interpreter: Interpreter, op: nn.BiasOp, args: PythonValues) -> PythonValues:
        """x + bias of the channel."""
        frame, bias = args
        return (conform(op.name, frame + float_operators.per_channel(bias), op.result),)

    @impl(nn.AddOp)
    def run_add(self, interpreter: Interpreter, op: nn.AddOp, args: PythonValues) -> PythonValues:
        """x + y."""
        return (saturated(widened(args[0]) + widened(args[1]), op.result.type),)
