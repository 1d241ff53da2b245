"""The CDF tables of an entropy model: what symbols cost with them, and the bytes that they become.

A table has frequencies out of 2^16, the last of which is that of an escape, after which the coder
writes the symbol itself in groups of 4 bits: their number, then as many (CompressAI's `ans`).
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from ..frontend.errors import ModelError
from ..runtime.arithmetic import Array

PRECISION_BITS = 16
GROUP_BITS = 4
MIN_SYMBOLS = 4


@dataclass(frozen=True)
class Tables:
    """`cdf` [T, L] (each row with `lengths` [T] entries, from 0 to 2^16) and `offsets` [T], the
    symbol of a row's first entry. Raises `ValueError` for what no coder could use."""

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
            whole = 2 <= length <= len(row) and entries[0] == 0 and entries[-1] == 1 << 16
            if not whole or not (np.diff(entries) > 0).all():
                raise ValueError("expected CDFs that rise from 0 to 65536")

    def bits(self, symbols: Array, indexes: Array) -> float:
        """The information content of symbols, each with the row of the table that it is coded with,
        in bits; an escape counts with all that it writes."""
        return float(self.information(symbols, indexes).sum())

    def information(self, symbols: Array, indexes: Array) -> Array:
        """`bits` of each symbol: float64 in the shape of `symbols`."""
        rows = indexes.ravel()
        last = self.lengths[rows].astype(np.int64) - 2
        value = symbols.ravel().astype(np.int64) - self.offsets[rows]
        escaped = (value < 0) | (value >= last)
        slot = np.where(escaped, last, value)
        frequency = self.cdf[rows, slot + 1] - self.cdf[rows, slot]
        information = PRECISION_BITS - np.log2(frequency)
        raw = np.where(value < 0, -2 * value - 1, 2 * (value - last))[escaped]
        _, length = np.frexp(raw.astype(np.float64))
        groups = 1 + -(-length.astype(np.int64) // GROUP_BITS)
        information[escaped] += GROUP_BITS * groups
        return information.reshape(symbols.shape)

    def encode(self, symbols: Array, indexes: Array) -> bytes:
        """The bytes of CompressAI's own rANS coder. `ValueError` for fewer than 4 symbols, whose
        bytes may outgrow the memory that it takes for them."""
        if symbols.size < MIN_SYMBOLS:
            raise ValueError(
                f"CompressAI's coder takes {MIN_SYMBOLS} symbols or more, found {symbols.size}"
            )
        return (
            _coder()
            .RansEncoder()
            .encode_with_indexes(symbols.ravel().tolist(), indexes.ravel().tolist(), *self._lists())
        )

    def decode(self, code: bytes, indexes: Array) -> Array:
        """The symbols that `encode` was given, in the shape of `indexes`."""
        found = (
            _coder()
            .RansDecoder()
            .decode_with_indexes(code, indexes.ravel().tolist(), *self._lists())
        )
        return np.array(found, np.int64).reshape(indexes.shape)

    def _lists(self) -> tuple[list[Any], list[Any], list[Any]]:
        return self.cdf.tolist(), self.lengths.tolist(), self.offsets.tolist()


def _coder() -> Any:
    """CompressAI's module, which has no types, and whose package warns of what it imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("compressai.ans")


def read_tables(tensors: Mapping[str, Array], name: str, file: str) -> Tables | None:
    """The tables of a part of an entropy model (`entropy_bottleneck` or `gaussian_conditional`);
    None where the file has none, or empty ones. Raises `ModelError` for wrong ones."""
    parts = [tensors.get(f"{name}.{key}") for key in ("_quantized_cdf", "_cdf_length", "_offset")]
    cdf, lengths, offsets = (np.zeros(0) if part is None else part for part in parts)
    if not (cdf.size and lengths.size and offsets.size):
        return None
    try:
        return Tables(cdf, lengths.ravel(), offsets.ravel())
    except ValueError as error:
        raise ModelError(f"{file}: {name}: {error}") from error
