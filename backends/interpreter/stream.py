"""The stream dialect: an actor computes what the integer op does that it was lowered from.

How a frame is cut into words changes no value, so a FIFO's value is the frame that flows through
it, and line buffers, forks and width converters hand it on.
"""

import numpy as np
from xdsl.dialects.builtin import IntegerType
from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.utils.exceptions import InterpretationError

from ...dialects import stream
from ...dialects.stream_checks import fifo_type
from ...dialects.stream_types import WindowAttr
from ...dialects.tensors import container, integer_range
from ...runtime import operators
from ...runtime.arithmetic import Array
from ...runtime.convolution import Finish, conv2d, conv_transpose2d
from .nn import saturated, widened
from .normalization import normalized
from .quantization import target


def fitting(layer: str, accumulator: IntegerType, sums: Array) -> Array:
    """Sums of products, if they fit the width that was proven for them."""
    low, high = integer_range(accumulator)
    if sums.min() < low or sums.max() > high:
        raise InterpretationError(
            f"{layer}: sums {sums.min():.0f}..{sums.max():.0f} do not fit {accumulator}"
        )
    return sums


def convolve(window: WindowAttr, frame: Array, weight: Array, finish: Finish) -> Array:
    """A convolution of either kind, its sums passed through `finish`."""
    geometry = window.window
    function = conv_transpose2d if geometry.transposed else conv2d
    return function(frame, weight, geometry.stride, geometry.padding, finish)


@register_impls
class StreamFunctions(InterpreterFunctions):
    """The actors."""

    @impl(stream.LineBufferOp)
    def run_line_buffer(
        self, interpreter: Interpreter, op: stream.LineBufferOp, args: PythonValues
    ) -> PythonValues:
        """The frame itself."""
        return args

    @impl(stream.WidthConverterOp)
    def run_width_converter(
        self, interpreter: Interpreter, op: stream.WidthConverterOp, args: PythonValues
    ) -> PythonValues:
        """The frame itself."""
        return args

    @impl(stream.ForkOp)
    def run_fork(
        self, interpreter: Interpreter, op: stream.ForkOp, args: PythonValues
    ) -> PythonValues:
        """The frame, twice."""
        return (args[0], args[0])

    @impl(stream.MacOp)
    def run_mac(
        self, interpreter: Interpreter, op: stream.MacOp, args: PythonValues
    ) -> PythonValues:
        """Exact sums of products."""
        element, layer = fifo_type(op.result).frame.element_type, op.layer.data
        dtype = container(element)

        def finish(sums: Array) -> Array:
            return fitting(layer, element, sums).astype(dtype)

        return (convolve(op.window, args[0], args[1], finish),)

    @impl(stream.RequantizeOp)
    def run_requantize(
        self, interpreter: Interpreter, op: stream.RequantizeOp, args: PythonValues
    ) -> PythonValues:
        """saturate(round((x + bias) · M / 2^shift))."""
        frame, bias, multiplier, *rest = args
        negative, shift = rest[0] if rest else None, op.shift.value.data
        bounds, dtype = target(fifo_type(op.result).frame)
        return (operators.requantize(frame, bias, multiplier, negative, shift, bounds, dtype),)

    @impl(stream.ConvolveOp)
    def run_convolve(
        self, interpreter: Interpreter, op: stream.ConvolveOp, args: PythonValues
    ) -> PythonValues:
        """Sums of products, requantised block by block."""
        frame, weight, bias, multiplier, *rest = args
        negative, shift = rest[0] if rest else None, op.shift.value.data
        bounds, dtype = target(fifo_type(op.result).frame)
        requantize = operators.requantizer(bias, multiplier, negative, shift, bounds, dtype)
        layer, accumulator = op.layer.data, op.accumulator

        def finish(sums: Array) -> Array:
            return requantize(fitting(layer, accumulator, sums))

        return (convolve(op.window, frame, weight, finish),)

    @impl(stream.NormalizeOp)
    def run_normalize(
        self, interpreter: Interpreter, op: stream.NormalizeOp, args: PythonValues
    ) -> PythonValues:
        """GDN on integers."""
        return (normalized(op, fifo_type(op.result).frame, args),)

    @impl(stream.OffsetOp)
    def run_offset(
        self, interpreter: Interpreter, op: stream.OffsetOp, args: PythonValues
    ) -> PythonValues:
        """saturate(x · 2^shift + constant)."""
        bounds, dtype = target(fifo_type(op.result).frame)
        frame, constant = args
        return (operators.offset(frame, constant, op.shift.value.data, bounds, dtype),)

    @impl(stream.AbsOp)
    def run_abs(
        self, interpreter: Interpreter, op: stream.AbsOp, args: PythonValues
    ) -> PythonValues:
        """|x|."""
        return (saturated(np.abs(widened(args[0])), fifo_type(op.result).frame),)

    @impl(stream.AddOp)
    def run_add(
        self, interpreter: Interpreter, op: stream.AddOp, args: PythonValues
    ) -> PythonValues:
        """x + y."""
        total = widened(args[0]) + widened(args[1])
        return (saturated(total, fifo_type(op.result).frame),)
