"""Of an actor's constants, the words that are not zero and the columns that are not the same in all
words. Every output lane of an engine or a GDN core has a memory of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from . import stream
from .engine import convolution_parallelism, element_of, normalize_parallelism
from .memories import Resources, columns_cost
from .stream_checks import fifo_type
from .stream_types import Memory, ceil_div
from .tensors import Array, array_of


@dataclass(frozen=True)
class Contents:
    """Of a memory of constants: the words that are not zero, and the columns that are not the same
    in all words."""

    words: int
    columns: int


def contents(values: Array, bits: int) -> tuple[Contents, ...]:
    """Of the memory of every lane, from integers of so many bits [lanes, words, columns]."""
    whole = values.astype(np.int64)
    differ = np.bitwise_or.reduce(whole, axis=1) ^ np.bitwise_and.reduce(whole, axis=1)
    places = (differ[..., np.newaxis] >> np.arange(bits)) & 1
    columns = places.reshape(len(places), -1).sum(axis=1)
    words = whole.any(axis=2).sum(axis=1)
    return tuple(map(Contents, words.tolist(), columns.tolist()))


def offset_columns(op: stream.OffsetOp) -> int:
    """Of an offset's constants, without those that are like another one."""
    values, lanes = array_of(op.offset).astype(np.int64), fifo_type(op.result).lanes
    words = lanes_of(values.reshape(-1, 1, 1), lanes, 1)
    bits = (words.squeeze(2)[..., np.newaxis] >> np.arange(element_of(op.offset).width.data)) & 1
    found = np.unique(bits.transpose(1, 0, 2).reshape(words.shape[1], -1), axis=1)
    return int((found.min(axis=0) != found.max(axis=0)).sum())


def gamma_contents(op: stream.NormalizeOp) -> tuple[Contents, ...]:
    """Of the γ of every output lane of a GDN core."""
    p, gamma = normalize_parallelism(op), array_of(op.gamma)
    words = lanes_of(gamma[..., np.newaxis], p.po, p.pi)
    return contents(words, element_of(op.gamma).width.data)


def weight_contents(op: stream.MacOp | stream.ConvolveOp) -> tuple[Contents, ...]:
    """Of the weights of every output lane of an engine."""
    p, weight = convolution_parallelism(op), array_of(op.weight)
    if op.window.window.transposed:
        weight = weight.swapaxes(0, 1)
    places: list[Array] = []
    for taps in window_rows(op):
        rows = [weight[:, :, tap] if tap >= 0 else 0 * weight[:, :, 0] for tap in taps]
        places.append(lanes_of(np.concatenate(rows, axis=2), p.po, p.pi))
    return contents(np.concatenate(places, axis=2), element_of(op.weight).width.data)


def window_rows(op: stream.MacOp | stream.ConvolveOp) -> Iterator[tuple[int, ...]]:
    """For every tap side by side, the rows of the kernel that it has in any phase; -1 where a phase
    has none."""
    window, taps = op.window.window, convolution_parallelism(op).taps
    phases = [[tap for tap, _ in window.taps(phase)] for phase in range(window.phases)]
    if taps == 1:
        rows = sorted({tap for phase in phases for tap in phase})
        yield (*rows, -1) if not all(phases) else tuple(rows)
        return
    for place in range(taps):
        yield tuple(phase[place] if place < len(phase) else -1 for phase in phases)


def lanes_of(values: Array, po: int, pi: int) -> Array:
    """Constants [outputs, inputs, words] as [PO, words, PI], filled up with zeros."""
    outputs, inputs, words = values.shape
    groups = ceil_div(outputs, po), ceil_div(inputs, pi)
    padded = np.zeros((groups[0] * po, groups[1] * pi, words), values.dtype)
    padded[:outputs, :inputs] = values
    apart = padded.reshape(groups[0], po, groups[1], pi, words).transpose(1, 0, 2, 4, 3)
    return apart.reshape(po, -1, pi)


def contents_cost(kind: Memory, depth: int, known: Sequence[Contents]) -> Resources:
    """Memories of so many words; where they are logic, words of zeros are none."""
    total = Resources()
    for each in known:
        words = depth if kind is Memory.BRAM else min(depth, each.words + 1)
        total += columns_cost(kind, words, each.columns)
    return total
