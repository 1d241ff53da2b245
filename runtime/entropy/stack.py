"""The entropy coder as a stack of symbols: an asymmetric numeral system (Duda, 2013).

What was pushed last is popped first. The state has 64 bits, words 32, frequencies 24; docs/codec.md
states all of it, so that other programs can read the files.
"""

from typing import Any, Protocol

import numpy as np

from ..arithmetic import Array, Int64Array
from .tables import PRECISION_BITS

STATE_PRECISION_BITS = 24


class Stack(Protocol):
    """Words (uint32) as a stack of symbols; a model is what `model` makes of a CDF of 2^16.

    Raises `ValueError` for words that no stack leaves behind.
    """

    def __init__(self, words: Array): ...

    @staticmethod
    def model(cdf: Array) -> Any:
        """Frequencies in the form that the other methods take."""
        ...

    def push(self, slots: Array, model: Any) -> None:
        """Puts int32 slots on the stack, the last one first, so that `pop` gives them in order."""
        ...

    def pop(self, count: int, model: Any) -> Array:
        """Takes so many slots (int32) off the stack; arbitrary ones if there are no more."""
        ...

    def words(self) -> Array:
        """The words of the whole stack; none if it is empty."""
        ...


def boundaries(cdf: Array) -> Int64Array:
    """A CDF of n slots out of 2^16 as the coder uses it, out of 2^24:
    ⌊cdf · (2^24 − n) / 2^16⌋ + slot, which gives every slot a frequency of 1 or more."""
    slots = np.arange(len(cdf))
    free = (1 << STATE_PRECISION_BITS) - (len(cdf) - 1)
    return (cdf.astype(np.int64) * free >> PRECISION_BITS) + slots
