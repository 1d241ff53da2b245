"""Words that an actor's pipeline holds: cycles from a step to the word that it writes.

The FIFO behind an actor has room for them besides its depth (docs/rtl.md).
"""

from xdsl.ir import Operation

from . import stream
from .engine import (
    NormalizeShape,
    Parallelism,
    convolution_parallelism,
    element_of,
    normalize_parallelism,
    normalize_shape,
)
from .gdn import Norm
from .memories import index_bits
from .packing import PackingAttr
from .stream_checks import fifo_type
from .stream_types import Multiplier, ceil_div
from .tensors import is_signed

PLAIN_CHAIN = 2  # slices of a cascade of products that are not packed
LONGEST_NORM_CHAIN = 8
SUMS, REQUANTIZER = 7, 7
DSP_WIDE_BITS, DSP_NARROW_BITS = 27, 18  # of what a slice multiplies
TERM, DOT, SCALING = {Norm.L1: 2, Norm.L2: 5}, 3, 16  # of a GDN core
CONVERTER, LINE_BUFFER, OFFSET = 2, 4, 3
LEAST_ROOT = 5


def chain_of(packing: PackingAttr | None, multiplier: Multiplier, factors: int) -> int:
    """Slices of a cascade of an engine with so many factors."""
    if multiplier is Multiplier.LUT:
        return 1
    return min(packing.chain if packing else PLAIN_CHAIN, factors)


def chained_cycles(factors: int, chain: int) -> int:
    """Cycles through a cascade and the adder tree behind the cascades."""
    return chain + index_bits(ceil_div(factors, chain))


def array_pipeline(factors: int, chain: int) -> int:
    """Of a multiply-accumulate array."""
    return SUMS + chained_cycles(factors, chain)


def sum_bits(op: stream.ConvolveOp | stream.RequantizeOp) -> int:
    """Bits of the sums that a requantiser takes, sign included."""
    if isinstance(op, stream.ConvolveOp):
        return op.accumulator.width.data
    element = fifo_type(op.input).frame.element_type
    return element.width.data + (not is_signed(element))


def biased_bits(op: stream.ConvolveOp | stream.RequantizeOp) -> int:
    """Bits of a sum with its bias, which a requantiser multiplies: one more than either has."""
    return max(sum_bits(op), element_of(op.bias).width.data) + 1


def requantizer_pipeline(sum_bits: int) -> int:
    """Of a requantiser of biased sums of so many bits; a product of two slices takes one more."""
    return REQUANTIZER + (sum_bits > DSP_WIDE_BITS)


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


def summed_cycles(shape: NormalizeShape, parallelism: Parallelism) -> int:
    """Cycles from a step of a GDN core to the norm that it adds to."""
    chain = min(LONGEST_NORM_CHAIN, parallelism.pi)
    second = chain if product_slices(shape) == 2 else 0
    return TERM[shape.norm] + DOT + chained_cycles(parallelism.pi, chain) + second


def normalize_pipeline(shape: NormalizeShape, parallelism: Parallelism) -> int:
    """Of a GDN core."""
    root = max(shape.lane.latency, LEAST_ROOT)
    return summed_cycles(shape, parallelism) + root + SCALING


def pipeline_of(op: Operation) -> int:
    """Of an actor; 0 for one that passes words on, and for what is none."""
    match op:
        case stream.LineBufferOp():
            return LINE_BUFFER
        case stream.MacOp() | stream.ConvolveOp():
            factors = convolution_parallelism(op).factors
            array = array_pipeline(factors, chain_of(op.packing, op.products.data, factors))
            fused = isinstance(op, stream.ConvolveOp)
            return array + (requantizer_pipeline(biased_bits(op)) if fused else 0)
        case stream.NormalizeOp():
            return normalize_pipeline(normalize_shape(op), normalize_parallelism(op))
        case stream.RequantizeOp():
            return requantizer_pipeline(biased_bits(op))
        case stream.OffsetOp():
            return OFFSET
        case stream.WidthConverterOp() | stream.AddOp() | stream.AbsOp():
            return CONVERTER
        case _:
            return 0
