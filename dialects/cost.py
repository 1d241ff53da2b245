"""What every actor takes of the device: DSP slices, block RAM, LUTs and registers.

Every figure is modelled. DSP slices and memories follow from the structure of the kernels; the LUT
and register counts are linear in the widths with the coefficients of `Coefficients`; what these
count is the structure of the SystemVerilog. How the counts come about:

- convolution engine: PO · PX · PI · PK products, two or four to a DSP slice where packed, or in
  LUTs; PO weight memories, one for each output channel of a step; the sums are added up in LUTs
  beyond what a slice adds by itself, and wait in registers until they leave;
- line buffer: PX memories, or with PK > 1 as many for each row of its ring and a multiplexer over
  the rows for each tap, of PI channels a word;
- requantiser: one product a lane, of two slices where the biased sum has more than 27 bits
  (`requantize_cost`);
- GDN core: PO · PI products of the norm but for those that are always zero (two slices where an
  operand exceeds 27 × 18 bits), PI squares for l2, and for each lane of the result what its
  implementation declares and three slices of scaling.
"""

from xdsl.ir import Operation, SSAValue

from . import stream
from .array_cost import engine_cost
from .circuits import equal_luts, negation_luts, saturate_luts, saturate_registers, select_luts
from .coefficients import UNCALIBRATED, Coefficients
from .control import (
    Control,
    Conversion,
    actor_loop,
    converter_control,
    line_buffer_control,
    ring_rows,
)
from .engine import (
    convolution_parallelism,
    convolution_shape,
    element_of,
    normalize_parallelism,
    normalize_shape,
)
from .memories import Resources, columns_cost, fifo_cost, index_bits, memory_cost
from .normalize_cost import normalize_cost
from .pipelines import CONVERTER, LINE_BUFFER, OFFSET, pipeline_of
from .requantize_cost import requantizer_of
from .rom_contents import gamma_contents, offset_columns, weight_contents
from .stream_checks import fifo_type, windows_type
from .stream_types import FifoType, Memory, WindowsType, ceil_div
from .tensors import is_signed
from .window import Window


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
    rings, taps, pixels = banks // windows.pixels, windows.taps, windows.pixels
    slot = index_bits(rings)
    steps = line_buffer_control(window, windows, depth)
    # A word comes in with its place, and goes out behind both choices; which of the memories is
    # written, and whether a tap is in the frame, takes a LUT each.
    word = pixels + slot + index_bits(depth) + 1 + bits + 1 + LINE_BUFFER
    enables = Control(sums=banks + (taps * pixels if taps * pixels > 1 else 1) + 1)
    return (
        memory_cost(memory, depth, bits) * banks
        + select_cost(rings, taps * pixels * bits, model)
        + select_cost(pixels, windows.word_bits, model)
        + actor_loop(steps, word + 2 * windows.word_bits, model)
        + Resources(lut=round(model.control_lut * enables.logic))
    )


def select_cost(words: int, bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """A choice among some words of so many bits."""
    return Resources(lut=round(model.select_lut * select_luts(words) * bits))


def converter_cost(
    input: FifoType, output: FifoType, model: Coefficients = UNCALIBRATED
) -> Resources:
    """A width converter: registers for what is kept of a pixel and for the word that is chosen."""
    ins, outs = Conversion(input.frame.get_shape()[1], input.lanes, output.lanes).slots
    kept = min(ins * input.word_bits, outs * output.word_bits) + output.word_bits
    select = select_cost(outs, output.word_bits, model)
    return select + actor_loop(converter_control(input, output), kept, model)


def sum_cost(
    op: stream.AddOp | stream.AbsOp | stream.OffsetOp, sums: int, added: int, model: Coefficients
) -> Resources:
    """Sums of so many bits, `added` of them by an adder, one for each value of a word, and
    saturation behind them."""
    result = fifo_type(op.results[0])
    element = result.frame.element_type
    form = (sums, element.width.data, is_signed(element))
    return Resources(
        lut=round(model.adder_lut * result.lanes * (added + saturate_luts(*form))),
        ff=round(model.adder_ff * result.lanes * (sums + saturate_registers(*form))),
    )


def add_cost(op: stream.AddOp, model: Coefficients) -> Resources:
    """A sum of two words."""
    fifos = sorted(map(fifo_type, op.operands), key=element_bits)
    widest, loop = element_bits(fifos[-1]), actor_loop(Control(told=CONVERTER), 0, model)
    added = widest if is_signed(fifos[0].frame.element_type) else element_bits(fifos[0])
    return loop + sum_cost(op, widest + 2, added, model)


def absolute_cost(op: stream.AbsOp, model: Coefficients) -> Resources:
    """Magnitudes; those of unsigned values are the values, and have no sign to keep."""
    input = fifo_type(op.input)
    bits, signed = element_bits(input), is_signed(input.frame.element_type)
    sums = sum_cost(op, bits + 2, negation_luts(bits) if signed else 0, model)
    none = 0 if signed else round(model.adder_ff * 2 * input.lanes)
    return actor_loop(Control(told=CONVERTER), 0, model) + sums + Resources(ff=-none)


def offset_cost(op: stream.OffsetOp, model: Coefficients) -> Resources:
    """A word of constants added to every word; where the input is shifted, they alone are there."""
    input, result = fifo_type(op.input), fifo_type(op.result)
    offset, shift = element_of(op.offset).width.data, op.shift.value.data
    words = result.words_per_pixel
    constants = columns_cost(Memory.LUTRAM, words, offset_columns(op))
    sums = max(element_bits(input) + shift + 1, offset) + 1
    steps = Control((words,), told=OFFSET)
    adders = sum_cost(op, sums, sums - 2 - shift, model)
    return actor_loop(steps, input.word_bits, model) + constants + adders


def element_bits(fifo: FifoType | WindowsType) -> int:
    """Bits of one value in a FIFO."""
    return fifo.frame.element_type.width.data


def engine_op_cost(op: stream.MacOp | stream.ConvolveOp, model: Coefficients) -> Resources:
    """A multiply-accumulate array, and the requantisers that are fused with it."""
    shape, parallelism = convolution_shape(op), convolution_parallelism(op)
    packing, multiplier = op.packing, op.products.data
    known = weight_contents(op)
    cost = engine_cost(shape, parallelism, packing, multiplier, op.memory.data, model, known)
    if isinstance(op, stream.ConvolveOp):
        cost += requantizer_of(op).cost(parallelism.lanes, model)
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
            shape, parallelism = normalize_shape(op), normalize_parallelism(op)
            return normalize_cost(shape, parallelism, op.memory.data, model, gamma_contents(op))
        case stream.RequantizeOp():
            result = fifo_type(op.result)
            words = Control((result.words_per_pixel,))
            return actor_loop(words, 0, model) + requantizer_of(op).cost(result.lanes, model)
        case stream.OffsetOp():
            return offset_cost(op, model)
        case stream.WidthConverterOp():
            return converter_cost(fifo_type(op.input), fifo_type(op.result), model)
        case stream.AddOp():
            return add_cost(op, model)
        case stream.AbsOp():
            return absolute_cost(op, model)
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
        counts = (width * fifo.words_per_pixel, height)
        marks = Control(counts, sums=equal_luts(sum(map(index_bits, counts))))
    return Resources(
        lut=round(model.axis_lut) + marks.logic, ff=round(model.axis_ff) + marks.registers
    )


def boundary_cost(value: SSAValue, model: Coefficients = UNCALIBRATED) -> Resources:
    """A port, and behind an argument's the FIFO that it writes."""
    port = port_cost(value, model)
    return port if isinstance(value.owner, Operation) else port + fifo_cost(fifo_type(value))
