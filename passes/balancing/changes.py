"""Changes of a model that make its pipeline cheaper: fewer channels of a layer, fewer bits.

A change gives new work to some layers, by their numbers in the problem; what it does to the quality
of the images is not modelled.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from xdsl.dialects.builtin import IntegerType
from xdsl.dialects.func import ReturnOp
from xdsl.ir import Operation, SSAValue

from ...dialects import stream
from ...dialects.packing import largest
from ...dialects.stream_types import ceil_div
from .design_space import Built, Layer
from .shapes import Convolution, Normalization, Requantizer

LEAST_SHARE, SHARES = 0.25, 16
LEAST_BITS, USUAL_BITS = 4, 8

Work = Convolution | Normalization
Works = dict[int, Work]


@dataclass(frozen=True)
class Change:
    """New work for some layers, in words and in numbers; `size` is the share of the channels or
    bits that it removes."""

    what: str
    size: float
    works: Works


@dataclass(frozen=True)
class Ladder:
    """Changes of the same layers, each of which removes more than the one before it."""

    layers: tuple[int, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ChannelGroup:
    """The layers that have the output channels of one convolution: itself, the GDN cores behind it,
    and the convolutions that read them; by their numbers."""

    writer: int
    norms: tuple[int, ...]
    readers: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        """All of them."""
        return self.writer, *self.norms, *self.readers

    def with_channels(self, works: list[Work], channels: int) -> Works:
        """Their work with so many channels."""
        found: Works = {i: with_inputs(works[i], channels) for i in self.readers}
        for i in self.norms:
            work = works[i]
            assert isinstance(work, Normalization)
            shape = replace(work.shape, channels=channels)
            found[i] = Normalization(shape, resized(work.requantizers, channels))
        return found | {self.writer: with_outputs(works[self.writer], channels)}


def channel_groups(built: Iterable[Built]) -> list[ChannelGroup]:
    """The group of every convolution of which the output channels neither leave the function nor
    meet others in a sum."""
    numbers = {op: i for i, op in enumerate(built)}
    groups = (group_of(op, numbers) for op in numbers if not isinstance(op, stream.NormalizeOp))
    return [group for group in groups if group]


def group_of(writer: Built, numbers: dict[Built, int]) -> ChannelGroup | None:
    """The group of a convolution; none if its channels are not its own."""
    norms: list[int] = []
    readers: list[int] = []
    waiting: list[SSAValue] = [writer.result]
    while waiting:
        for use in waiting.pop().uses:
            match use.operation:
                case stream.MacOp() | stream.ConvolveOp() as op:
                    readers.append(numbers[op])
                    continue
                case stream.NormalizeOp() as op:
                    norms.append(numbers[op])
                case stream.AddOp() | ReturnOp():
                    return None
                case op:
                    pass
            waiting += op.results
    return ChannelGroup(numbers[writer], tuple(norms), tuple(readers))


def with_outputs(work: Work, channels: int) -> Convolution:
    """A convolution with so many output channels."""
    assert isinstance(work, Convolution)
    shape = replace(work.shape, outputs=channels)
    return replace(work, shape=shape, requantizers=resized(work.requantizers, channels))


def with_inputs(work: Work, channels: int) -> Convolution:
    """A convolution with so many input channels."""
    assert isinstance(work, Convolution)
    return replace(work, shape=replace(work.shape, inputs=channels))


def resized(requantizers: tuple[Requantizer, ...], channels: int) -> tuple[Requantizer, ...]:
    """Requantisers of so many channels."""
    return tuple(replace(each, channels=channels) for each in requantizers)


def with_weight_bits(work: Convolution, bits: int) -> Convolution:
    """A convolution whose weights have fewer bits: its sums shrink with them."""
    old = work.shape.weight
    new = IntegerType(bits, old.signedness)
    sums = tuple(-(-total * largest(new) // largest(old)) for total in work.sums)
    return narrowed(replace(work, shape=replace(work.shape, weight=new), sums=sums), old, bits)


def with_activation_bits(work: Convolution, bits: int) -> Convolution:
    """A convolution whose inputs have fewer bits: its sums shrink with them."""
    old = work.shape.activation
    new = IntegerType(bits, old.signedness)
    return narrowed(replace(work, shape=replace(work.shape, activation=new)), old, bits)


def narrowed(work: Convolution, old: IntegerType, bits: int) -> Convolution:
    """The accumulators and their requantiser by as many bits narrower as a factor has become."""
    fewer = old.width.data - bits
    shape = replace(work.shape, accumulator_bits=work.shape.accumulator_bits - fewer)
    if not work.fused:
        return replace(work, shape=shape)
    own, *behind = work.requantizers
    own = replace(own, sums=own.sums - fewer, bias=own.bias - fewer)
    return replace(work, shape=shape, requantizers=(own, *behind))


def channel_ladders(built: Sequence[Built], layers: Sequence[Layer]) -> list[Ladder]:
    """For every convolution with output channels of its own: all counts down to a quarter."""
    works, ladders = [layer.work for layer in layers], list[Ladder]()
    for group in channel_groups(built):
        writer = works[group.writer]
        assert isinstance(writer, Convolution)
        count, name = writer.shape.outputs, layers[group.writer].name
        changes = [
            Change(
                f"prune {name} from {count} to {channels} channels",
                1 - channels / count,
                group.with_channels(works, channels),
            )
            for channels in range(count - 1, math.ceil(count * LEAST_SHARE) - 1, -1)
        ]
        ladders.append(Ladder(group.members, tuple(changes)))
    return ladders


def all_channels(built: Sequence[Built], layers: Sequence[Layer]) -> Ladder:
    """The same share of channels of all those convolutions, in sixteenths down to a quarter."""
    old = [layer.work for layer in layers]
    changes: list[Change] = []
    for parts in range(SHARES - 1, int(SHARES * LEAST_SHARE) - 1, -1):
        works = list(old)
        for group in channel_groups(built):
            writer = works[group.writer]
            assert isinstance(writer, Convolution)
            channels = ceil_div(writer.shape.outputs * parts, SHARES)
            for i, work in group.with_channels(works, channels).items():
                works[i] = work
        what = f"prune all layers to {parts}/{SHARES} of their channels"
        changes.append(Change(what, 1 - parts / SHARES, dict(enumerate(works))))
    return Ladder(tuple(range(len(old))), tuple(changes))


def all_weights(layers: Sequence[Layer]) -> Ladder:
    """Narrower weights for all convolutions."""
    works = {i: x.work for i, x in enumerate(layers) if isinstance(x.work, Convolution)}
    widest = max(map(weight_bits, works.values()), default=0)
    changes = [
        Change(
            f"weights of all layers: {bits} bits instead of {widest}",
            1 - bits / widest,
            {
                i: with_weight_bits(w, min(bits, w.shape.weight.width.data))
                for i, w in works.items()
            },
        )
        for bits in range(min(widest - 1, USUAL_BITS), LEAST_BITS - 1, -1)
    ]
    return Ladder(tuple(works), tuple(changes))


def weight_bits(work: Convolution) -> int:
    """Bits of a weight."""
    return work.shape.weight.width.data


def bit_ladders(built: Sequence[Built], layers: Sequence[Layer]) -> list[Ladder]:
    """For every convolution: narrower weights, and narrower inputs where these are what another
    layer stores for it alone."""
    ladders = list[Ladder]()
    for i, (op, layer) in enumerate(zip(built, layers, strict=True)):
        if isinstance(layer.work, Convolution):
            weight, activation = layer.work.shape.weight, layer.work.shape.activation
            ladders.append(
                bit_ladder(i, f"weights of {layer.name}", weight, layer.work, with_weight_bits)
            )
            if stored_alone(op):
                what = f"inputs of {layer.name}"
                ladders.append(bit_ladder(i, what, activation, layer.work, with_activation_bits))
    return ladders


def bit_ladder(
    number: int,
    what: str,
    old: IntegerType,
    work: Convolution,
    with_bits: Callable[[Convolution, int], Convolution],
) -> Ladder:
    """From what a factor has, or at most 8 bits, down to 4."""
    bits = old.width.data
    changes = [
        Change(
            f"{what}: {new} bits instead of {bits}", 1 - new / bits, {number: with_bits(work, new)}
        )
        for new in range(min(bits - 1, USUAL_BITS), LEAST_BITS - 1, -1)
    ]
    return Ladder((number,), tuple(changes))


def stored_alone(op: Operation) -> bool:
    """Whether another engine makes what an engine reads, and nobody else reads it."""
    source = op.operands[0].owner
    while isinstance(source, stream.Actor) and not isinstance(source, stream.ForkOp | stream.AddOp):
        if isinstance(source, stream.MacOp | stream.ConvolveOp | stream.NormalizeOp):
            return True
        source = source.operands[0].owner
    return False
