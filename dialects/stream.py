"""The stream dialect: actors joined by FIFOs, one pass over the frame, all actors running at once.

Every SSA value is one FIFO with one writer and one reader. Parallelism (`lanes`, `taps`), packing,
memory and FIFO depth are decided by passes and stand in types and attributes, ready to print.
An actor's meaning is that of the integer op it comes from: how words are cut changes no bit.
"""

from xdsl.dialects.builtin import BoolAttr, IntegerAttr, IntegerType, StringAttr
from xdsl.ir import Attribute, Dialect, Operation
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from .coefficients import CoefficientsAttr
from .gdn import NormAttr, verify_normalizer, verify_parameters
from .quant import verify_per_channel, verify_requantizer, verify_shift
from .stream_checks import (
    fifo_type,
    verify_engine,
    verify_line_buffer,
    verify_same_frame,
    verify_single_readers,
)
from .stream_types import (
    FifoType,
    IntegerTensor,
    Memory,
    MemoryAttr,
    PackingAttr,
    WindowAttr,
    WindowsType,
)


class Actor(IRDLOperation):
    """What every actor has: the name of its layer, and FIFOs with one reader each."""

    layer = prop_def(StringAttr)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        verify_single_readers(self)


@irdl_op_definition
class LineBufferOp(Actor):
    """Keeps the last rows of a frame and sends the window of every output pixel.

    ```
    %w = stream.line_buffer %x {layer = "g_a.0",
        window = #stream.window<kernel = 3, stride = 1, padding = 1>,
        memory = #stream<memory bram>}
        : (!stream.fifo<tensor<1x4x8x8xi8>, lanes = 2, depth = 2>)
        -> !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>
    ```
    """

    name = "stream.line_buffer"

    input = operand_def(FifoType)
    window = prop_def(WindowAttr)
    memory = prop_def(MemoryAttr, default_value=MemoryAttr(Memory.BRAM))
    result = result_def(WindowsType)

    def verify_(self) -> None:
        super().verify_()
        verify_line_buffer(self.name, self.window, self.input, self.result)


@irdl_op_definition
class MacOp(Actor):
    """Multiplies windows with weights: one word of accumulators per pixel and output group.

    ```
    %a = stream.mac %w, %weight {layer = "g_a.0",
        window = #stream.window<kernel = 3, stride = 1, padding = 1>}
        : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
           tensor<8x4x3x3xi8>) -> !stream.fifo<tensor<1x8x8x8xi20>, lanes = 2, depth = 2>
    ```
    """

    name = "stream.mac"

    input = operand_def(WindowsType)
    weight = operand_def(IntegerTensor)
    window = prop_def(WindowAttr)
    packing = opt_prop_def(PackingAttr)
    memory = prop_def(MemoryAttr, default_value=MemoryAttr(Memory.BRAM))
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        verify_engine(self.name, self.window, self.packing, self.input, self.weight, self.result)


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
class ConvolveOp(Actor):
    """A `stream.mac` and the `stream.requantize` behind it in one engine; `accumulator` is the
    width that was proven for the sums between them.

    ```
    %y = stream.convolve %w, %weight, %bias, %m {layer = "g_a.0", shift = 24 : i64,
        window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i20}
        : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
           tensor<8x4x3x3xi8>, tensor<8xi32>, tensor<8xi32>)
        -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
    ```
    """

    name = "stream.convolve"

    input = operand_def(WindowsType)
    weight = operand_def(IntegerTensor)
    bias = operand_def(IntegerTensor)
    multiplier = operand_def(IntegerTensor)
    negative = opt_operand_def(IntegerTensor)
    window = prop_def(WindowAttr)
    accumulator = prop_def(IntegerType)
    shift = prop_def(IntegerAttr)
    packing = opt_prop_def(PackingAttr)
    memory = prop_def(MemoryAttr, default_value=MemoryAttr(Memory.BRAM))
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        verify_engine(self.name, self.window, self.packing, self.input, self.weight, self.result)
        vectors = {"bias": self.bias, "multiplier": self.multiplier, "negative": self.negative}
        channels = fifo_type(self.result).frame.get_shape()[1]
        verify_requantizer(self.name, channels, vectors, self.shift)


@irdl_op_definition
class NormalizeOp(Actor):
    """`gdn.core` over a stream: reads a pixel in words of its input's lanes, adds up the norms of
    as many channels as the result has lanes, and normalises them.

    ```
    %y = stream.normalize %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>,
        shift = 30 : i64}
        : (!stream.fifo<tensor<1x4x8x8xi12>, lanes = 2, depth = 2>, tensor<4xi48>,
           tensor<4x4xui16>, tensor<4xi32>)
        -> !stream.fifo<tensor<1x4x8x8xi8>, lanes = 1, depth = 2>
    ```
    """

    name = "stream.normalize"

    input = operand_def(FifoType)
    beta = operand_def(IntegerTensor)
    gamma = operand_def(IntegerTensor)
    multiplier = operand_def(IntegerTensor)
    norm = prop_def(NormAttr)
    inverse = prop_def(BoolAttr, default_value=BoolAttr.from_bool(False))
    shift = prop_def(IntegerAttr)
    memory = prop_def(MemoryAttr, default_value=MemoryAttr(Memory.BRAM))
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        channels = fifo_type(self.input).frame.get_shape()[1]
        verify_parameters(self.name, channels, self.beta, self.gamma)
        verify_normalizer(self.name, channels, self.multiplier, self.shift)
        verify_same_frame(self.name, False, self.input, self.result)


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
TYPES: list[type[Attribute]] = [FifoType, MemoryAttr, PackingAttr, WindowAttr, WindowsType]

Stream = Dialect("stream", OPERATIONS, [*TYPES, CoefficientsAttr])
