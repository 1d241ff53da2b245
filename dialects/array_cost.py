"""What a multiply-accumulate array takes: products in slices or LUTs, the adders behind them, the
delays that cascades of slices need, and the sums that wait to leave
(`backends/rtl/library/licc_engine.sv`).
"""

from functools import cache

from .coefficients import UNCALIBRATED, Coefficients
from .control import actor_loop, engine_control
from .engine import ConvolutionShape, Parallelism
from .memories import Resources, rom_cost
from .packing import PackingAttr
from .pipelines import array_pipeline, chain_of
from .stream_types import Memory, Multiplier, ceil_div

FLAGS = 4  # of a step on its way through the pipeline


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
    bits = shape.weight.width.data * shape.activation.width.data
    joined = p.sums * (shared - 1) // shared * cascades * field_bits(shared)
    added = p.sums * cascades * shape.accumulator_bits
    kept = p.sums * (cascades + tree_registers(cascades) + 1) * shape.accumulator_bits
    operands = p.po * shape.weight.width.data + p.pixels * shape.activation.width.data
    registers, shifts = skew(p.factors, chain)
    products = model.multiplier_lut * bits * p.products if in_luts else 0
    return Resources(
        dsp=0 if in_luts else ceil_div(p.sums, shared) * p.factors,
        lut=round(model.adder_lut * (added + joined) + products) + shifts * operands,
        ff=round(model.adder_ff * kept + model.word_ff * registers * operands),
    )


def field_bits(shared: int) -> int:
    """Bits of one of the sums that share a cascade."""
    return 11 if shared == 4 else 18 if shared > 1 else 0


@cache
def tree_registers(count: int) -> int:
    """Registers of an adder tree for so many numbers: pairs are added up until one is left."""
    return 0 if count == 1 else ceil_div(count, 2) + tree_registers(ceil_div(count, 2))


@cache
def skew(factors: int, chain: int) -> tuple[int, int]:
    """(registers, shift registers in LUTs) for every bit of the operands of cascades of `chain`
    slices, each of which adds a cycle after the one before; the last cascade may be shorter and
    begins later. From three cycles on, a delay is a shift register."""
    last = (factors - 1) // chain * chain
    delays = [k % chain if k < last else chain - factors + k for k in range(factors)]
    return sum(d for d in delays if d < 3), sum(d >= 3 for d in delays)


def drain_cost(words: int, word_bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """The registers in which finished sums wait until they leave, word by word."""
    bits = words * word_bits
    return Resources(
        lut=round(model.drain_lut * bits), ff=round(model.drain_ff * (bits + word_bits))
    )


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
    p = parallelism
    arithmetic = products_cost(shape, p, packing, multiplier, model)
    depth, bits = shape.weight_words(p), shape.weight_word_bits(p)
    weights = rom_cost(memory, depth, bits) * p.po
    drain = drain_cost(shape.set_words(p), p.lanes * shape.accumulator_bits, model)
    word_bits = p.pixels * p.factors * shape.activation.width.data
    flags = FLAGS * array_pipeline(p.factors, chain_of(packing, multiplier, p.factors))
    loop = actor_loop(engine_control(shape, p), word_bits + flags, model)
    return arithmetic + weights + drain + loop
