"""What every actor takes of the device: DSP slices, block RAM, LUTs and registers.

Every figure is modelled. DSP slices and memories follow from the structure of the kernels; the LUT
and register counts are linear in the widths with the coefficients of `Coefficients`, an estimate of
what HLS makes of such a loop. How the counts come about:

- convolution engine: PO · PI · PK products, two to a DSP slice where packed; PO weight memories,
  one for each output lane; the sums are added up in LUTs beyond what a slice adds by itself;
- line buffer: one memory, or with PK > 1 one for each row of its ring and a multiplexer over the
  rows for each tap, of PI channels a word;
- requantiser: one product a lane, of two slices where the accumulator has more than 27 bits;
- GDN core: PO · PI products of the norm (two slices where an operand exceeds 27 × 18 bits), PI
  squares for l2, and for each output lane one interpolation and three slices of scaling.
"""

from dataclasses import dataclass

from xdsl.ir import Operation, SSAValue

from . import stream
from .engine import (
    ConvolutionShape,
    NormalizeShape,
    Parallelism,
    convolution_parallelism,
    convolution_shape,
    normalize_parallelism,
    normalize_shape,
)
from .gdn import Norm
from .memories import Resources, fifo_cost, memory_cost
from .stream_checks import fifo_type, windows_type
from .stream_types import FifoType, Memory, PackingAttr, WindowsType, ceil_div
from .tensors import is_signed
from .window import Window

DSP_WIDE_BITS = 27
DSP_NARROW_BITS = 18


@dataclass(frozen=True)
class Coefficients:
    """LUTs and registers that the structure alone does not give."""

    loop_lut: int = 150
    loop_ff: int = 120
    word_lut: float = 0.5
    word_ff: float = 2.0
    select_lut: float = 0.25
    adder_lut: float = 1.0
    adder_ff: float = 1.0
    product_ff: float = 8.0
    requantize_lut: int = 60
    requantize_ff: int = 90
    normalize_lut: int = 420
    normalize_ff: int = 520
    requantizer_bits: int = 66
    normalizer_bits: int = 80
    scaling_dsp: int = 4
    axis_lut: int = 60
    axis_ff: int = 100


MODEL = Coefficients()


def loop_cost(word_bits: int) -> Resources:
    """Counters and control of a pipelined loop, and the registers of the words it handles."""
    return Resources(
        lut=MODEL.loop_lut + round(MODEL.word_lut * word_bits),
        ff=MODEL.loop_ff + round(MODEL.word_ff * word_bits),
    )


def ring_rows(window: Window) -> int:
    """Rows that a line buffer holds: kernel + stride, or the window's and one more where it is
    transposed."""
    low, high = window.offsets
    return high - low + 2 if window.transposed else window.kernel + window.stride


def line_buffer_bank(window: Window, windows: WindowsType) -> tuple[int, int, int]:
    """(banks, words, bits of a word) of a line buffer's ring."""
    rows, row_words = ring_rows(window), windows.frame.get_shape()[3] * windows.groups
    bits = windows.lanes * element_bits(windows)
    return (1, rows * row_words, bits) if windows.taps == 1 else (rows, row_words, bits)


def line_buffer_cost(window: Window, windows: WindowsType, memory: Memory) -> Resources:
    """A line buffer whose ring lives in `memory`."""
    banks, depth, bits = line_buffer_bank(window, windows)
    select = Resources(lut=round(MODEL.select_lut * (banks - 1) * windows.word_bits))
    return memory_cost(memory, depth, bits) * banks + select + loop_cost(bits + windows.word_bits)


def engine_cost(
    shape: ConvolutionShape, parallelism: Parallelism, chain: int, memory: Memory
) -> Resources:
    """A multiply-accumulate array with its weights in `memory`; `chain` products are added up in
    packed slices, 0 if it is not packed."""
    width = parallelism.pi * parallelism.taps
    lanes = ceil_div(parallelism.po, 2) if chain else parallelism.po
    adders = parallelism.po * ceil_div(width, chain or 2)
    arithmetic = Resources(
        dsp=lanes * width,
        lut=round(MODEL.adder_lut * adders * shape.accumulator_bits),
        ff=round(
            MODEL.adder_ff * adders * shape.accumulator_bits
            + MODEL.product_ff * parallelism.products
        ),
    )
    depth, bits = shape.weight_words(parallelism), shape.weight_word_bits(parallelism)
    weights = memory_cost(memory, depth, bits) * parallelism.po
    return arithmetic + weights + loop_cost(width * shape.activation.width.data)


def requantize_cost(lanes: int, channels: int, accumulator_bits: int) -> Resources:
    """`lanes` requantisers with their per-channel constants in LUTs."""
    slices = 1 if accumulator_bits <= DSP_WIDE_BITS else 2
    constants = memory_cost(Memory.LUTRAM, ceil_div(channels, lanes), MODEL.requantizer_bits)
    return (constants + Resources(slices, 0, MODEL.requantize_lut, MODEL.requantize_ff)) * lanes


def square_bits(shape: NormalizeShape) -> int:
    """Bits, sign included, of the x² (l2) or |x| (l1) that the norm is made of."""
    signed = is_signed(shape.input)
    magnitude = shape.input.width.data - signed
    return (2 * magnitude if shape.norm is Norm.L2 else magnitude) + signed + 1


def normalize_cost(shape: NormalizeShape, parallelism: Parallelism, memory: Memory) -> Resources:
    """A GDN core with γ in `memory`, and a table of one half block RAM for each output lane."""
    po, pi = parallelism.po, parallelism.pi
    groups = shape.output_groups(parallelism)
    narrow = square_bits(shape) <= DSP_WIDE_BITS and shape.gamma_bits < DSP_NARROW_BITS
    squares = pi if shape.norm is Norm.L2 else 0
    slices = po * pi * (1 if narrow else 2) + squares + MODEL.scaling_dsp * po
    gamma = memory_cost(memory, groups * shape.input_groups(parallelism), pi * shape.gamma_bits)
    constants = memory_cost(Memory.LUTRAM, groups, MODEL.normalizer_bits)
    lane = Resources(0, 1, MODEL.normalize_lut, MODEL.normalize_ff)
    pixel_bits = pi * shape.input.width.data
    banks = memory_cost(Memory.LUTRAM, 2 * shape.input_groups(parallelism), pixel_bits)
    control = loop_cost(pixel_bits)
    return (gamma + constants + lane) * po + banks + control + Resources(dsp=slices)


def converter_cost(input_bits: int, output_bits: int) -> Resources:
    """A width converter: registers for a word of each side and the multiplexers between them."""
    return loop_cost(input_bits + output_bits)


def chain_of(packing: PackingAttr | None) -> int:
    """Products in a packed chain, 0 if there is no packing."""
    return packing.chain if packing else 0


def element_bits(fifo: FifoType | WindowsType) -> int:
    """Bits of one value in a FIFO."""
    return fifo.frame.element_type.width.data


def fifo_bits(value: SSAValue) -> int:
    """Bits of a word of a FIFO, 0 for a value that is none."""
    return value.type.word_bits if isinstance(value.type, FifoType | WindowsType) else 0


def engine_op_cost(op: stream.MacOp | stream.ConvolveOp) -> Resources:
    """A multiply-accumulate array, and the requantisers that are fused with it."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    cost = engine_cost(shape, parallelism, chain_of(op.packing), op.memory.data)
    if isinstance(op, stream.ConvolveOp):
        cost += requantize_cost(parallelism.po, shape.outputs, shape.accumulator_bits)
    return cost


def actor_cost(op: Operation) -> Resources:
    """What an actor takes, without the FIFOs around it; nothing for an op that is no actor."""
    match op:
        case stream.LineBufferOp():
            return line_buffer_cost(op.window.window, windows_type(op.result), op.memory.data)
        case stream.MacOp() | stream.ConvolveOp():
            return engine_op_cost(op)
        case stream.NormalizeOp():
            return normalize_cost(normalize_shape(op), normalize_parallelism(op), op.memory.data)
        case stream.RequantizeOp():
            input = fifo_type(op.input)
            channels, bits = input.frame.get_shape()[1], element_bits(input)
            return loop_cost(input.word_bits) + requantize_cost(input.lanes, channels, bits)
        case stream.WidthConverterOp():
            return converter_cost(fifo_bits(op.input), fifo_bits(op.result))
        case stream.Actor():
            return loop_cost(sum(fifo_bits(result) for result in op.results))
        case _:
            return Resources()


def fifos_cost(op: Operation) -> Resources:
    """What the FIFOs take that an op writes."""
    total = Resources()
    for result in op.results:
        if isinstance(result.type, FifoType | WindowsType):
            total += fifo_cost(result.type)
    return total


def boundary_cost(value: SSAValue) -> Resources:
    """The AXI4-Stream port, and the FIFO behind it, of an argument or a result of a function."""
    port = Resources(lut=MODEL.axis_lut, ff=MODEL.axis_ff + fifo_bits(value))
    return port + fifo_cost(fifo_type(value))
