"""What every actor takes of the device: DSP slices, block RAM, LUTs and registers.

Every figure is modelled. DSP slices and memories follow from the structure of the kernels; the LUT
and register counts are linear in the widths with the coefficients of `Coefficients`; what these
count is the structure of the SystemVerilog. How the counts come about:

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

from dataclasses import replace

from xdsl.ir import Operation, SSAValue

from . import stream
from .array_cost import engine_cost
from .coefficients import UNCALIBRATED, Coefficients
from .control import (
    Control,
    actor_loop,
    converter_control,
    line_buffer_control,
    ring_rows,
    select_cost,
)
from .engine import (
    convolution_parallelism,
    convolution_shape,
    element_of,
    normalize_parallelism,
    normalize_shape,
)
from .memories import Resources, fifo_cost, memory_cost, rom_cost
from .normalize_cost import normalize_cost
from .pipelines import DSP_WIDE_BITS, biased_bits, pipeline_of
from .stream_checks import fifo_type, windows_type
from .stream_types import FifoType, Memory, WindowsType, ceil_div
from .tensors import is_signed
from .window import Window

MULTIPLIER_BITS = 17
SATURATED_BITS = 16  # of a result, and of what finds out whether it fits


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
    """A line buffer whose ring lives in `memory`: behind it every tap of a bank selects its row,
    then every neighbour its bank."""
    banks, depth, bits = line_buffer_bank(window, windows)
    out = windows.word_bits
    rows = select_cost(banks // windows.pixels, out, model)
    neighbours = select_cost(windows.pixels, out, model)
    control = line_buffer_control(window, windows, depth)
    loop = actor_loop(control, bits + 2 * out, model)
    return memory_cost(memory, depth, bits) * banks + rows + neighbours + loop


def requantize_cost(
    lanes: int,
    channels: int,
    sum_bits: int,
    model: Coefficients = UNCALIBRATED,
    multipliers: int = 1,
) -> Resources:
    """`lanes` requantisers of biased sums of so many bits, with their constants in LUTs: an adder,
    a product with one of so many multipliers, saturation."""
    slices, words = 1 if sum_bits <= DSP_WIDE_BITS else 2, ceil_div(channels, lanes)
    bias = rom_cost(Memory.LUTRAM, words, lanes * (sum_bits - 1))
    multiplier = rom_cost(Memory.LUTRAM, words, lanes * MULTIPLIER_BITS)
    chosen = MULTIPLIER_BITS * (multipliers - 1)
    added = sum_bits + SATURATED_BITS + chosen
    kept = (1 + slices) * sum_bits + MULTIPLIER_BITS * slices + SATURATED_BITS + chosen
    lane = Resources(
        slices * lanes,
        lut=round(model.requantize_lut * lanes * added),
        ff=round(model.requantize_ff * lanes * kept),
    )
    return bias + multiplier * multipliers + lane


def multipliers_of(op: stream.ConvolveOp | stream.RequantizeOp) -> int:
    """Two where negative sums have a multiplier of their own."""
    return 2 if op.negative else 1


def converter_cost(
    input: FifoType, output: FifoType, model: Coefficients = UNCALIBRATED
) -> Resources:
    """A width converter: registers for a pixel, and multiplexers that choose a word of it."""
    read, sent = input.words_per_pixel * input.lanes, output.words_per_pixel * output.lanes
    pixel = Resources(ff=max(read, sent) * element_bits(input))
    select = select_cost(output.words_per_pixel, output.word_bits, model)
    return pixel + select + actor_loop(converter_control(input, output), output.word_bits, model)


def adders_cost(
    op: stream.AddOp | stream.AbsOp | stream.OffsetOp, model: Coefficients
) -> Resources:
    """An adder for each value of a word, and saturation behind it."""
    input, result = fifo_type(op.operands[0]), fifo_type(op.results[0])
    bits = result.lanes * (element_bits(input) + element_bits(result))
    return Resources(lut=round(model.adder_lut * bits), ff=round(model.adder_ff * bits))


def element_bits(fifo: FifoType | WindowsType) -> int:
    """Bits of one value in a FIFO."""
    return fifo.frame.element_type.width.data


def engine_op_cost(op: stream.MacOp | stream.ConvolveOp, model: Coefficients) -> Resources:
    """A multiply-accumulate array, and the requantisers that are fused with it."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    packing, multiplier = op.packing, op.products.data
    cost = engine_cost(shape, parallelism, packing, multiplier, op.memory.data, model)
    if isinstance(op, stream.ConvolveOp):
        cost += requantize_cost(
            parallelism.lanes, shape.outputs, biased_bits(op), model, multipliers_of(op)
        )
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
            lanes = requantize_cost(
                input.lanes, channels, biased_bits(op), model, multipliers_of(op)
            )
            words = Control((input.words_per_pixel,))
            return actor_loop(words, 0, model) + lanes
        case stream.OffsetOp():
            result = fifo_type(op.result)
            bits = result.lanes * element_of(op.offset).width.data
            constants = rom_cost(Memory.LUTRAM, result.words_per_pixel, bits)
            words = Control((result.words_per_pixel,))
            adders = adders_cost(op, model)
            return actor_loop(words, result.word_bits, model) + constants + adders
        case stream.WidthConverterOp():
            return converter_cost(fifo_type(op.input), fifo_type(op.result), model)
        case stream.AddOp():
            return actor_loop(Control(), 0, model) + adders_cost(op, model)
        case stream.AbsOp():
            signed = is_signed(fifo_type(op.input).frame.element_type)
            adders = adders_cost(op, model)
            return actor_loop(Control(), 0, model) + (adders if signed else replace(adders, lut=0))
        case stream.Actor():
            return actor_loop(Control(), 0, model)
        case _:
            return Resources()


def fifos_cost(op: Operation) -> Resources:
    """What the FIFOs take that an op writes."""
    total = Resources()
    for result in op.results:
        if isinstance(result.type, FifoType | WindowsType):
            total += fifo_cost(result.type, pipeline_of(op))
    return total


def port_cost(value: SSAValue, model: Coefficients = UNCALIBRATED) -> Resources:
    """The AXI4-Stream port of an argument or a result of a function, without a FIFO; that of a
    result counts words and lines, to mark their ends."""
    fifo, marks = fifo_type(value), Control()
    if isinstance(value.owner, Operation):
        _, _, height, width = fifo.frame.get_shape()
        marks = Control((width * fifo.words_per_pixel, height))
    return Resources(
        lut=round(model.axis_lut) + marks.logic, ff=round(model.axis_ff) + marks.registers
    )


def boundary_cost(value: SSAValue, model: Coefficients = UNCALIBRATED) -> Resources:
    """A port, and behind an argument's the FIFO that it writes."""
    port = port_cost(value, model)
    return port if isinstance(value.owner, Operation) else port + fifo_cost(fifo_type(value))
