"""What a GDN core takes: the products of its norms, the pixels that it keeps, and for each lane of
the result what normalises and scales a value (`backends/rtl/library/licc_normalize.sv`).
"""

from ..runtime.gdn_cores import LaneCost
from .array_cost import drain_cost, skew, tree_registers
from .coefficients import UNCALIBRATED, Coefficients
from .control import actor_loop, normalize_control, select_cost
from .engine import NormalizeShape, Parallelism
from .gdn import Norm
from .gdn_products import live_lanes
from .memories import Resources, rom_cost
from .pipelines import LONGEST_NORM_CHAIN, product_slices, square_bits
from .stream_types import Memory, ceil_div

SCALING_DSP = 3
MULTIPLIER_BITS = 17
SCALED_BITS = 54
LOWER_BITS = 17  # of a wide product


def normalize_cost(
    shape: NormalizeShape,
    parallelism: Parallelism,
    memory: Memory,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """A GDN core with γ in `memory`."""
    p, bits = parallelism, shape.input.width.data
    groups, words = shape.output_groups(p), shape.input_groups(p)
    live = live_lanes(shape.nonzero, shape.channels, p.po, p.pi)
    gamma = (rom_cost(memory, groups * words, n * shape.gamma_bits) for n in live if n)
    beta = rom_cost(Memory.LUTRAM, groups, p.po * shape.norm_bits)
    scales = rom_cost(Memory.LUTRAM, shape.result_words(p), p.lanes * MULTIPLIER_BITS)
    drain = drain_cost(p.fold, p.lanes * (shape.norm_bits + bits), model)
    kept = max(words * p.pi, groups * p.po) * bits
    # Two pixels, of which one is chosen, and of that a word that is read and a group that is taken.
    pixels = Resources(lut=round(model.select_lut * kept), ff=2 * kept)
    pixels += select_cost(words, p.pi * bits, model) + select_cost(groups, p.po * bits, model)
    later = Resources(lut=p.po * bits)  # a shift register each, until the norms are there
    lane = normalize_lanes_cost(shape.lane, p.lanes, shape.norm_bits, model)
    loop = actor_loop(normalize_control(shape, p), (p.pi + p.po) * bits, model)
    sums = norm_sums_cost(shape, p, model)
    if shape.norm is Norm.L2:
        sums += Resources(p.pi)
    return sum(gamma, Resources()) + beta + scales + drain + pixels + later + lane + loop + sums


def norm_sums_cost(
    shape: NormalizeShape, parallelism: Parallelism, model: Coefficients
) -> Resources:
    """The products of the norms, and the adders behind them: as in an array, but that
    wide products take two cascades, one after the other."""
    p, slices = parallelism, product_slices(shape)
    chain = min(LONGEST_NORM_CHAIN, p.pi)
    cascades = ceil_div(p.pi, chain)
    registers, shifts = skew(p.pi, chain)
    operand = p.po * (square_bits(shape) + shape.gamma_bits)
    upper = operand - p.po * LOWER_BITS if slices == 2 else 0
    delayed = shifts * operand + (p.pi * upper if chain > 2 else 0)
    plain = registers * operand + (p.pi * upper * chain if chain <= 2 else 0)
    norms = p.po * shape.norm_bits
    kept = norms * (1 + tree_registers(cascades))
    return Resources(
        shape.products(p) * slices,
        lut=round(model.adder_lut * cascades * norms) + delayed,
        ff=round(model.adder_ff * kept + model.word_ff * plain),
    )


def normalize_lanes_cost(
    lane: LaneCost, lanes: int, norm_bits: int, model: Coefficients = UNCALIBRATED
) -> Resources:
    """What normalises, evaluates and scales so many channels side by side: two shifters, of the
    norm and of the product."""
    return Resources(
        (SCALING_DSP + lane.dsp) * lanes,
        lane.bram18 * lanes,
        round((model.normalize_lut * (norm_bits + SCALED_BITS) + lane.lut) * lanes),
        round((model.normalize_ff + lane.ff) * lanes),
    )
