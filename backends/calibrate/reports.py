"""What a synthesis tool says that modules take, whichever tool it was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..targets.calibration import RESOURCES


class CalibrationError(ValueError):
    """A report that cannot be read, or that says nothing of the design."""


@dataclass(frozen=True)
class Amounts:
    """What a module takes with everything inside it; `bram36` in halves of a block."""

    dsp: float = 0
    bram36: float = 0
    lut: float = 0
    ff: float = 0

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(*(self[name] + other[name] for name in RESOURCES))

    def __mul__(self, count: float) -> "Amounts":
        return Amounts(*(self[name] * count for name in RESOURCES))

    def __getitem__(self, resource: str) -> float:
        """The amount of one of `RESOURCES`."""
        return {"dsp": self.dsp, "bram36": self.bram36, "lut": self.lut, "ff": self.ff}[resource]


@dataclass(frozen=True)
class Report:
    """A report: its file, the tool with its version and settings, the part it was made for ("" if
    it does not say), and what every module takes. A name may occur twice: yosys has a module for
    every set of its parameters.

    `port_bits` holds the widths of the ports of the module `top`, as far as the report has them.
    """

    file: Path
    tool: str
    part: str
    modules: tuple[tuple[str, Amounts], ...]
    top: str = ""
    port_bits: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def source(self) -> str:
        """The report in one line."""
        name = f"{self.file.name} of {self.top}" if self.top else self.file.name
        return f"{name}: {self.tool}"


def read_text(path: Path) -> str:
    """The text of a report; `CalibrationError` if there is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CalibrationError(f"{path}: not a report: it is no text") from error
    except OSError as error:
        raise CalibrationError(f"{path}: cannot be read: {error.strerror}") from error
