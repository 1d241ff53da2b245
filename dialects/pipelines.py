"""Words that an actor's pipeline holds: cycles from a step to the word that it writes.

The FIFO behind an actor has room for them besides its depth (docs/rtl.md).
"""

from xdsl.ir import Operation

from . import stream
from .engine import (
    NormalizeShape,
    Parallelism,
    convolution_parallelism,
    normalize_parallelism,
    normalize_shape,
)
from .gdn import Norm
from .memories import index_bits
from .packing import PackingAttr
from .stream_types import Multiplier, ceil_div

PLAIN_CHAIN = 2  # slices of a cascade of products that are not packed
LONGEST_NORM_CHAIN = 8
SUMS, REQUANTIZER = 7, 7
NORMALIZE = {Norm.L1: 21, Norm.L2: 24}
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


def convolution_pipeline(factors: int, chain: int) -> int:
    """Of an engine with its requantisers."""
    return SUMS + REQUANTIZER + chained_cycles(factors, chain)


def normalize_pipeline(shape: NormalizeShape, parallelism: Parallelism) -> int:
    """Of a GDN core."""
    chain = min(LONGEST_NORM_CHAIN, parallelism.pi)
    root = max(shape.lane.latency, LEAST_ROOT)
    return NORMALIZE[shape.norm] + root + chained_cycles(parallelism.pi, chain)


def pipeline_of(op: Operation) -> int:
    """Of an actor; 0 for one that passes words on, and for what is none."""
    match op:
        case stream.LineBufferOp():
            return LINE_BUFFER
        case stream.MacOp() | stream.ConvolveOp():
            factors = convolution_parallelism(op).factors
            chain = chain_of(op.packing, op.products.data, factors)
            whole = convolution_pipeline(factors, chain)
            return whole if isinstance(op, stream.ConvolveOp) else whole - REQUANTIZER
        case stream.NormalizeOp():
            return normalize_pipeline(normalize_shape(op), normalize_parallelism(op))
        case stream.RequantizeOp():
            return REQUANTIZER
        case stream.OffsetOp():
            return OFFSET
        case stream.WidthConverterOp() | stream.AddOp() | stream.AbsOp():
            return CONVERTER
        case _:
            return 0
