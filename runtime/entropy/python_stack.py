"""The entropy coder in plain Python: the definition that the library is tested against, and what
runs where there is no library."""

from bisect import bisect_right
from typing import Any

import numpy as np

from ..arithmetic import Array
from .stack import STATE_PRECISION_BITS, boundaries

WORD_BITS = 32
WORD_MASK = (1 << WORD_BITS) - 1
PRECISION_MASK = (1 << STATE_PRECISION_BITS) - 1
FULL_BITS = 2 * WORD_BITS - STATE_PRECISION_BITS


class PythonStack:
    """A `Stack` of Python's own numbers."""

    def __init__(self, words: Array):
        self._words: list[int] = words.tolist()
        if self._words and self._words[-1] == 0:
            raise ValueError("the last word is 0")
        self._state = 0
        for _ in range(2):
            self._refill()

    @staticmethod
    def model(cdf: Array) -> Any:
        """The boundaries of the slots out of 2^24."""
        return boundaries(cdf).tolist()

    def push(self, slots: Array, model: Any) -> None:
        """See `Stack`."""
        state, words = self._state, self._words
        for slot in reversed(slots.tolist()):
            low = model[slot]
            frequency = model[slot + 1] - low
            if state >> FULL_BITS >= frequency:
                words.append(state & WORD_MASK)
                state >>= WORD_BITS
            whole, rest = divmod(state, frequency)
            state = (whole << STATE_PRECISION_BITS) + low + rest
        self._state = state

    def pop(self, count: int, model: Any) -> Array:
        """See `Stack`."""
        slots = np.empty(count, np.int32)
        for number in range(count):
            place = self._state & PRECISION_MASK
            slot = bisect_right(model, place) - 1
            frequency = model[slot + 1] - model[slot]
            self._state = (self._state >> STATE_PRECISION_BITS) * frequency + place - model[slot]
            slots[number] = slot
            self._refill()
        return slots

    def words(self) -> Array:
        """See `Stack`."""
        words, state = list(self._words), self._state
        while state:
            words.append(state & WORD_MASK)
            state >>= WORD_BITS
        return np.array(words, np.uint32)

    def _refill(self) -> None:
        if self._state <= WORD_MASK and self._words:
            self._state = self._state << WORD_BITS | self._words.pop()
