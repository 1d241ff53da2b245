"""What every actor takes of the device: DSP slices, block RAM, LUTs and registers.

Every figure is modelled. DSP slices and memories follow from the structure of the kernels; the LUT
and register counts are linear in the widths with the coefficients of `Coefficients`, an estimate of
what HLS makes of such a loop. How the counts come about:

- convolution engine: PO · PX · PI · PK products, two or four to a DSP slice where packed, or in
  LUTs; PO weight memories, one for each output channel of a step; the sums are added up in LUTs
  beyond what a slice adds by itself, and wait in registers until they leave;
- line buffer: PX memories, or with PK > 1 as many for each row of its ring and a multiplexer over
  the rows for each tap, of PI channels a word;
- requantiser: one product a lane, of two slices where the biased sum has more than 27 bits;
- GDN core: PO · PI products of the norm but for those that are always zero (two slices where an
  operand exceeds 27 × 18 bits), PI squares for l2, and for each lane of the result what its
  implementation declares and three slices of scaling.
"""

from xdsl.ir import Operation, SSAValue

from ..runtime.gdn_cores import LaneCost
from . import stream
from .coefficients import UNCALIBRATED, Coefficients
from .engine import (
    ConvolutionShape,
    NormalizeShape,
    Parallelism,
    convolution_parallelism,
    convolution_shape,
    element_of,
    normalize_parallelism,
    normalize_shape,
)
from .gdn import Norm
from .memories import Resources, fifo_cost, memory_cost
from .packing import PackingAttr
from .stream_checks import fifo_type, windows_type
from .stream_types import FifoType, Memory, Multiplier, WindowsType, ceil_div
from .tensors import is_signed
from .window import Window

DSP_WIDE_BITS = 27
DSP_NARROW_BITS = 18
REQUANTIZER_BITS = 66
SCALE_BITS = 32
SCALING_DSP = 3


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
    """(banks, words, bits of a word) of a line buffer's ring: columns go to the banks of `pixels`
    neighbours in turn."""
    rows, step = ring_rows(window), 1 if window.transposed else window.stride
    width, pixels = windows.frame.get_shape()[3], windows.pixels
    columns = ceil_div(ceil_div(width, step), pixels) * step if pixels > 1 else width
    row_words, bits = columns * windows.groups, windows.lanes * element_bits(windows)
    if windows.taps == 1:
        return pixels, rows * row_words, bits
    return pixels * rows, row_words, bits


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


def products_cost(
    shape: ConvolutionShape,
    parallelism: Parallelism,
    packing: PackingAttr | None,
    multiplier: Multiplier,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """The products of an array and the adders behind them."""
    shared = packing.packing.products if packing else 1
    slices = ceil_div(parallelism.sums, shared) * parallelism.factors
    adders = parallelism.sums * ceil_div(parallelism.factors, packing.chain if packing else 2)
    bits = shape.weight.width.data * shape.activation.width.data
    in_luts = multiplier is Multiplier.LUT
    return Resources(
        dsp=0 if in_luts else slices,
        lut=round(
            model.adder_lut * adders * shape.accumulator_bits
            + (model.multiplier_lut * bits * parallelism.products if in_luts else 0)
        ),
        ff=round(
            model.adder_ff * adders * shape.accumulator_bits
            + model.product_ff * parallelism.products
        ),
    )


def drain_cost(words: int, word_bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """The registers in which finished sums wait until they leave, word by word; none if they leave
    at once."""
    bits = words * word_bits if words > 1 else 0
    return Resources(lut=round(model.drain_lut * bits), ff=round(model.drain_ff * bits))


def engine_cost(
    shape: ConvolutionShape,
    parallelism: Parallelism,
    packing: PackingAttr | None,
    multiplier: Multiplier,
    memory: Memory,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """A multiply-accumulate array with its weights in `memory`, whose products are packed in DSP
    slices or made in LUTs."""
    arithmetic = products_cost(shape, parallelism, packing, multiplier, model)
    depth, bits = shape.weight_words(parallelism), shape.weight_word_bits(parallelism)
    weights = memory_cost(memory, depth, bits) * parallelism.po
    word_bits = parallelism.pixels * parallelism.factors * shape.activation.width.data
    leaving = parallelism.lanes * shape.accumulator_bits
    drain = drain_cost(shape.set_words(parallelism), leaving, model)
    return arithmetic + weights + drain + loop_cost(word_bits, model)


def requantize_cost(
    lanes: int, channels: int, sum_bits: int, model: Coefficients = UNCALIBRATED
) -> Resources:
    """`lanes` requantisers of biased sums of so many bits, with their constants in LUTs."""
    slices = 1 if sum_bits <= DSP_WIDE_BITS else 2
    constants = memory_cost(Memory.LUTRAM, ceil_div(channels, lanes), REQUANTIZER_BITS)
    logic = Resources(
        slices * lanes, 0, round(model.requantize_lut * lanes), round(model.requantize_ff * lanes)
    )
    return constants * lanes + logic


def biased_bits(op: stream.ConvolveOp | stream.RequantizeOp) -> int:
    """Bits of a sum with its bias, which a requantiser multiplies: one more than either has."""
    if isinstance(op, stream.ConvolveOp):
        accumulator = op.accumulator.width.data
    else:
        accumulator = element_bits(fifo_type(op.input))
    return max(accumulator, element_of(op.bias).width.data) + 1


def square_bits(shape: NormalizeShape) -> int:
    """Bits, sign included, of the x² (l2) or |x| (l1) that the norm is made of, without those that
    are dropped; rounding may need one more."""
    signed = is_signed(shape.input)
    magnitude = shape.input.width.data - signed
    bits = (2 * magnitude if shape.norm is Norm.L2 else magnitude) + signed + 1
    return bits - shape.drop + 1 if shape.drop else bits


def product_slices(shape: NormalizeShape) -> int:
    """DSP slices of a product of the norm."""
    narrow = square_bits(shape) <= DSP_WIDE_BITS and shape.gamma_bits < DSP_NARROW_BITS
    return 1 if narrow else 2


def normalize_cost(
    shape: NormalizeShape,
    parallelism: Parallelism,
    memory: Memory,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """A GDN core with γ in `memory`."""
    po, pi, lanes = parallelism.po, parallelism.pi, parallelism.lanes
    groups = shape.output_groups(parallelism)
    gamma = memory_cost(memory, groups * shape.input_groups(parallelism), pi * shape.gamma_bits)
    beta = memory_cost(Memory.LUTRAM, groups, shape.norm_bits)
    scales = memory_cost(Memory.LUTRAM, shape.result_words(parallelism), SCALE_BITS)
    squares = pi if shape.norm is Norm.L2 else 0
    slices = Resources(shape.products(parallelism) * product_slices(shape) + squares)
    sums = Resources(
        lut=round(model.adder_lut * shape.norm_bits * po),
        ff=round(model.adder_ff * shape.norm_bits * po),
    )
    finishing = lanes * (shape.norm_bits + shape.input.width.data)
    drain = drain_cost(parallelism.fold, finishing, model)
    read, taken = shape.input_groups(parallelism) * pi, groups * po
    pixels = pixel_cost(2 * max(read, taken), read + taken, shape.input.width.data, model)
    arrays = (gamma + beta) * po + scales * lanes + pixels
    lane = normalize_lanes_cost(shape.lane, lanes, model)
    return arrays + slices + lane + sums + drain + loop_cost(pi * shape.input.width.data, model)


def normalize_lanes_cost(
    lane: LaneCost, lanes: int = 1, model: Coefficients = UNCALIBRATED
) -> Resources:
    """What normalises, evaluates and scales so many channels side by side."""
    return Resources(
        (SCALING_DSP + lane.dsp) * lanes,
        lane.bram18 * lanes,
        round((model.normalize_lut + lane.lut) * lanes),
        round((model.normalize_ff + lane.ff) * lanes),
    )


def pixel_cost(kept: int, chosen: int, bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """Registers for `kept` values of so many bits, and multiplexers that choose among `chosen`."""
    return Resources(lut=round(model.select_lut * chosen * bits), ff=kept * bits)


def converter_cost(
    input: FifoType, output: FifoType, model: Coefficients = UNCALIBRATED
) -> Resources:
    """A width converter: registers for a pixel, and multiplexers that choose a word of it."""
    read, sent = input.words_per_pixel * input.lanes, output.words_per_pixel * output.lanes
    pixel = pixel_cost(max(read, sent), sent, element_bits(input), model)
    return pixel + loop_cost(input.word_bits + output.word_bits, model)


def element_bits(fifo: FifoType | WindowsType) -> int:
    """Bits of one value in a FIFO."""
    return fifo.frame.element_type.width.data


def fifo_bits(value: SSAValue) -> int:
    """Bits of a word of a FIFO, 0 for a value that is none."""
    return value.type.word_bits if isinstance(value.type, FifoType | WindowsType) else 0


def engine_op_cost(op: stream.MacOp | stream.ConvolveOp, model: Coefficients) -> Resources:
    """A multiply-accumulate array, and the requantisers that are fused with it."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    packing, multiplier = op.packing, op.products.data
    cost = engine_cost(shape, parallelism, packing, multiplier, op.memory.data, model)
    if isinstance(op, stream.ConvolveOp):
        cost += requantize_cost(parallelism.lanes, shape.outputs, biased_bits(op), model)
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
            channels = input.frame.get_shape()[1]
            lanes = requantize_cost(input.lanes, channels, biased_bits(op), model)
            return loop_cost(input.word_bits, model) + lanes
        case stream.OffsetOp():
            result = fifo_type(op.result)
            bits = result.lanes * element_of(op.offset).width.data
            constants = memory_cost(Memory.LUTRAM, result.words_per_pixel, bits)
            return loop_cost(result.word_bits, model) + constants
        case stream.WidthConverterOp():
            return converter_cost(fifo_type(op.input), fifo_type(op.result), model)
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
    """A port, and behind an argument's the FIFO that it writes."""
    port = port_cost(value, model)
    return port if isinstance(value.owner, Operation) else port + fifo_cost(fifo_type(value))
