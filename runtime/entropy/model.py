"""The entropy model of a codec in integers: a table for every symbol."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..arithmetic import Array, piecewise
from .tables import Tables

BOTTLENECK, CONDITIONAL = "bottleneck", "conditional"
PARTS = ("cdf", "lengths", "offsets")
THRESHOLDS = "thresholds"
SCALE_VALUES = np.iinfo(np.int16)


@dataclass(frozen=True)
class Conditional:
    """Tables of Gaussian distributions by rising scales, and integer `thresholds`, one fewer: a
    scale in steps of the hyper synthesis has the table that as many thresholds are below it."""

    tables: Tables
    thresholds: Array

    def __post_init__(self) -> None:
        if self.thresholds.shape != (len(self.tables.lengths) - 1,):
            raise ValueError(
                f"expected a threshold between any two of {len(self.tables.lengths)} tables, found "
                f"{self.thresholds.shape}"
            )
        if not (np.diff(self.thresholds) >= 0).all():
            raise ValueError("expected thresholds that do not fall")

    @cached_property
    def _of_scale(self) -> Array:
        every = np.arange(SCALE_VALUES.min, SCALE_VALUES.max + 1)
        return np.searchsorted(self.thresholds, every).astype(np.uint16)

    def rows(self, scales: Array) -> Array:
        """The table (uint16) of each scale (int16)."""
        return piecewise(self._rows, self._of_scale.dtype, scales)

    def _rows(self, scales: Array) -> Array:
        return self._of_scale[scales.astype(np.int64) - SCALE_VALUES.min]


@dataclass(frozen=True)
class EntropyModel:
    """A table for each channel of the bottleneck (the latent, or the hyper-latent of a hyperprior),
    and with a hyperprior the latent's tables."""

    bottleneck: Tables
    conditional: Conditional | None = None

    def bottleneck_rows(self, shape: tuple[int, ...]) -> Array:
        """The table (uint16) of each symbol of a bottleneck [1, C, H, W]."""
        channels = np.arange(shape[1], dtype=np.uint16).reshape(1, -1, 1, 1)
        return np.broadcast_to(channels, shape)

    def arrays(self) -> dict[str, Array]:
        """All that it is, as arrays of int32."""
        found = {f"{BOTTLENECK}.{part}": getattr(self.bottleneck, part) for part in PARTS}
        if self.conditional:
            tables = self.conditional.tables
            found |= {f"{CONDITIONAL}.{part}": getattr(tables, part) for part in PARTS}
            found[f"{CONDITIONAL}.{THRESHOLDS}"] = self.conditional.thresholds
        return {name: np.ascontiguousarray(array, np.int32) for name, array in found.items()}

    @staticmethod
    def from_arrays(arrays: Mapping[str, Array]) -> "EntropyModel":
        """Undoes `arrays`; `ValueError` or `KeyError` for others."""
        bottleneck = Tables(*(arrays[f"{BOTTLENECK}.{part}"] for part in PARTS))
        if f"{CONDITIONAL}.{THRESHOLDS}" not in arrays:
            return EntropyModel(bottleneck)
        tables = Tables(*(arrays[f"{CONDITIONAL}.{part}"] for part in PARTS))
        return EntropyModel(bottleneck, Conditional(tables, arrays[f"{CONDITIONAL}.{THRESHOLDS}"]))

    @cached_property
    def digest(self) -> bytes:
        """The SHA-256 of all tables."""
        return digest_of(self.arrays())


def digest_of(arrays: Mapping[str, Array]) -> bytes:
    """The SHA-256 of arrays by name, whatever the machine's order of bytes."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        found.update(f"{name} {array.dtype.newbyteorder('<').str} {array.shape}\n".encode())
        found.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
    return found.digest()
