"""The log of a training: a CSV file with a row for every so many steps."""

import csv
from dataclasses import dataclass
from pathlib import Path

from ..errors import ModelError

COLUMNS = (
    *("step", "lr", "loss", "bpp", "psnr"),
    *("latent", "reconstruction", "hyper_latent", "perceptual"),
)
Row = list[float]


@dataclass
class TrainingLog:
    """The rows so far, and the file that holds them; None for no file."""

    path: Path | None
    rows: list[Row]

    def start(self) -> None:
        """Writes the rows so far: what a training that goes on has logged before its last state."""
        self._write("w", [COLUMNS, *self.rows])

    def add(self, row: Row) -> None:
        """Adds a row, in the order of `COLUMNS`."""
        self.rows.append(row)
        self._write("a", [row])

    def _write(self, mode: str, lines: list[tuple[str, ...] | Row]) -> None:
        if self.path is None:
            return
        try:
            with self.path.open(mode, newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(lines)
        except OSError as error:
            raise ModelError(f"{self.path}: cannot be written: {error.strerror}") from error
