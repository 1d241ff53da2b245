"""The same function over fewer rows."""

import math

from xdsl.dialects.builtin import TensorType
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.rewriter import Rewriter

from .. import stream
from ..functions import alone
from ..stream_types import FifoType, IntegerTensor, WindowsType


def coarsest_rows(function: FuncOp) -> int:
    """Rows of a function's coarsest frames, if the heights of all others are multiples of that;
    else the largest number of which all are."""
    return math.gcd(*map(height_of, fifos_of(function)))


def shorter(function: FuncOp, rows: int) -> FuncOp | None:
    """A copy whose coarsest frames have so many rows and all others as many times more as before;
    None where the layers do not allow that."""
    scale = coarsest_rows(function)
    copy = alone(function).body.block.first_op
    assert isinstance(copy, FuncOp)
    for value in fifos_of(copy):
        type = value.type
        assert isinstance(type, FifoType | WindowsType)
        height = height_of(value) * rows // scale
        Rewriter.replace_value_with_new_type(value, with_rows(type, height))
    return copy if all(map(fits, copy.walk())) else None


def fifos_of(function: FuncOp) -> list[SSAValue]:
    """Every FIFO of a function."""
    block = function.body.block
    values = [*block.args, *(result for op in block.ops for result in op.results)]
    return [value for value in values if isinstance(value.type, FifoType | WindowsType)]


def height_of(value: SSAValue) -> int:
    """Rows of the frame in a FIFO."""
    assert isinstance(value.type, FifoType | WindowsType)
    return value.type.frame.get_shape()[2]


def with_rows(type: FifoType | WindowsType, rows: int) -> FifoType | WindowsType:
    """The same FIFO with a frame of other height."""
    batch, channels, _, width = type.frame.get_shape()
    frame: IntegerTensor = TensorType(type.frame.element_type, (batch, channels, rows, width))
    _, *rest = type.parameters
    return type.new([frame, *rest])


def fits(op: object) -> bool:
    """Whether an engine's result still has the rows that its window gives."""
    if not isinstance(op, stream.MacOp | stream.ConvolveOp):
        return True
    return op.window.window.output_size(height_of(op.input)) == height_of(op.result)
