"""The adjoints of the float ops: from a gradient of what an op gives to one of what it is given.

Frames are float32 [1, C, H, W]. Rounding, between the functions of a codec, lets gradients through
as they are.
"""

from collections.abc import Callable, Mapping

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from ...dialects import gdn, nn
from ...dialects.gdn import Norm
from ...dialects.tensors import array_of
from ...runtime.arithmetic import Array
from ...runtime.convolution import conv2d, conv_transpose2d

Observe = Callable[[SSAValue, Array], None]


def pull_back(
    function: FuncOp, values: Mapping[SSAValue, Array], gradient: Array, observe: Observe
) -> Array:
    """The gradient of a function's argument, from that of its result and the values that its ops
    computed. `observe` is shown the gradient of every value on the way."""
    returned = function.get_return_op()
    assert returned is not None
    gradients: dict[SSAValue, Array] = {returned.arguments[0]: gradient}
    for op in reversed(list(function.body.block.ops)):
        if isinstance(op, ConstantOp) or not op.results or op.results[0] not in gradients:
            continue
        found = gradients.pop(op.results[0])
        observe(op.results[0], found)
        for operand, part in adjoint(op, values, found).items():
            gradients[operand] = gradients[operand] + part if operand in gradients else part
    return gradients[function.args[0]]


def adjoint(
    op: Operation, values: Mapping[SSAValue, Array], gradient: Array
) -> dict[SSAValue, Array]:
    """The gradients of an op's frames; `ValueError` for an op that has no adjoint here."""
    match op:
        case nn.Conv2dOp():
            window = op.window
            weight = array_of(op.weight)
            return {op.input: conv_transpose2d(gradient, weight, window.stride, window.padding)}
        case nn.ConvTranspose2dOp():
            window = op.window
            weight = array_of(op.weight)
            return {op.input: conv2d(gradient, weight, window.stride, window.padding)}
        case nn.BiasOp():
            return {op.input: gradient}
        case nn.ReluOp():
            return {op.input: gradient * (values[op.input] > 0)}
        case nn.LeakyReluOp():
            slope = np.float32(op.slope.value.data)
            return {op.input: np.where(values[op.input] > 0, gradient, gradient * slope)}
        case nn.AbsOp():
            return {op.input: gradient * np.sign(values[op.input])}
        case nn.AddOp():
            same = op.lhs is op.rhs
            return {op.lhs: 2 * gradient} if same else {op.lhs: gradient, op.rhs: gradient}
        case gdn.NormalizeOp():
            return {op.input: _normalize_adjoint(op, values[op.input], gradient)}
        case _:
            raise ValueError(f"{op.name} has no adjoint")


def power_of(op: gdn.NormalizeOp) -> float:
    """The p of y_i = x_i · n_i^p."""
    size = 0.5 if op.norm.data is Norm.L2 else 1.0
    return size if op.inverse.value.data else -size


def by_pixel(frame: Array) -> Array:
    """A frame [1, C, H, W] as [pixels, C]."""
    return frame[0].reshape(frame.shape[1], -1).T


def magnitudes_of(op: gdn.NormalizeOp, frame: Array) -> Array:
    """f(x_j) of a GDN at every pixel: [pixels, C]."""
    pixels = by_pixel(frame)
    return np.square(pixels) if op.norm.data is Norm.L2 else np.abs(pixels)


def norms_of(op: gdn.NormalizeOp, frame: Array) -> Array:
    """The n_i of a GDN at every pixel: [pixels, C]."""
    return magnitudes_of(op, frame) @ array_of(op.gamma).T + array_of(op.beta)


def _normalize_adjoint(op: gdn.NormalizeOp, frame: Array, gradient: Array) -> Array:
    """∂L/∂x_j = g_j n_j^p + f'(x_j) Σ_i γ_ij g_i x_i p n_i^(p−1)."""
    power, norm = np.float32(power_of(op)), norms_of(op, frame)
    x, g = by_pixel(frame), by_pixel(gradient)
    scaled = norm**power
    mixed = (g * x * power * scaled / norm) @ array_of(op.gamma)
    slope = 2 * x if op.norm.data is Norm.L2 else np.sign(x)
    return (g * scaled + slope * mixed).T.reshape(frame.shape)
