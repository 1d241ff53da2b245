"""Of an actor's constants, the words that are not zero and the columns that are not the same in all
words. Every output lane of an engine or a GDN core has a memory of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from . import stream
from .engine import convolution_parallelism, element_of, normalize_parallelism
from .memories import Resources, columns_cost
from .roms import gamma_rom, vector_rom, weight_rom
from .stream_checks import fifo_type
from .stream_types import Memory
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
    words = vector_rom(array_of(op.offset).astype(np.int64), fifo_type(op.result).lanes)
    bits = (words[..., np.newaxis] >> np.arange(element_of(op.offset).width.data)) & 1
    found = np.unique(bits.reshape(len(words), -1), axis=1)
    return int((found.min(axis=0) != found.max(axis=0)).sum())


def gamma_contents(op: stream.NormalizeOp) -> tuple[Contents, ...]:
    """Of the γ of every output lane of a GDN core."""
    p = normalize_parallelism(op)
    return contents(gamma_rom(array_of(op.gamma), p.pi, p.po), element_of(op.gamma).width.data)


def weight_contents(op: stream.MacOp | stream.ConvolveOp) -> tuple[Contents, ...]:
    """Of the weights of every output lane of an engine."""
    p = convolution_parallelism(op)
    words = weight_rom(array_of(op.weight), op.window.window, p.taps, p.pi, p.po)
    return contents(words, element_of(op.weight).width.data)


def contents_cost(kind: Memory, depth: int, known: Sequence[Contents]) -> Resources:
    """Memories of so many words; where they are logic, words of zeros are none."""
    total = Resources()
    for each in known:
        words = depth if kind is Memory.BRAM else min(depth, each.words + 1)
        total += columns_cost(kind, words, each.columns)
    return total
