"""Symbols with a table each as bytes, and back."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from ..arithmetic import Array, Int64Array
from ..errors import BitstreamError
from .fastest import fastest_stack
from .stack import Stack
from .tables import GROUP_BITS, PRECISION_BITS, Tables, groups

SYMBOLS = np.iinfo(np.int16)
GROUP_VALUES = 1 << GROUP_BITS
MOST_GROUPS = 8
PIECE = 1 << 12
"""How many escapes are read at a time, and how many symbols are made of what was read."""
WORD = np.dtype("<u4")


@dataclass(frozen=True)
class TableCoder:
    """Codes symbols with tables: first the slots of all of them, table by table, then the lengths
    of what escapes write, then their groups, the highest first."""

    tables: Tables
    stack: type[Stack] = field(default_factory=fastest_stack)

    @cached_property
    def _models(self) -> tuple[Any, ...]:
        rows = zip(self.tables.cdf, self.tables.lengths, strict=True)
        return tuple(self.stack.model(row[:length]) for row, length in rows)

    @cached_property
    def _group(self) -> Any:
        return self.stack.model(np.arange(GROUP_VALUES + 1) << (PRECISION_BITS - GROUP_BITS))

    def encode(self, symbols: Array, rows: Array) -> bytes:
        """The bytes of flat int16 symbols, with the row of the table for each (uint16)."""
        order = _order(rows)
        symbols, rows = symbols[order], rows[order]
        coded = [(row, *self.tables.slots(symbols[part], row)) for row, part in _runs(rows)]
        raw = np.concatenate([np.empty(0, np.int64), *(outside for _, _, outside in coded)])
        counts = groups(raw)
        stack = self.stack(np.empty(0, np.uint32))
        stack.push(_to_groups(raw, counts), self._group)
        stack.push(counts, self._group)
        for row, slots, _ in reversed(coded):
            stack.push(slots, self._models[row])
        return stack.words().astype(WORD).tobytes()

    def decode(self, data: bytes | memoryview, rows: Array) -> Array:
        """The int16 symbols that `encode` was given; `BitstreamError` if the bytes hold others, or
        more."""
        order = _order(rows)
        stack = self._open(data)
        runs = list(_runs(rows[order]))
        slots = [stack.pop(part.stop - part.start, self._models[row]) for row, part in runs]
        escaped = (
            self.tables.escapes(found, row) for found, (row, _) in zip(slots, runs, strict=True)
        )
        raw = self._pop_escapes(stack, sum(map(np.count_nonzero, escaped)))
        if len(stack.words()):
            raise BitstreamError("holds more than its symbols")
        result = np.empty(len(rows), np.int16)
        for found, (row, run) in zip(slots, runs, strict=True):
            place = run if isinstance(order, slice) else order[run]
            result[place], raw = self._symbols(found, raw, row)
        return result

    def _symbols(self, slots: Array, raw: Array, row: int) -> tuple[Array, Array]:
        """The int16 symbols of slots of a row, and what follows of the escapes behind them."""
        result = np.empty(len(slots), np.int16)
        for start in range(0, len(slots), PIECE):
            piece = slots[start : start + PIECE]
            count = np.count_nonzero(self.tables.escapes(piece, row))
            values = self.tables.symbols(piece, raw[:count].astype(np.int64), row)
            if values.min() < SYMBOLS.min or values.max() > SYMBOLS.max:
                raise BitstreamError("holds a symbol beyond 16 bits")
            result[start : start + PIECE], raw = values, raw[count:]
        return result, raw

    def _open(self, data: bytes | memoryview) -> Stack:
        if len(data) % WORD.itemsize:
            raise BitstreamError(f"has {len(data)} bytes, no multiple of {WORD.itemsize}")
        try:
            return self.stack(np.frombuffer(data, WORD))
        except ValueError as error:
            raise BitstreamError("ends in a word of zeros") from error

    def _pop_escapes(self, stack: Stack, count: int) -> Array:
        counts = stack.pop(count, self._group)
        if count and counts.max() > MOST_GROUPS:
            raise BitstreamError(f"holds a symbol of {counts.max()} groups")
        raw = np.empty(count, np.uint32)
        for start in range(0, count, PIECE):
            part = counts[start : start + PIECE]
            found = stack.pop(int(part.sum()), self._group)
            raw[start : start + PIECE] = _from_groups(found, part)
        return raw


def _order(rows: Array) -> Array | slice:
    """What sorts rows, and keeps symbols of one row in their order."""
    if (rows[1:] >= rows[:-1]).all():
        return slice(None)
    return np.argsort(rows, kind="stable").astype(np.int32)


def _runs(rows: Array) -> Iterator[tuple[int, slice]]:
    """Each row of sorted rows, and where it is."""
    if not len(rows):
        return
    changes = (1 + np.flatnonzero(rows[1:] != rows[:-1])).tolist()
    for start, stop in pairwise((0, *changes, len(rows))):
        yield int(rows[start]), slice(start, stop)


def _shifts(counts: Int64Array) -> tuple[Int64Array, Int64Array]:
    """For the groups of all numbers, one after the other: whose each is, and how far it is up."""
    owners = np.repeat(np.arange(len(counts)), counts)
    ends = np.cumsum(counts)
    return owners, GROUP_BITS * (ends[owners] - 1 - np.arange(len(owners)))


def _to_groups(raw: Int64Array, counts: Int64Array) -> Int64Array:
    owners, shifts = _shifts(counts)
    return raw[owners] >> shifts & (GROUP_VALUES - 1)


def _from_groups(found: Array, counts: Int64Array) -> Int64Array:
    owners, shifts = _shifts(counts)
    raw = np.zeros(len(counts), np.int64)
    np.add.at(raw, owners, found.astype(np.int64) << shifts)
    return raw
