"""The ways to build each engine of a stream program: lanes and taps, with their cycles and cost.

Lanes are the least ones that need k words a pixel, ⌈C/k⌉ for every k, and where two products share
a DSP slice the next even number. An engine's lanes are also those of the element-wise actors behind
it, so their cost is counted with it, as is a width converter before it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from ...dialects import stream
from ...dialects.coefficients import Coefficients, coefficients_of
from ...dialects.cost import (
    converter_cost,
    engine_cost,
    line_buffer_bank,
    line_buffer_cost,
    normalize_cost,
    requantize_cost,
)
from ...dialects.engine import (
    ConvolutionShape,
    Engine,
    NormalizeShape,
    Parallelism,
    convolution_shape,
    normalize_shape,
)
from ...dialects.memories import Resources, fifo_cost, memory_choices
from ...dialects.schedule import (
    line_buffer_cycles,
    normalize_cycles,
)
from ...dialects.stream_checks import fifo_type, longest_chain, windows_type
from ...dialects.stream_types import FifoType, Memory, WindowsType, ceil_div
from .budget_search import undominated

MAX_WORD_BITS = 8192
MAX_PIECES = 1024
BOUNDARY_LANES = 4


@dataclass(frozen=True)
class Shape:
    """One way to build an engine: its parallelism, the packed chain (0: not packed), where its
    line buffer and its weights live, its cycles of a frame, and its cost with all that
    belongs to it."""

    parallelism: Parallelism
    chain: int
    buffer: Memory
    weights: Memory
    cycles: int
    cost: Resources

    @property
    def dsp(self) -> int:
        """DSP slices."""
        return self.cost.dsp

    @property
    def bram18(self) -> int:
        """Halves of block RAM."""
        return self.cost.bram18

    @property
    def lut(self) -> int:
        """LUTs."""
        return self.cost.lut


@dataclass(frozen=True)
class Layer:
    """An engine and the undominated ways to build it."""

    op: Engine | stream.NormalizeOp
    shapes: tuple[Shape, ...]

    @property
    def name(self) -> str:
        """The layer's name."""
        return self.op.layer.data


def lane_counts(channels: int, even: bool) -> list[int]:
    """⌈C/k⌉ for every k, in descending order; with `even`, also each of them rounded up to even."""
    counts = {ceil_div(channels, k) for k in range(1, channels + 1)}
    if even:
        counts |= {count + count % 2 for count in counts}
    return sorted(counts, reverse=True)


def fits_word(lanes: int, bits: int) -> bool:
    """Whether a word of so many lanes can be built."""
    return lanes <= MAX_PIECES and lanes * bits <= MAX_WORD_BITS


def boundary_type(fifo: FifoType) -> FifoType:
    """A FIFO at the boundary of a function: a pixel of 3 channels, or 4 values, a beat."""
    return fifo.with_lanes(min(BOUNDARY_LANES, fifo.frame.get_shape()[1]))


def followers(value: SSAValue) -> Iterator[stream.RequantizeOp]:
    """The requantisers that take the lanes of a FIFO, through element-wise actors."""
    for use in value.uses:
        op = use.operation
        if isinstance(op, stream.AddOp) and use.index:
            continue
        if isinstance(op, stream.RequantizeOp):
            yield op
        if isinstance(op, stream.Actor) and not is_engine(op):
            for result in op.results:
                yield from followers(result)


def is_engine(op: stream.Actor) -> bool:
    """Whether an actor has lanes of its own."""
    return isinstance(
        op, stream.LineBufferOp | stream.MacOp | stream.ConvolveOp | stream.NormalizeOp
    )


def followers_cost(value: SSAValue, lanes: int, model: Coefficients) -> Resources:
    """The requantisers behind a FIFO of so many lanes."""
    total = Resources()
    for op in followers(value):
        frame = fifo_type(op.input).frame
        bits = frame.element_type.width.data
        total += requantize_cost(lanes, frame.get_shape()[1], bits, model)
    return total


def layers_of(module: ModuleOp, packing: bool) -> list[Layer]:
    """Every engine of a module with its undominated shapes."""
    layers, model = list[Layer](), coefficients_of(module)
    for op in module.walk():
        if isinstance(op, stream.MacOp | stream.ConvolveOp):
            layers.append(Layer(op, tuple(undominated(convolution_shapes(op, packing, model)))))
        elif isinstance(op, stream.NormalizeOp):
            layers.append(Layer(op, tuple(undominated(list(normalize_shapes(op, model))))))
    return layers


def input_widths(shape: ConvolutionShape) -> Iterable[tuple[int, int]]:
    """(channels, taps) that an engine can take side by side."""
    for taps in sorted({1, shape.window.most_taps}):
        for lanes in lane_counts(shape.inputs, even=False):
            if fits_word(lanes * taps, max(shape.activation.width.data, shape.weight.width.data)):
                yield lanes, taps


def convolution_shapes(op: Engine, packing: bool, model: Coefficients) -> list[Shape]:
    """All shapes of a convolution: its line buffer, its array and what follows it."""
    shape, frame = convolution_shape(op), windows_type(op.input).frame
    longest = longest_chain(shape.weight, shape.activation) if packing else 0
    result_bits = max(fifo_type(op.result).frame.element_type.width.data, shape.output_bits)
    outputs = [n for n in lane_counts(shape.outputs, longest > 0) if fits_word(n, result_bits)]
    shapes = list[Shape]()
    for pi, taps in input_widths(shape):
        buffers = list(buffer_costs(shape, WindowsType(frame, pi, taps), model))
        for po in outputs:
            p = Parallelism(po, pi, taps)
            chain = min(longest, pi * taps) if po % 2 == 0 else 0
            cycles = unit_cycles(shape, p)
            rest = requantizers_cost(op, shape, po, model)
            for weights, array in array_costs(shape, p, chain, model):
                for buffer, cost in buffers:
                    total = cost + array + rest
                    shapes.append(Shape(p, chain, buffer, weights, cycles, total))
    return shapes


def buffer_costs(
    shape: ConvolutionShape, windows: WindowsType, model: Coefficients
) -> Iterator[tuple[Memory, Resources]]:
    """A line buffer in every memory, with the FIFOs around it and a width converter before it."""
    _, depth, bits = line_buffer_bank(shape.window, windows)
    fifo = FifoType(windows.frame, windows.lanes)
    around = converter_cost(bits, bits, model) + fifo_cost(fifo) + fifo_cost(windows)
    for memory in memory_choices(depth, bits):
        yield memory, line_buffer_cost(shape.window, windows, memory, model) + around


def array_costs(
    shape: ConvolutionShape, parallelism: Parallelism, chain: int, model: Coefficients
) -> Iterator[tuple[Memory, Resources]]:
    """A multiply-accumulate array with its weights in every memory."""
    depth, bits = shape.weight_words(parallelism), shape.weight_word_bits(parallelism)
    for memory in memory_choices(depth, bits):
        yield memory, engine_cost(shape, parallelism, chain, memory, model)


def requantizers_cost(
    op: Engine, shape: ConvolutionShape, lanes: int, model: Coefficients
) -> Resources:
    """The requantisers in an engine and behind it."""
    cost = followers_cost(op.result, lanes, model)
    if isinstance(op, stream.ConvolveOp):
        cost += requantize_cost(lanes, shape.outputs, shape.accumulator_bits, model)
    return cost


def conversion_bound(pixels: int, groups: int) -> int:
    """Most cycles of a width converter behind words of which a pixel has `groups`, but for those
    that it takes to write: see `schedule.converter_cycles`."""
    return pixels * (groups + (groups > 1))


def unit_cycles(shape: ConvolutionShape, parallelism: Parallelism) -> int:
    """Cycles of a frame in a line buffer, its engine, and the width converters next to them."""
    leave = conversion_bound(shape.output_pixels, shape.output_groups(parallelism))
    return max(line_buffer_cycles(shape, parallelism), leave)


def normalize_shapes(op: stream.NormalizeOp, model: Coefficients) -> Iterator[Shape]:
    """All shapes of a GDN core."""
    shape = normalize_shape(op)
    width = max(shape.input.width.data, shape.gamma_bits)
    lanes = [n for n in lane_counts(shape.channels, even=False) if fits_word(n, width)]
    if 4 * shape.channels > 2 * MAX_PIECES:
        return
    for pi in lanes:
        for po in lanes:
            parallelism = Parallelism(po, pi)
            leave = conversion_bound(shape.pixels, shape.output_groups(parallelism))
            cycles = max(normalize_cycles(shape, parallelism), leave)
            for gamma, cost in core_costs(op, shape, parallelism, model):
                yield Shape(parallelism, 0, gamma, gamma, cycles, cost)


def core_costs(
    op: stream.NormalizeOp, shape: NormalizeShape, parallelism: Parallelism, model: Coefficients
) -> Iterator[tuple[Memory, Resources]]:
    """A GDN core with gamma in every memory, a width converter before it and what follows it."""
    depth = shape.output_groups(parallelism) * shape.input_groups(parallelism)
    bits = parallelism.pi * shape.input.width.data
    around = converter_cost(bits, bits, model) + followers_cost(op.result, parallelism.po, model)
    for memory in memory_choices(depth, parallelism.pi * shape.gamma_bits):
        yield memory, normalize_cost(shape, parallelism, memory, model) + around
