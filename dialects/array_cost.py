"""What a multiply-accumulate array takes: products in slices or LUTs, the adders behind them, the
delays that cascades of slices need, and the sums that wait to leave
(`backends/rtl/library/licc_engine.sv`).
"""

from collections.abc import Sequence
from functools import cache

from .circuits import tree_registers
from .coefficients import UNCALIBRATED, Coefficients
from .control import actor_loop, engine_control, some_bits
from .engine import ConvolutionShape, Parallelism
from .memories import Resources, rom_cost
from .packing import PackingAttr
from .pipelines import array_pipeline, chain_of
from .rom_contents import Contents, contents_cost
from .stream_types import Memory, Multiplier, ceil_div
from .tensors import is_signed
from .window import Window

FOUR_JOINED = 4
JOINED_BITS = 18  # of two activations that share a slice with two weights
PRODUCT_MARKS = 3  # registers of a product in LUTs, besides those of its factors


def value_bits(shape: ConvolutionShape) -> int:
    """Bits of an activation with a sign."""
    return shape.activation.width.data + (not is_signed(shape.activation))


def products_cost(
    shape: ConvolutionShape,
    parallelism: Parallelism,
    packing: PackingAttr | None,
    multiplier: Multiplier,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """The products of an array and the adders behind them: the sums of cascades of slices, taken
    apart where they are joined, are added up, and that to what was there before."""
    p, in_luts = parallelism, multiplier is Multiplier.LUT
    shared = packing.packing.products if packing else 1
    chain = chain_of(packing, multiplier, p.factors)
    cascades = ceil_div(p.factors, chain)
    bits, sums = shape.weight.width.data * value_bits(shape), shape.accumulator_bits
    last = min(sums, shape.weight.width.data + value_bits(shape)) if in_luts else sums
    fields = (shared - 1) * min(sums, field_bits(shared)) + last  # of the sums of a cascade
    kept = p.sums * ((tree_registers(cascades) + 1) * sums + cascades * fields // shared)
    apart = p.sums * (shared - 1) // shared * cascades
    products = model.multiplier_lut * bits * p.products if in_luts else 0
    factor = shape.weight.width.data + value_bits(shape) + PRODUCT_MARKS
    return operands_cost(shape, p, packing, chain, model) + Resources(
        dsp=0 if in_luts else ceil_div(p.sums, shared) * p.factors,
        lut=round(model.adder_lut * (p.sums * cascades * sums + apart) + products),
        ff=round(model.adder_ff * kept + model.word_ff * (factor * p.products if in_luts else 0)),
    )


def operands_cost(
    shape: ConvolutionShape,
    parallelism: Parallelism,
    packing: PackingAttr | None,
    chain: int,
    model: Coefficients = UNCALIBRATED,
) -> Resources:
    """The activations of a step, joined where four products share a slice, and the delays that
    operands of a cascade need: weights in every row of multipliers."""
    p, weight, value = parallelism, shape.weight.width.data, value_bits(shape)
    form = packing.packing if packing else None
    rows, word = p.sums, p.pixels * shape.activation.width.data
    delayed, joins = p.pixels * value, 0
    if form:
        rows //= form.products
        weight *= form.outputs
        if form.products == FOUR_JOINED:
            pairs = p.pixels // 2
            delayed, word, joins = pairs * JOINED_BITS, pairs * (2 * value + 1), pairs * value
    registers, shifts = skew(p.factors, chain)
    operands = rows * weight + delayed
    return Resources(
        lut=round(model.adder_lut * joins * p.factors) + shifts * operands,
        ff=round(model.word_ff * (registers * operands + p.factors * word)),
    )


def field_bits(shared: int) -> int:
    """Bits of one of the sums that share a cascade."""
    return 11 if shared == FOUR_JOINED else 18 if shared > 1 else 0


@cache
def skew(factors: int, chain: int) -> tuple[int, int]:
    """(registers, shift registers in LUTs) for every bit of the operands of cascades of `chain`
    slices, each of which adds a cycle after the one before; the last cascade may be shorter and
    begins later. From three cycles on, a delay is a shift register."""
    last = (factors - 1) // chain * chain
    delays = [k % chain if k < last else chain - factors + k for k in range(factors)]
    return sum(d for d in delays if d < 3), sum(d >= 3 for d in delays)


def drain_cost(words: int, word_bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """The registers in which finished sums wait until they leave, word by word
    (`licc_waiting_sums`)."""
    luts = words + 1 if words > 1 else 1
    return Resources(
        lut=round(model.drain_lut * luts * word_bits),
        ff=round(model.drain_ff * (words + 1) * word_bits),
    )


def held_cost(
    window: Window, parallelism: Parallelism, sum_bits: int, model: Coefficients = UNCALIBRATED
) -> Resources:
    """The sums of neighbours, kept until those of the last column phase are there."""
    phases = window.phases - 1 if parallelism.pixels > 1 else 0
    return Resources(ff=round(model.drain_ff * phases * parallelism.sums * sum_bits))


def engine_cost(
    shape: ConvolutionShape,
    parallelism: Parallelism,
    packing: PackingAttr | None,
    multiplier: Multiplier,
    memory: Memory,
    model: Coefficients = UNCALIBRATED,
    known: Sequence[Contents] = (),
) -> Resources:
    """A multiply-accumulate array with its weights in `memory`, whose products are packed in DSP
    slices or made in LUTs; what is `known` of the weights of every output lane, if anything is."""
    p, bits = parallelism, shape.accumulator_bits
    arithmetic = products_cost(shape, p, packing, multiplier, model)
    depth = shape.weight_words(p)
    weights = contents_cost(memory, depth, known)
    if not known:
        weights = rom_cost(memory, depth, shape.weight_word_bits(p)) * p.po
    drain = drain_cost(shape.set_words(p), p.lanes * bits, model)
    held = held_cost(shape.window, p, bits, model)
    # Marks of a step on its way: two until the products are there, three a cycle longer, and one.
    cycles = array_pipeline(p.factors, chain_of(packing, multiplier, p.factors))
    marks = 2 * (cycles - 2) + 3 * (cycles - 1) + 1
    word = some_bits(shape.result_words(p))
    indices = Resources(lut=word + some_bits(shape.window.phases))
    loop = actor_loop(engine_control(shape, p), marks + word, model)
    return arithmetic + weights + drain + held + indices + loop
