"""CDF tables with CompressAI's own coder."""

import warnings
from importlib import import_module
from typing import Any

import numpy as np

from ..runtime.arithmetic import Array
from ..runtime.entropy import Tables

MIN_SYMBOLS = 4


def encode(tables: Tables, symbols: Array, indexes: Array) -> bytes:
    """The bytes of CompressAI's rANS coder. `ValueError` for fewer than 4 symbols, whose bytes may
    outgrow the memory that it takes for them."""
    if symbols.size < MIN_SYMBOLS:
        raise ValueError(
            f"CompressAI's coder takes {MIN_SYMBOLS} symbols or more, found {symbols.size}"
        )
    values, rows = symbols.ravel().tolist(), indexes.ravel().tolist()
    return _coder().RansEncoder().encode_with_indexes(values, rows, *_lists(tables))


def decode(tables: Tables, code: bytes, indexes: Array) -> Array:
    """The symbols that `encode` was given, in the shape of `indexes`."""
    rows = indexes.ravel().tolist()
    found = _coder().RansDecoder().decode_with_indexes(code, rows, *_lists(tables))
    return np.array(found, np.int64).reshape(indexes.shape)


def _lists(tables: Tables) -> tuple[list[Any], list[Any], list[Any]]:
    return tables.cdf.tolist(), tables.lengths.tolist(), tables.offsets.tolist()


def _coder() -> Any:
    """CompressAI's module, which has no types, and whose package warns of what it imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("compressai.ans")
