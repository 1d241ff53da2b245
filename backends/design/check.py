"""A link of a design's chain of proof: what was compared, and what came of it."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...runtime.arithmetic import Array
from ...runtime.differences import first_difference

FLOAT_TOLERANCE = 1e-4


@dataclass
class Check:
    """One link: how many values were compared, how many differ or how far, and where first."""

    name: str
    values: int = 0
    mismatches: int = 0
    max_abs: float | None = None
    first: str | None = None
    skipped: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the link holds."""
        return not self.mismatches and (self.max_abs is None or self.max_abs <= FLOAT_TOLERANCE)

    def compare(self, where: str, expected: Array, found: Array) -> None:
        """Counts the values that differ, and notes the first."""
        self.values += expected.size
        if difference := first_difference(expected, found):
            self.mismatches += difference.count
            self.first = self.first or f"{where}: {difference}"

    def fail(self, values: int, where: str) -> None:
        """Counts values that did not come at all, or came otherwise than they should."""
        self.values += values
        self.mismatches += max(values, 1)
        self.first = self.first or where

    def approximate(self, where: str, expected: Array, found: Array) -> None:
        """Notes the largest difference, relative to the range of the expected values."""
        self.values += expected.size
        distance = np.abs(expected - found)
        error = float(distance.max() / (np.ptp(expected) or 1.0))
        if error > FLOAT_TOLERANCE and self.first is None:
            self.first = f"{where}: off by {error:.2e} of the range of its values"
        self.max_abs = max(error, self.max_abs or 0.0)

    def to_json(self) -> dict[str, Any]:
        """The entry of this check in the report; `ok` is null where it was skipped."""
        ok = None if self.skipped else self.ok
        entry: dict[str, Any] = {"name": self.name, "values": self.values, "ok": ok}
        if self.max_abs is not None:
            entry["max_abs"] = self.max_abs
        else:
            entry["mismatches"] = self.mismatches
        optional = {"first": self.first, "skipped": self.skipped}
        return entry | {key: text for key, text in optional.items() if text is not None}
