"""Where two frames that should be equal are not."""

from dataclasses import dataclass

import numpy as np

from .arithmetic import Array


@dataclass(frozen=True)
class Difference:
    """How many values differ, and the first of them in the order channel, row, column."""

    count: int
    channel: int
    row: int
    column: int
    expected: int
    found: int

    def __str__(self) -> str:
        return (
            f"channel {self.channel}, row {self.row}, column {self.column}: expected "
            f"{self.expected}, found {self.found}"
        )


def first_difference(expected: Array, found: Array) -> Difference | None:
    """The first difference of two integer frames [1, C, H, W]; None if they are equal."""
    if expected.shape != found.shape:
        raise ValueError(f"frames of shapes {expected.shape} and {found.shape} cannot be compared")
    different = np.flatnonzero(expected.ravel() != found.ravel())
    if len(different) == 0:
        return None
    first = int(different[0])
    height, width = expected.shape[2:]
    return Difference(
        len(different),
        first // (height * width),
        first // width % height,
        first % width,
        int(expected.ravel()[first]),
        int(found.ravel()[first]),
    )
