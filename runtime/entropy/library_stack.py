"""The entropy coder by constriction, a library in Rust (Bamler, 2022)."""

from importlib import import_module
from typing import Any

import numpy as np

from ..arithmetic import Array
from .tables import PRECISION_BITS


def _stream() -> Any:
    """The library's module, which has no types."""
    return import_module("constriction").stream


class LibraryStack:
    """A `Stack` of constriction."""

    def __init__(self, words: Array):
        self._coder: Any = _stream().stack.AnsCoder(words.astype(np.uint32))

    @staticmethod
    def model(cdf: Array) -> Any:
        """A table; of 2^-16 the library makes its own 2^-24 exactly (`boundaries`)."""
        probabilities = np.diff(cdf.astype(np.float64)) / (1 << PRECISION_BITS)
        return _stream().model.Categorical(probabilities, lazy=False, perfect=False)

    def push(self, slots: Array, model: Any) -> None:
        """See `Stack`."""
        self._coder.encode_reverse(slots.astype(np.int32), model)

    def pop(self, count: int, model: Any) -> Array:
        """See `Stack`."""
        return self._coder.decode(model, count)

    def words(self) -> Array:
        """See `Stack`."""
        return self._coder.get_compressed()
