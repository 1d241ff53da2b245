"""The layers of a stream program that have a parallelism of their own, and the ways to build each.

Lanes are the least ones that need k words a pixel, ⌈C/k⌉ for every k, and where two channels share
a DSP slice the next even number. Where all output channels are made at once, neighbours of a row
may be too. The results of an engine leave in as narrow words as keep up with it. The lanes of these
words are also those of the element-wise actors behind it, so their cost is counted with it, as is a
width converter before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue

from ...dialects import stream
from ...dialects.coefficients import Coefficients, coefficients_of
from ...dialects.engine import Engine, convolution_shape, normalize_shape
from ...dialects.packing import sums_of
from ...dialects.requantize_cost import Requantizer, requantizer_of
from ...dialects.stream_types import FifoType
from .budget_search import undominated
from .convolution_shapes import convolution_shapes
from .normalize_shapes import normalize_shapes
from .shapes import Convolution, Normalization, Shape

BOUNDARY_LANES = 4
KEPT_LAYERS = 64

Built: TypeAlias = Engine | stream.NormalizeOp


@dataclass(frozen=True)
class Layer:
    """An engine: its layer's name, what it is to do, and the undominated ways to build it."""

    name: str
    work: Convolution | Normalization
    shapes: tuple[Shape, ...]


def boundary_type(fifo: FifoType) -> FifoType:
    """A FIFO at the boundary of a function: a pixel of 3 channels, or 4 values, a beat."""
    return fifo.with_lanes(min(BOUNDARY_LANES, fifo.frame.get_shape()[1]))


def followers(value: SSAValue) -> Iterator[Requantizer]:
    """The requantisers that take the lanes of a FIFO, through element-wise actors."""
    for use in value.uses:
        op = use.operation
        if isinstance(op, stream.AddOp) and use.index:
            continue
        if isinstance(op, stream.RequantizeOp):
            yield requantizer_of(op)
        if isinstance(op, stream.Actor) and not is_engine(op):
            for result in op.results:
                yield from followers(result)


def is_engine(op: stream.Actor) -> bool:
    """Whether an actor has lanes of its own."""
    return isinstance(
        op, stream.LineBufferOp | stream.MacOp | stream.ConvolveOp | stream.NormalizeOp
    )


def layers_of(module: ModuleOp, packing: bool) -> dict[Built, Layer]:
    """Every engine of a module with its undominated shapes."""
    layers, model = dict[Built, Layer](), coefficients_of(module)
    for op in module.walk():
        if isinstance(op, stream.MacOp | stream.ConvolveOp):
            work = convolution_of(op, packing)
        elif isinstance(op, stream.NormalizeOp):
            work = Normalization(normalize_shape(op), tuple(followers(op.result)))
        else:
            continue
        layers[op] = make_layer(op.layer.data, work, model)
    return layers


def convolution_of(op: Engine, packing: bool) -> Convolution:
    """What is to be built of a convolution."""
    shape = convolution_shape(op)
    sums = sums_of(op.weight, shape.window.transposed) if packing else ()
    behind = tuple(followers(op.result))
    if not isinstance(op, stream.ConvolveOp):
        return Convolution(shape, sums, False, behind)
    return Convolution(shape, sums, True, (requantizer_of(op), *behind))


def make_layer(name: str, work: Convolution | Normalization, model: Coefficients) -> Layer:
    """A layer with its undominated shapes."""
    return Layer(name, work, ways_of(work, model))


@lru_cache(maxsize=KEPT_LAYERS)
def ways_of(work: Convolution | Normalization, model: Coefficients) -> tuple[Shape, ...]:
    """The undominated ways to build a layer; those of the last layers are kept, for models that are
    weighed one after the other share some."""
    if isinstance(work, Convolution):
        ways = convolution_shapes(work, model)
    else:
        ways = normalize_shapes(work, model)
    return tuple(undominated(list(ways)))
