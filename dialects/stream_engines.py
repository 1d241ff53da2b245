"""The actors of the stream dialect that have a parallelism of their own: line buffer, convolution
engine, GDN core; and what every actor has.
"""

from xdsl.dialects.builtin import BoolAttr, IntegerAttr, IntegerType, StringAttr
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

from .gdn import NormAttr, verify_core, verify_normalizer, verify_norms, verify_parameters
from .packing import PackingAttr
from .quant import verify_requantizer
from .stream_checks import (
    fifo_type,
    verify_array,
    verify_drain,
    verify_line_buffer,
    verify_outputs,
    verify_packing,
    verify_same_frame,
    verify_single_readers,
    windows_type,
)
from .stream_types import (
    FifoType,
    IntegerTensor,
    Memory,
    MemoryAttr,
    Multiplier,
    MultiplierAttr,
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
    products = prop_def(MultiplierAttr, default_value=MultiplierAttr(Multiplier.DSP))
    memory = prop_def(MemoryAttr, default_value=MemoryAttr(Memory.BRAM))
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        verify_engine(self, fifo_type(self.result).lanes)


@irdl_op_definition
class ConvolveOp(Actor):
    """A `stream.mac` and the `stream.requantize` behind it in one engine; `accumulator` is the
    width that was proven for the sums between them. With `outputs`, so many channels are summed up
    side by side, and leave in words of the result's lanes, one a step.

    ```
    %y = stream.convolve %w, %weight, %bias, %m {layer = "g_a.0", shift = 24 : i64,
        window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i20,
        outputs = 4 : i64, products = #stream<multiplier dsp>}
        : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 2, depth = 2>,
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
    outputs = opt_prop_def(IntegerAttr)
    packing = opt_prop_def(PackingAttr)
    products = prop_def(MultiplierAttr, default_value=MultiplierAttr(Multiplier.DSP))
    memory = prop_def(MemoryAttr, default_value=MemoryAttr(Memory.BRAM))
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        po = verify_outputs(self.name, self.outputs, fifo_type(self.result))
        verify_engine(self, po)
        vectors = {"bias": self.bias, "multiplier": self.multiplier, "negative": self.negative}
        channels = fifo_type(self.result).frame.get_shape()[1]
        verify_requantizer(self.name, channels, vectors, self.shift)


@irdl_op_definition
class NormalizeOp(Actor):
    """`gdn.core` over a stream: reads a pixel in words of its input's lanes, adds up the norms of
    `outputs` channels side by side (as many as the result has lanes if it is left out), and
    normalises a word of them a step.

    ```
    %y = stream.normalize %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>,
        shift = 30 : i64, outputs = 2 : i64}
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
    core = opt_prop_def(StringAttr)
    norm_bits = opt_prop_def(IntegerAttr)
    drop = opt_prop_def(IntegerAttr)
    outputs = opt_prop_def(IntegerAttr)
    memory = prop_def(MemoryAttr, default_value=MemoryAttr(Memory.BRAM))
    result = result_def(FifoType)

    def verify_(self) -> None:
        super().verify_()
        input, result = fifo_type(self.input), fifo_type(self.result)
        po = verify_outputs(self.name, self.outputs, result)
        leaving = min(po // result.lanes, result.words_per_pixel)
        verify_drain(self.name, leaving, input.words_per_pixel)
        channels = input.frame.get_shape()[1]
        verify_parameters(self.name, channels, self.beta, self.gamma)
        verify_normalizer(self.name, channels, self.multiplier, self.shift)
        verify_same_frame(self.name, False, self.input, self.result)
        verify_core(self)
        verify_norms(self, input.frame, self.beta, self.gamma)


def verify_engine(op: MacOp | ConvolveOp, po: int) -> None:
    """The contract of a multiply–accumulate array that makes `po` channels side by side."""
    verify_array(op.name, op.window, op.input, op.weight, op.result, po)
    windows = windows_type(op.input)
    verify_packing(op.name, op.packing, op.products.data, op.window, op.weight, windows, po)
