"""The ways to build a convolution: its line buffer, its array, and what follows it."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from ...dialects.array_cost import engine_cost
from ...dialects.coefficients import Coefficients
from ...dialects.cost import converter_cost, line_buffer_bank, line_buffer_cost
from ...dialects.engine import ConvolutionShape, Parallelism
from ...dialects.memories import SRL_DEPTH, Resources, fifo_cost, memory_choices
from ...dialects.packing import FORMS, Packing, PackingAttr, longest_chain
from ...dialects.pipelines import CONVERTER, LINE_BUFFER
from ...dialects.schedule import engine_cycles, line_buffer_cycles
from ...dialects.stream_types import FifoType, IntegerTensor, Memory, Multiplier, WindowsType
from .leaving import convolution_leaving_cost
from .shapes import (
    Convolution,
    Shape,
    conversion_bound,
    fits_word,
    folds,
    lane_counts,
    requantizers_cost,
)

PIXELS = (1, 2, 4)
MOST_HELD_SUMS = 64
NARROW_PRODUCT_BITS = 32
KEPT_COSTS = 256


def convolution_shapes(work: Convolution, model: Coefficients) -> Iterator[Shape]:
    """All shapes of a convolution."""
    shape = work.shape
    frame = IntegerTensor(shape.activation, (1, shape.inputs, shape.height, shape.width))
    chains = packed_chains(work)
    lanes = {pixels: output_lanes(work, pixels, chains) for pixels in PIXELS}
    for pi, taps, pixels in input_widths(work):
        windows = WindowsType(frame, pi, taps, shape.outputs, pixels=pixels)
        buffers = list(buffer_costs(shape, windows, model))
        for po in lanes[pixels]:
            parallelism = folded(work, Parallelism(po, pi, taps, pixels))
            if parallelism is None:
                continue
            cycles = unit_cycles(shape, parallelism)
            rest = requantizers_cost(work.requantizers, parallelism.lanes, model)
            rest += convolution_leaving_cost(shape, parallelism)
            for packing, products in product_forms(work, parallelism, chains):
                for weights, array in array_costs(shape, parallelism, packing, products, model):
                    behind = array + rest
                    for buffer, cost in buffers:
                        total = cost + behind
                        yield Shape(parallelism, packing, products, buffer, weights, cycles, total)


def input_widths(work: Convolution) -> Iterable[tuple[int, int, int]]:
    """(channels, taps, pixels) that an engine can take side by side."""
    shape = work.shape
    bits = max(shape.activation.width.data, shape.weight.width.data)
    columns = shape.window.grid_size(shape.width)
    for pixels in PIXELS if work.fused else (1,):
        if columns % pixels:
            continue
        for taps in sorted({1, shape.window.most_taps}):
            for lanes in lane_counts(shape.inputs, even=False):
                if fits_word(lanes * taps * pixels, bits):
                    yield lanes, taps, pixels


def packed_chains(work: Convolution) -> dict[Packing, int]:
    """The forms in which the layer's products can share DSP slices, with their longest chains."""
    if not work.sums:
        return {}
    chains = {form: longest_chain(form, work.sums, work.shape.activation) for form in FORMS}
    return {form: chain for form, chain in chains.items() if chain}


def output_lanes(work: Convolution, pixels: int, chains: dict[Packing, int]) -> list[int]:
    """Output channels that an engine can make side by side: an even number of them if two share a
    DSP slice; all of them for several pixels, as far as so many sums can be kept until they
    leave."""
    shape = work.shape
    bits = max(shape.accumulator_bits, shape.output_bits)
    pairs = any(form.outputs == 2 for form in chains)
    lanes = [n for n in lane_counts(shape.outputs, pairs) if fits_word(n, bits)]
    if pixels == 1:
        return [n for n in lanes if not pairs or n % 2 == 0]
    most = MOST_HELD_SUMS // (pixels * shape.window.phases)
    return [n for n in lanes if shape.outputs <= n <= most]


def folded(work: Convolution, parallelism: Parallelism) -> Parallelism | None:
    """The parallelism with the narrowest words in which results leave in time, without making what
    follows slower than the engine if possible; none if there are no such words."""
    shape, p, last = work.shape, parallelism, None
    for fold in folds(p.po) if work.fused else [1]:
        each = Parallelism(p.po, p.pi, p.taps, p.pixels, fold)
        if shape.set_words(each) > shape.fewest_steps(each):
            continue
        if leaving_cycles(shape, each) <= engine_cycles(shape, each):
            return each
        last = each
    return last


def product_forms(
    work: Convolution, parallelism: Parallelism, chains: dict[Packing, int]
) -> Iterator[tuple[PackingAttr | None, Multiplier]]:
    """The forms of packing with most products a slice, or none; narrow products in LUTs."""
    shape, p = work.shape, parallelism
    able = [form for form in chains if not (p.po % form.outputs or p.pixels % form.pixels)]
    most = max((form.products for form in able), default=0)
    for form in able:
        if form.products == most:
            yield packing_of(form, min(chains[form], p.factors)), Multiplier.DSP
    if not able:
        yield None, Multiplier.DSP
    if shape.weight.width.data * shape.activation.width.data <= NARROW_PRODUCT_BITS:
        yield None, Multiplier.LUT


@cache
def packing_of(form: Packing, chain: int) -> PackingAttr:
    """The attribute of a form, made once: attributes take long to make."""
    return PackingAttr(form, chain)


def buffer_costs(
    shape: ConvolutionShape, windows: WindowsType, model: Coefficients
) -> Iterator[tuple[Memory, Resources]]:
    """A line buffer in every memory, with the FIFOs around it and a width converter before it; its
    counters are those for one output channel at a time, the longest that may be."""
    _, depth, bits = line_buffer_bank(shape.window, windows)
    around = before_cost(windows.frame, windows.lanes, model)
    around += fifo_cost(windows, LINE_BUFFER)
    for memory in memory_choices(depth, bits):
        yield memory, line_buffer_cost(shape.window, windows, memory, model) + around


@lru_cache(maxsize=KEPT_COSTS)
def before_cost(frame: IntegerTensor, lanes: int, model: Coefficients) -> Resources:
    """A width converter to so many lanes, and the FIFO behind it; kept, for many windows have the
    same before them."""
    fifo = FifoType(frame, lanes, SRL_DEPTH)
    return converter_cost(fifo, fifo, model) + fifo_cost(fifo, CONVERTER)


def array_costs(
    shape: ConvolutionShape,
    parallelism: Parallelism,
    packing: PackingAttr | None,
    products: Multiplier,
    model: Coefficients,
) -> Iterator[tuple[Memory, Resources]]:
    """A multiply-accumulate array with its weights in every memory."""
    depth, bits = shape.weight_words(parallelism), shape.weight_word_bits(parallelism)
    for memory in memory_choices(depth, bits):
        yield memory, engine_cost(shape, parallelism, packing, products, memory, model)


def leaving_cycles(shape: ConvolutionShape, parallelism: Parallelism) -> int:
    """Cycles of a frame in a width converter behind an engine."""
    return conversion_bound(shape.output_pixels, shape.result_words(parallelism))


def unit_cycles(shape: ConvolutionShape, parallelism: Parallelism) -> int:
    """Cycles of a frame in a line buffer, its engine, and the width converters next to them."""
    return max(
        line_buffer_cycles(shape, parallelism),
        engine_cycles(shape, parallelism),
        leaving_cycles(shape, parallelism),
    )
