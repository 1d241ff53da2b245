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

from xdsl.ir import Operation, SSAValue

from . import stream
from .coefficients import UNCALIBRATED, Coefficients
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
REQUANTIZER_BITS = 66
NORMALIZER_BITS = 80
SCALING_DSP = 4


def loop_cost(word_bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """Counters and control of a pipelined loop, and the registers of the words it handles."""
    return Resources(
        lut=round(model.loop_lut + model.word_lut * word_bits),
        ff=round(model.loop_ff + model.word_ff * word_bits),
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


def line_buffer_cost(
    window: Window, windows: WindowsType, memory: Memory, model: Coefficients = UNCALIBRATED
) -> Resources:
    """A line buffer whose ring lives in `memory`."""
    banks, depth, bits = line_buffer_bank(window, windows)
    select = Resources(lut=round(model.select_lut * (banks - 1) * windows.word_bits))
    return (
        memory_cost(memory, depth, bits) * banks
        + select
        + loop_cost(bits + windows.word_bits, model)
    )


def engine_cost(
    shape: ConvolutionShape,
    parallelism: Parallelism,
    chain: int,
    memory: Memory,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """A multiply-accumulate array with its weights in `memory`; `chain` products are added up in
    packed slices, 0 if it is not packed."""
    width = parallelism.pi * parallelism.taps
    lanes = ceil_div(parallelism.po, 2) if chain else parallelism.po
    adders = parallelism.po * ceil_div(width, chain or 2)
    arithmetic = Resources(
        dsp=lanes * width,
        lut=round(model.adder_lut * adders * shape.accumulator_bits),
        ff=round(
            model.adder_ff * adders * shape.accumulator_bits
            + model.product_ff * parallelism.products
        ),
    )
    depth, bits = shape.weight_words(parallelism), shape.weight_word_bits(parallelism)
    weights = memory_cost(memory, depth, bits) * parallelism.po
    return arithmetic + weights + loop_cost(width * shape.activation.width.data, model)


def requantize_cost(
    lanes: int, channels: int, accumulator_bits: int, model: Coefficients = UNCALIBRATED
) -> Resources:
    """`lanes` requantisers with their per-channel constants in LUTs."""
    slices = 1 if accumulator_bits <= DSP_WIDE_BITS else 2
    constants = memory_cost(Memory.LUTRAM, ceil_div(channels, lanes), REQUANTIZER_BITS)
    logic = Resources(
        slices * lanes, 0, round(model.requantize_lut * lanes), round(model.requantize_ff * lanes)
    )
    return constants * lanes + logic


def square_bits(shape: NormalizeShape) -> int:
    """Bits, sign included, of the x² (l2) or |x| (l1) that the norm is made of."""
    signed = is_signed(shape.input)
    magnitude = shape.input.width.data - signed
    return (2 * magnitude if shape.norm is Norm.L2 else magnitude) + signed + 1


def normalize_cost(
    shape: NormalizeShape,
    parallelism: Parallelism,
    memory: Memory,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """A GDN core with γ in `memory`, and a table of one half block RAM for each output lane."""
    po, pi = parallelism.po, parallelism.pi
    groups = shape.output_groups(parallelism)
    narrow = square_bits(shape) <= DSP_WIDE_BITS and shape.gamma_bits < DSP_NARROW_BITS
    squares = pi if shape.norm is Norm.L2 else 0
    slices = po * pi * (1 if narrow else 2) + squares + SCALING_DSP * po
    gamma = memory_cost(memory, groups * shape.input_groups(parallelism), pi * shape.gamma_bits)
    constants = memory_cost(Memory.LUTRAM, groups, NORMALIZER_BITS)
    logic = Resources(slices, po, round(model.normalize_lut * po), round(model.normalize_ff * po))
    pixel_bits = pi * shape.input.width.data
    banks = memory_cost(Memory.LUTRAM, 2 * shape.input_groups(parallelism), pixel_bits)
    return (gamma + constants) * po + logic + banks + loop_cost(pixel_bits, model)


def converter_cost(
    input_bits: int, output_bits: int, model: Coefficients = UNCALIBRATED
) -> Resources:
    """A width converter: registers for a word of each side and the multiplexers between them."""
    return loop_cost(input_bits + output_bits, model)


def chain_of(packing: PackingAttr | None) -> int:
    """Products in a packed chain, 0 if there is no packing."""
    return packing.chain if packing else 0


def element_bits(fifo: FifoType | WindowsType) -> int:
    """Bits of one value in a FIFO."""
    return fifo.frame.element_type.width.data


def fifo_bits(value: SSAValue) -> int:
    """Bits of a word of a FIFO, 0 for a value that is none."""
    return value.type.word_bits if isinstance(value.type, FifoType | WindowsType) else 0


def engine_op_cost(op: stream.MacOp | stream.ConvolveOp, model: Coefficients) -> Resources:
    """A multiply-accumulate array, and the requantisers that are fused with it."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    cost = engine_cost(shape, parallelism, chain_of(op.packing), op.memory.data, model)
    if isinstance(op, stream.ConvolveOp):
        cost += requantize_cost(parallelism.po, shape.outputs, shape.accumulator_bits, model)
    return cost


def actor_cost(op: Operation, model: Coefficients = UNCALIBRATED) -> Resources:
    """What an actor takes, without the FIFOs around it; nothing for an op that is no actor."""
    match op:
        case stream.LineBufferOp():
            return line_buffer_cost(
                op.window.window, windows_type(op.result), op.memory.data, model
            )
        case stream.MacOp() | stream.ConvolveOp():
            return engine_op_cost(op, model)
        case stream.NormalizeOp():
            return normalize_cost(
                normalize_shape(op), normalize_parallelism(op), op.memory.data, model
            )
        case stream.RequantizeOp():
            input = fifo_type(op.input)
            channels, bits = input.frame.get_shape()[1], element_bits(input)
            lanes = requantize_cost(input.lanes, channels, bits, model)
            return loop_cost(input.word_bits, model) + lanes
        case stream.WidthConverterOp():
            return converter_cost(fifo_bits(op.input), fifo_bits(op.result), model)
        case stream.Actor():
            return loop_cost(sum(fifo_bits(result) for result in op.results), model)
        case _:
            return Resources()


def fifos_cost(op: Operation) -> Resources:
    """What the FIFOs take that an op writes."""
    total = Resources()
    for result in op.results:
        if isinstance(result.type, FifoType | WindowsType):
            total += fifo_cost(result.type)
    return total


def port_cost(value: SSAValue, model: Coefficients = UNCALIBRATED) -> Resources:
    """The AXI4-Stream port of an argument or a result of a function, without a FIFO."""
    return Resources(lut=round(model.axis_lut), ff=round(model.axis_ff) + fifo_bits(value))


def boundary_cost(value: SSAValue, model: Coefficients = UNCALIBRATED) -> Resources:
    """A port and the FIFO behind it."""
    return port_cost(value, model) + fifo_cost(fifo_type(value))
