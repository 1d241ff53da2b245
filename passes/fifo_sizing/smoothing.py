"""Depths to start from: what smooths out bursts without any knowledge of the neighbours."""

from fractions import Fraction

from xdsl.ir import SSAValue

from ...dialects import stream
from ...dialects.certificate import LEAST_DEPTH
from ...dialects.memories import SRL_DEPTH
from ...dialects.schedule import words
from ...dialects.stream_checks import fifo_type
from ...dialects.stream_types import FifoType, WindowsType


def smoothing_depth(value: SSAValue) -> int:
    """Words that let both sides of a FIFO keep their pace although one of them moves in bursts: a
    pixel where the reader takes a pixel at once, and what the rows of a transposed convolution
    differ in length where they are written; at least what the shift register of a LUT holds, for a
    FIFO of fewer words is no smaller. Windows are wide and come one a step: two words."""
    if not isinstance(value.type, FifoType):
        return LEAST_DEPTH
    depth = LEAST_DEPTH
    if any(
        isinstance(use.operation, stream.NormalizeOp | stream.WidthConverterOp)
        for use in value.uses
    ):
        depth += value.type.words_per_pixel
    if isinstance(value.owner, stream.MacOp | stream.ConvolveOp):
        depth += uneven_words(value.owner)
    return max(depth, SRL_DEPTH)


def uneven_words(op: stream.MacOp | stream.ConvolveOp) -> int:
    """How far a transposed convolution's output strays from an even flow within a phase of rows."""
    windows, window = op.input.type, op.window.window
    assert isinstance(windows, WindowsType)
    row_steps = [
        sum(window.steps(row, column, windows.taps) for column in range(window.phases))
        for row in range(window.phases)
    ]
    elapsed, strays = Fraction(0), [Fraction(0)]
    for row, steps in enumerate(row_steps, 1):
        elapsed += Fraction(steps * window.phases, sum(row_steps))
        strays.append(row - elapsed)
    row_words = words(op.result) // fifo_type(op.result).frame.get_shape()[2]
    return int((max(strays) - min(strays)) * row_words)
