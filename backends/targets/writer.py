"""Writes target files: the coefficients and what is known of their errors into the text of one that
exists, with its comments."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from importlib.resources.abc import Traversable
from pathlib import Path

import tomlkit
from tomlkit.items import AbstractTable, Array, InlineTable, Table

from ...dialects.coefficients import Coefficients
from . import Target, TargetError, read_target
from .calibration import RESOURCES, SAMPLE_TEXTS, Calibration, Comparison, Spread

DIGITS = 6


def check_target_output(path: Path) -> None:
    """Raises `TargetError` unless a target can be written at `path`: a new file, or an old target
    to replace."""
    if path.exists():
        try:
            read_target(path)
        except TargetError as error:
            raise TargetError(f"{path}: exists and is no target; name a new file") from error
    if not path.resolve().parent.is_dir():
        raise TargetError(f"{path}: cannot write here: no such folder")


def write_target(
    path: Path, base: Path | Traversable, coefficients: Coefficients, calibration: Calibration
) -> Target:
    """Writes the target of the file `base` with other coefficients and their calibration, all of
    it or nothing; gives the target as it is read again."""
    check_target_output(path)
    text = calibrated(base.read_text(encoding="utf-8"), coefficients, calibration)
    try:
        handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=".licc-", suffix=".toml")
    except OSError as error:
        raise TargetError(f"{path}: cannot write here: {error.strerror}") from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        target = read_target(temporary)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise TargetError(f"{path}: cannot write here: {error.strerror}") from error
    finally:
        temporary.unlink(missing_ok=True)
    return target


def calibrated(text: str, coefficients: Coefficients, calibration: Calibration) -> str:
    """The text of a target file with other coefficients, and their calibration as its last
    table."""
    document = tomlkit.parse(text)
    table = document["coefficients"] if "coefficients" in document else tomlkit.table()
    if not isinstance(table, AbstractTable):  # its keys are scattered over the file
        document.remove("coefficients")
        table = tomlkit.table()
    for name, value in asdict(coefficients).items():
        table[name] = value
    document["coefficients"] = table
    if "calibration" in document:
        document.remove("calibration")
    head = tomlkit.dumps(document).rstrip("\n")
    tail = tomlkit.document()
    tail["calibration"] = _calibration(calibration)
    return f"{head}\n\n{tomlkit.dumps(tail)}"


def _calibration(calibration: Calibration) -> Table:
    table = tomlkit.table()
    table.comment("errors relative to what was measured; samples are [predicted, measured]")
    table["sources"] = _lines(calibration.sources)
    table["kept"] = list(calibration.kept)
    table["samples"] = _lines([_sample(sample) for sample in calibration.samples])
    errors = tomlkit.table(is_super_table=True)
    for kind, found in calibration.errors.items():
        errors[kind] = _errors(found)
    table["errors"] = errors
    return table


def _lines(values: tuple[str, ...] | list[InlineTable]) -> Array:
    array = tomlkit.array()
    for value in values:
        array.add_line(value)
    array.add_line(indent="")
    return array


def _errors(found: Mapping[str, Spread]) -> Table:
    table = tomlkit.table()
    for resource in RESOURCES:
        if spread := found.get(resource):
            entries = {key: _rounded(value) for key, value in asdict(spread).items()}
            table[resource] = _inline({k: v for k, v in entries.items() if v is not None})
    return table


def _sample(sample: Comparison) -> InlineTable:
    texts = {key: getattr(sample, key) for key in SAMPLE_TEXTS}
    return _inline(texts | {key: list(getattr(sample, key)) for key in RESOURCES})


def _inline(entries: Mapping[str, object]) -> InlineTable:
    table = tomlkit.inline_table()
    for key, value in entries.items():
        table[key] = value
    return table


def _rounded(value: float | int | None) -> float | int | None:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
