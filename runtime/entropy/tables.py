"""The CDF tables of an entropy model, and what symbols cost with them.

A table has frequencies out of 2^16, the last of which is that of an escape, after which the symbol
itself follows in groups of 4 bits: their number, then as many. Tables and escapes are those of
CompressAI (`compressai.ans`).
"""

from dataclasses import dataclass

import numpy as np

from ..arithmetic import Array, Int64Array

PRECISION_BITS = 16
GROUP_BITS = 4
LARGEST_OFFSET = 1 << 20


@dataclass(frozen=True)
class Tables:
    """`cdf` [T, L] (each row with `lengths` [T] entries, 3 or more, from 0 to 2^16) and `offsets`
    [T], the symbol of a row's first entry. Raises `ValueError` for what no coder could use."""

    cdf: Array
    lengths: Array
    offsets: Array

    def __post_init__(self) -> None:
        rows = len(self.lengths)
        if self.cdf.ndim != 2 or len(self.cdf) != rows or self.offsets.shape != (rows,):
            raise ValueError(
                f"expected as many rows as lengths and offsets, found CDFs {self.cdf.shape}, "
                f"lengths {self.lengths.shape}, offsets {self.offsets.shape}"
            )
        for row, length in zip(self.cdf, self.lengths, strict=True):
            entries = row[: max(0, length)]
            whole = 3 <= length <= len(row) and entries[0] == 0 and entries[-1] == 1 << 16
            if not whole or not (np.diff(entries) > 0).all():
                raise ValueError("expected CDFs that rise from 0 to 65536")
        if rows and np.abs(self.offsets.astype(np.int64)).max() > LARGEST_OFFSET:
            raise ValueError(f"expected offsets in -{LARGEST_OFFSET}..{LARGEST_OFFSET}")

    def slots(self, symbols: Array, rows: Array | int) -> tuple[Array, Int64Array]:
        """The entries (int32) of flat symbols, each in its row or all in one, and for each of those
        that the row has no entry for, what follows the escape: a number from 0 on."""
        last = np.subtract(self.lengths[rows], 2, dtype=np.int32)
        value = symbols.astype(np.int32) - self.offsets[rows]
        escaped = (value < 0) | (value >= last)
        if not escaped.any():
            return value, np.empty(0, np.int64)
        outside, end = value[escaped].astype(np.int64), np.broadcast_to(last, value.shape)[escaped]
        raw = np.where(outside < 0, -2 * outside - 1, 2 * (outside - end))
        return np.where(escaped, last, value), raw

    def symbols(self, slots: Array, raw: Int64Array, row: int) -> Array:
        """Undoes `slots`, for slots that are all in one row."""
        offset = self.offsets[row]
        if not len(raw):
            return slots + offset
        last = self.lengths[row] - 2
        symbols = slots.astype(np.int64)
        symbols[slots == last] = np.where(raw & 1, -((raw + 1) >> 1), (raw >> 1) + last)
        return symbols + offset

    def escapes(self, slots: Array, rows: Array | int) -> Array:
        """Which slots are escapes."""
        return slots == self.lengths[rows] - 2

    def bits(self, symbols: Array, indexes: Array) -> float:
        """The information content of symbols, each with the row of the table that it is coded with,
        in bits; an escape counts with all that it writes."""
        return float(self.information(symbols, indexes).sum())

    def information(self, symbols: Array, indexes: Array) -> Array:
        """`bits` of each symbol: float64 in the shape of `symbols`."""
        rows = indexes.ravel()
        slots, raw = self.slots(symbols.ravel(), rows)
        frequency = self.cdf[rows, slots + 1] - self.cdf[rows, slots]
        information = PRECISION_BITS - np.log2(frequency)
        information[self.escapes(slots, rows)] += GROUP_BITS * (1 + groups(raw))
        return information.reshape(symbols.shape)


def groups(raw: Int64Array) -> Int64Array:
    """How many groups of 4 bits hold each number."""
    _, length = np.frexp(raw.astype(np.float64))
    return -(-length.astype(np.int64) // GROUP_BITS)
