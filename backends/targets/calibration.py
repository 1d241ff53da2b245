"""What a calibration says of the cost model's errors, and how a target file states it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

RESOURCES = ("dsp", "bram36", "lut", "ff")
ACTORS, CORE, PORT = "actors", "core", "port"
SAMPLE_TEXTS = ("core", "name", "kind", "source")


@dataclass(frozen=True)
class Spread:
    """How far the model is from `samples` measurements of one resource.

    `rms` and `worst` are of the errors relative to the measured amounts, `worst` with its sign;
    `left_out` is the rms of predictions by a model fitted without the sample in question, None
    where nothing was fitted.
    """

    samples: int
    rms: float
    worst: float
    left_out: float | None = None


@dataclass(frozen=True)
class Comparison:
    """An actor, a port or a core: its class, the report that measured it, and of every resource
    what the fitted model predicts and what was measured."""

    core: str
    name: str
    kind: str
    source: str
    dsp: tuple[float, float]
    bram36: tuple[float, float]
    lut: tuple[float, float]
    ff: tuple[float, float]


@dataclass(frozen=True)
class Calibration:
    """The reports that a target's coefficients were fitted to, which of them were kept for want of
    samples, the errors that remain, of every class of actors, then of every resource, and what was
    predicted and measured.

    Classes are named as the ops of the stream dialect; besides, `port` for the AXI4-Stream ports,
    `actors` for all of these, `core` for whole IP cores.
    """

    sources: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    errors: Mapping[str, Mapping[str, Spread]] = field(default_factory=dict[str, dict[str, Spread]])
    samples: tuple[Comparison, ...] = ()

    def spread(self, kind: str, resource: str) -> Spread | None:
        """The error of a class of actors in one resource; None if it was not measured."""
        return self.errors.get(kind, {}).get(resource)


def parse_calibration(table: object) -> Calibration:
    """The calibration that a table of a target file states; `ValueError` names the key that is
    wrong."""
    entries = _table("calibration", table)
    _reject_unknown("calibration", entries, ("sources", "kept", "errors", "samples"))
    kinds = _table("calibration.errors", entries.get("errors", {}))
    rows = _list("calibration.samples", entries.get("samples", []))
    return Calibration(
        _texts("calibration.sources", entries.get("sources", [])),
        _texts("calibration.kept", entries.get("kept", [])),
        {kind: _spreads(f"calibration.errors.{kind}", value) for kind, value in kinds.items()},
        tuple(_comparison(f"calibration.samples[{n}]", row) for n, row in enumerate(rows)),
    )


def _comparison(key: str, value: object) -> Comparison:
    entries = _table(key, value)
    _reject_unknown(key, entries, (*SAMPLE_TEXTS, *RESOURCES))
    core, name, kind, source = (_text(f"{key}.{text}", entries.get(text)) for text in SAMPLE_TEXTS)
    pairs = {resource: _pair(f"{key}.{resource}", entries.get(resource)) for resource in RESOURCES}
    return Comparison(core, name, kind, source, **pairs)


def _pair(key: str, value: object) -> tuple[float, float]:
    found = cast(list[object], value) if isinstance(value, list) else []
    if len(found) != 2:
        raise ValueError(f"'{key}' must be [predicted, measured], found {value!r}")
    return _number(key, found[0]), _number(key, found[1])


def _spreads(key: str, value: object) -> dict[str, Spread]:
    entries = _table(key, value)
    _reject_unknown(key, entries, RESOURCES)
    return {name: _spread(f"{key}.{name}", entry) for name, entry in entries.items()}


def _spread(key: str, value: object) -> Spread:
    entries = _table(key, value)
    _reject_unknown(key, entries, ("samples", "rms", "worst", "left_out"))
    samples = entries.get("samples")
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
        raise ValueError(f"'{key}.samples' must be a whole number from 1 on, found {samples!r}")
    left_out = entries.get("left_out")
    return Spread(
        samples,
        _number(f"{key}.rms", entries.get("rms")),
        _number(f"{key}.worst", entries.get("worst")),
        None if left_out is None else _number(f"{key}.left_out", left_out),
    )


def _number(key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"'{key}' must be a number, found {value!r}")
    return float(value)


def _texts(key: str, value: object) -> tuple[str, ...]:
    return tuple(_text(f"{key}[{n}]", entry) for n, entry in enumerate(_list(key, value)))


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"'{key}' must be a text, found {value!r}")
    return value


def _list(key: str, value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError(f"'{key}' must be a list, found {value!r}")
    return cast(list[object], value)


def _table(key: str, value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"'{key}' must be a table, found {value!r}")
    return cast(dict[str, object], value)


def _reject_unknown(key: str, entries: dict[str, object], known: tuple[str, ...]) -> None:
    for name in entries:
        if name not in known:
            raise ValueError(f"unknown key '{key}.{name}'; {', '.join(known)}")
