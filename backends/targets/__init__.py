"""Boards as data: what a device has, what is left of it for a codec, and the coefficients of the
cost model on it.

A target is a TOML file; `load_target` takes the name of one that licc carries or the path of
anyone's own, and `licc calibrate` writes one. Nothing here knows what a codec costs.
"""

import math
import tomllib
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import cast

from ...dialects.coefficients import NAMES, UNCALIBRATED, Coefficients
from .calibration import Calibration, parse_calibration

SUFFIX = ".toml"
TEXTS = ("name", "part", "description")
TABLES = ("resources", "shell", "coefficients", "calibration")


class TargetError(ValueError):
    """A target that does not exist, or a file that does not describe one."""


@dataclass(frozen=True)
class Budget:
    """Amounts of a device's resources; `bram36` counts blocks of 36 Kbit."""

    dsp: int
    bram36: int
    uram: int
    lut: int
    ff: int

    def __sub__(self, other: "Budget") -> "Budget":
        return Budget(
            self.dsp - other.dsp,
            self.bram36 - other.bram36,
            self.uram - other.uram,
            self.lut - other.lut,
            self.ff - other.ff,
        )


@dataclass(frozen=True)
class Target:
    """A board: its part, the clock to build for, what the device has, what the shell around the
    codec keeps for itself; the coefficients of LUTs and registers, and what is known of the cost
    model's errors with them (None: nothing)."""

    name: str
    description: str
    part: str
    clock_mhz: float
    resources: Budget
    shell: Budget
    coefficients: Coefficients = UNCALIBRATED
    calibration: Calibration | None = None

    @property
    def available(self) -> Budget:
        """What a codec may use."""
        return self.resources - self.shell


def list_targets() -> tuple[str, ...]:
    """The names of the targets that licc carries, in alphabetical order."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(SUFFIX) for name in names if name.endswith(SUFFIX)))


def find_target(name_or_path: str | Path) -> Path | Traversable:
    """The file of the target of that name, or that path itself; `TargetError` if there is none."""
    if str(name_or_path) in list_targets():
        return files(__name__) / f"{name_or_path}{SUFFIX}"
    path = Path(name_or_path)
    if path.is_file():
        return path
    raise TargetError(
        f"unknown target '{name_or_path}': known are {', '.join(list_targets())}, or give the "
        "path of a file that describes one"
    )


def load_target(name_or_path: str | Path) -> Target:
    """The target of that name, or described by that file; `TargetError` if there is none."""
    return read_target(find_target(name_or_path))


def read_target(file: Path | Traversable) -> Target:
    """The target that a TOML file describes; `TargetError` names the key that is wrong."""
    try:
        table: dict[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise TargetError(f"{file}: not a target file: {error}") from error
    name, part, description = (_text(file, table, key) for key in TEXTS)
    clock = table.get("clock_mhz")
    if isinstance(clock, bool) or not isinstance(clock, int | float) or not 1 <= clock <= 2000:
        raise TargetError(f"{file}: 'clock_mhz' must be a number in 1..2000, found {clock!r}")
    _reject_unknown(file, "", table, {*TEXTS, "clock_mhz", *TABLES})
    resources, shell = (_budget(file, table, key) for key in ("resources", "shell"))
    for field in fields(Budget):
        have, kept = getattr(resources, field.name), getattr(shell, field.name)
        if kept > have:
            raise TargetError(f"{file}: 'shell.{field.name}' is {kept}, the device has {have}")
    coefficients = _coefficients(file, table.get("coefficients", {}))
    try:
        found = table.get("calibration")
        calibration = None if found is None else parse_calibration(found)
    except ValueError as error:
        raise TargetError(f"{file}: {error}") from error
    return Target(
        name, description, part, float(clock), resources, shell, coefficients, calibration
    )


def _text(file: Path | Traversable, table: dict[str, object], key: str) -> str:
    default = "" if key == "description" else None
    value = table.get(key, default)
    if not isinstance(value, str) or (not value and default is None):
        raise TargetError(f"{file}: '{key}' must be a text, found {value!r}")
    return value


def _budget(file: Path | Traversable, table: dict[str, object], section: str) -> Budget:
    """One table of amounts; `shell` may be left out, as may `uram`."""
    entries = table.get(section, {} if section == "shell" else None)
    if not isinstance(entries, dict):
        raise TargetError(f"{file}: '{section}' must be a table, found {entries!r}")
    found = cast(dict[str, object], entries)
    _reject_unknown(file, f"{section}.", found, {field.name for field in fields(Budget)})
    return Budget(**{f.name: _amount(file, found, section, f.name) for f in fields(Budget)})


def _amount(file: Path | Traversable, entries: dict[str, object], section: str, key: str) -> int:
    optional = section == "shell" or key == "uram"
    value = entries.get(key, 0 if optional else None)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TargetError(
            f"{file}: '{section}.{key}' must be a whole number from 0 on, found {value!r}"
        )
    return value


def _coefficients(file: Path | Traversable, entries: object) -> Coefficients:
    """The coefficients of a table; one that is left out is that of `UNCALIBRATED`."""
    if not isinstance(entries, dict):
        raise TargetError(f"{file}: 'coefficients' must be a table, found {entries!r}")
    values = asdict(UNCALIBRATED)
    found = cast(dict[str, object], entries)
    _reject_unknown(file, "coefficients.", found, set(NAMES))
    for key, value in found.items():
        number = (
            math.nan if isinstance(value, bool) or not isinstance(value, int | float) else value
        )
        if not 0 <= number < math.inf:
            raise TargetError(
                f"{file}: 'coefficients.{key}' must be a number from 0 on, found {value!r}"
            )
        values[key] = float(number)
    return Coefficients(**values)


def _reject_unknown(
    file: Path | Traversable, prefix: str, table: dict[str, object], known: set[str]
) -> None:
    for key in table:
        if key not in known:
            raise TargetError(f"{file}: unknown key '{prefix}{key}'; {', '.join(sorted(known))}")
