"""The stream dialect: actors joined by FIFOs, one pass over the frame, all actors running at once.

Every SSA value is one FIFO with one writer and one reader. Parallelism (`lanes`, `taps`), packing,
memory and FIFO depth are decided by passes and stand in types and attributes, ready to print.
An actor's meaning is that of the integer op it comes from: how words are cut changes no bit.
"""

from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Attribute, Dialect, Operation
from xdsl.irdl import irdl_op_definition, operand_def, opt_operand_def, prop_def, result_def
from xdsl.utils.exceptions import VerifyException

from .certificate import CertificateAttr, FifoCertificateAttr
from .coefficients import CoefficientsAttr
from .packing import PackingAttr
from .quant import verify_per_channel, verify_requantizer, verify_shift
from .stream_checks import fifo_type, verify_same_frame
from .stream_engines import Actor, ConvolveOp, LineBufferOp, MacOp, NormalizeOp
from .stream_types import (
    FifoType,
    IntegerTensor,
    MemoryAttr,
    MultiplierAttr,
    WindowAttr,
    WindowsType,
)


@irdl_op_definition
class RequantizeOp(Actor):
    """`quant.requantize`, word by word.

    ```
    %y = stream.requantize %a, %bias, %m {layer = "g_a.0", shift = 24 : i64}
        : (!stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>, tensor<8xi32>, tensor<8xi32>)
        -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
    ```
    """

    name = "stream.requantize"

    input = operand_def(FifoType)
    bias = operand_def(IntegerTensor)
    multiplier = operand_def(IntegerTensor)
    negative = opt_operand_def(IntegerTensor)
    shift = prop_def(IntegerAttr)
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        vectors = {"bias": self.bias, "multiplier": self.multiplier, "negative": self.negative}
        channels = fifo_type(self.result).frame.get_shape()[1]
        verify_requantizer(self.name, channels, vectors, self.shift)
        verify_same_frame(self.name, True, self.input, self.result)


@irdl_op_definition
class OffsetOp(Actor):
    """`quant.offset`, word by word."""

    name = "stream.offset"

    input = operand_def(FifoType)
    offset = operand_def(IntegerTensor)
    shift = prop_def(IntegerAttr)
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        channels = fifo_type(self.input).frame.get_shape()[1]
        verify_per_channel(self.name, "offset", self.offset, channels)
        verify_shift(self.name, self.shift)
        verify_same_frame(self.name, True, self.input, self.result)


@irdl_op_definition
class AbsOp(Actor):
    """`nn.abs`, word by word."""

    name = "stream.abs"

    input = operand_def(FifoType)
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        verify_same_frame(self.name, True, self.input, self.result)


@irdl_op_definition
class AddOp(Actor):
    """`nn.add`, word by word: joins two FIFOs."""

    name = "stream.add"

    lhs = operand_def(FifoType)
    rhs = operand_def(FifoType)
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        verify_same_frame(self.name, True, self.lhs, self.rhs, self.result)


@irdl_op_definition
class ForkOp(Actor):
    """Copies every word to two readers."""

    name = "stream.fork"

    input = operand_def(FifoType)
    first = result_def(FifoType)
    second = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        verify_same_frame(self.name, True, self.input, self.first, self.second)


@irdl_op_definition
class WidthConverterOp(Actor):
    """Cuts the words of every pixel anew, from the input's lanes to the result's."""

    name = "stream.width_converter"

    input = operand_def(FifoType)
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        verify_same_frame(self.name, False, self.input, self.result)
        if fifo_type(self.input).frame != fifo_type(self.result).frame:
            raise VerifyException(f"{self.name}: input and result must carry the same frame")


OPERATIONS: list[type[Operation]] = [
    AbsOp,
    AddOp,
    ConvolveOp,
    ForkOp,
    LineBufferOp,
    MacOp,
    NormalizeOp,
    OffsetOp,
    RequantizeOp,
    WidthConverterOp,
]
ATTRIBUTES: list[type[Attribute]] = [
    CertificateAttr,
    CoefficientsAttr,
    FifoCertificateAttr,
    FifoType,
    MemoryAttr,
    MultiplierAttr,
    PackingAttr,
    WindowAttr,
    WindowsType,
]

Stream = Dialect("stream", OPERATIONS, ATTRIBUTES)
