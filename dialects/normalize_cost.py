"""What a GDN core takes: the products of its norms, the pixels that it keeps, and for each lane of
the result what normalises and scales a value (`backends/rtl/library/licc_normalize.sv`).
"""

from collections.abc import Sequence
from functools import cache

from .array_cost import drain_cost
from .circuits import (
    delay_cost,
    negation_luts,
    saturate_luts,
    saturate_registers,
    select_luts,
    tree_registers,
)
from .coefficients import UNCALIBRATED, Coefficients
from .control import actor_loop, normalize_control, some_bits
from .engine import NormalizeShape, Parallelism
from .gdn import Norm
from .gdn_products import live_lanes
from .memories import Resources, index_bits, rom_cost
from .pipelines import (
    LONGEST_NORM_CHAIN,
    TERM,
    normalize_pipeline,
    product_slices,
    square_bits,
    summed_cycles,
)
from .rom_contents import Contents, contents_cost
from .stream_types import Memory, ceil_div
from .tensors import is_signed

SCALING_DSP = 3
MULTIPLIER_BITS = 17
SCALED_BITS = 54
MANTISSA_BITS = 18
SHIFT_BITS = 6
PRODUCT_REGISTERS = 52  # of a product of 34 bits
LOWER_BITS = 17  # of a wide product
SCALED_LUTS = 297  # that round and shift a product
ALIGNED_LUTS = {Norm.L1: 5.4, Norm.L2: 4.25}  # for every bit of a norm, to shift it by its exponent


def normalize_cost(
    shape: NormalizeShape,
    parallelism: Parallelism,
    memory: Memory,
    model: Coefficients = UNCALIBRATED,
    known: Sequence[Contents] = (),
) -> Resources:
    """A GDN core with γ in `memory`; what is `known` of those of every output lane, if anything
    is but where they are zero."""
    p = parallelism
    outs, ins, words = shape.output_groups(p), shape.input_groups(p), shape.result_words(p)
    live = live_lanes(shape.nonzero, shape.channels, p.po, p.pi)
    depth = outs * ins
    gamma = contents_cost(
        memory, depth, known or [Contents(depth, n * shape.gamma_bits) for n in live]
    )
    beta = rom_cost(Memory.LUTRAM, outs, p.po * shape.norm_bits)
    scales = rom_cost(Memory.LUTRAM, words, p.lanes * MULTIPLIER_BITS)
    left = min(p.fold, words) if outs == 1 else p.fold
    drain = drain_cost(left, p.lanes * (shape.norm_bits + shape.input.width.data), model)
    lane = normalize_lane_cost(shape, model) * p.lanes
    parts = (beta, scales, drain, lane, pixels_cost(shape, p, model), sums_cost(shape, p, model))
    return sum((gamma, *parts), steps_cost(shape, p, model))


def steps_cost(shape: NormalizeShape, parallelism: Parallelism, model: Coefficients) -> Resources:
    """The steps of a core, and what goes with them through the pipeline: the indices of constants,
    two marks until the norms are there, two a cycle longer, and one of a result."""
    p, added = parallelism, summed_cycles(shape, parallelism)
    words, outs = some_bits(shape.result_words(p)), some_bits(shape.output_groups(p))
    gamma = some_bits(shape.output_groups(p) * shape.input_groups(p))
    cycles = normalize_pipeline(shape, p)
    indices = delay_cost(gamma, TERM[shape.norm] - 1) + Resources(lut=outs + words)
    marks = 2 * added + 2 * (added + 1) + cycles
    return indices + actor_loop(normalize_control(shape, p), marks, model)


def pixels_cost(shape: NormalizeShape, parallelism: Parallelism, model: Coefficients) -> Resources:
    """Two pixels, of which one is chosen, and of that a word that is read and a group that waits
    for its norms."""
    p, bits = parallelism, shape.input.width.data
    ins, outs = shape.input_groups(p), shape.output_groups(p)
    kept, read, group = ins * p.pi * bits, p.pi * bits, p.po * bits
    chosen = kept + select_luts(ins) * read + select_luts(outs) * group
    return Resources(
        lut=round(model.select_lut * chosen) + group + 2 * ins,
        ff=round(model.word_ff * (2 * kept + read + group)),
    )


def sums_cost(shape: NormalizeShape, parallelism: Parallelism, model: Coefficients) -> Resources:
    """The terms of the norms, their products, and the adders behind them."""
    p, slices = parallelism, product_slices(shape)
    live = live_lanes(shape.nonzero, shape.channels, p.po, p.pi)
    chain = min(LONGEST_NORM_CHAIN, p.pi)
    norms, cascades = p.po * shape.norm_bits, ceil_div(p.pi, chain)
    delays = (dot_delays(n, chain, slices, square_bits(shape), shape.gamma_bits) for n in live)
    adders = Resources(
        sum(live) * slices,
        lut=round(model.adder_lut * cascades * norms),
        ff=round(model.adder_ff * norms * (1 + tree_registers(cascades))),
    )
    return sum(delays, adders) + term_cost(shape, model) * p.pi


def term_cost(shape: NormalizeShape, model: Coefficients) -> Resources:
    """x² in a slice, or |x|: `licc_norm_term`."""
    if shape.norm is Norm.L2:
        return Resources(1)
    bits, signed = square_bits(shape), is_signed(shape.input)
    logic = negation_luts(shape.input.width.data) if signed else 0
    return Resources(lut=round(model.adder_lut * logic), ff=round(model.word_ff * bits))


@cache
def dot_delays(live: int, chain: int, slices: int, term_bits: int, gamma_bits: int) -> Resources:
    """The delays of a `licc_dot` with so many products, of which `chain` are cascaded: every slice
    of a cascade adds a cycle after the one before, the last cascade may be shorter and begins
    later; of products of two slices, the upper ones come when all lower ones are added up."""
    last = (live - 1) // chain * chain
    total = Resources()
    for k in range(live):
        members = chain if k < last else live - last
        late = slices * (chain - members) + k % chain
        total += delay_cost(term_bits + gamma_bits, late)
        if slices > 1:
            total += delay_cost(term_bits - LOWER_BITS + gamma_bits, members)
            if k % chain == 0:
                total += delay_cost(LOWER_BITS, members)
    return total


def normalize_lane_cost(shape: NormalizeShape, model: Coefficients = UNCALIBRATED) -> Resources:
    """What normalises, evaluates and scales a channel, `licc_normalizer`: two shifters, of the norm
    and of the product."""
    norm, lane = shape.norm_bits, shape.lane
    aligned = max(MANTISSA_BITS, norm if shape.norm is Norm.L1 else norm + norm % 2)
    length, form = index_bits(aligned + 1), (SCALED_BITS, shape.output_bits, True)
    kept = 2 * length + norm + MANTISSA_BITS + SHIFT_BITS + 2 * SCALED_BITS
    shifted = SCALED_LUTS + ALIGNED_LUTS[shape.norm] * norm
    later = Resources(lut=shape.input.width.data + length)  # a shift register each
    return later + Resources(
        SCALING_DSP + lane.dsp,
        lane.bram18,
        round(model.normalize_lut * shifted + lane.lut) + saturate_luts(*form),
        round(model.normalize_ff * (kept + PRODUCT_REGISTERS) + lane.ff)
        + saturate_registers(*form),
    )
