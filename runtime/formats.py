"""Integer formats: how many bits, and whether with a sign."""

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Format:
    """Integers of `bits` bits, 1 to 64; in NumPy the smallest dtype of 8, 16, 32 or 64 bits."""

    bits: int
    signed: bool

    def __post_init__(self) -> None:
        if not 1 <= self.bits <= 64:
            raise ValueError(f"integers have 1 to 64 bits, found {self.bits}")

    @property
    def bounds(self) -> tuple[int, int]:
        """The lowest and the highest value."""
        if self.signed:
            return -(1 << (self.bits - 1)), (1 << (self.bits - 1)) - 1
        return 0, (1 << self.bits) - 1

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype that holds a value."""
        size = next(size for size in (1, 2, 4, 8) if self.bits <= 8 * size)
        return np.dtype(f"{'i' if self.signed else 'u'}{size}")

    def __str__(self) -> str:
        return f"{'i' if self.signed else 'ui'}{self.bits}"
