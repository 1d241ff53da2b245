"""What every figure of the cost model rests on, and how far it may be off."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from xdsl.dialects.func import FuncOp

from ...dialects.stream import Actor
from ..targets.calibration import ACTORS, CORE, PORT, RESOURCES, Calibration
from .schema import Engine, Error, Estimate, Estimates, Usages


def actor_class(op: Actor) -> str:
    """The class of an actor, by which its errors are kept: the name of its op."""
    return op.name.removeprefix("stream.")


def classes_of(functions: Iterable[FuncOp]) -> set[str]:
    """The classes of the actors of functions, and `port`."""
    actors = (op for f in functions for op in f.walk() if isinstance(op, Actor))
    return {PORT, *(actor_class(op) for op in actors)}


def class_estimates(calibration: Calibration | None, kind: str) -> Estimates:
    """What the figures of a class of actors rest on."""
    found = calibration or Calibration()
    return _estimates({name: _error(found, (kind,), name) for name in RESOURCES})


def total_estimates(calibration: Calibration | None, kinds: Iterable[str]) -> Estimates:
    """What the sums over actors of some classes rest on: uncalibrated if one of them is. The error
    is that of whole cores where these were measured, else that of all actors."""
    found = calibration or Calibration()
    kinds = tuple(kinds)
    return _estimates(
        {
            name: _error(found, (CORE, ACTORS), name)
            if all(found.spread(kind, name) for kind in kinds)
            else None
            for name in RESOURCES
        }
    )


def _estimates(errors: dict[str, Error | None]) -> Estimates:
    return {
        "dsp": _structural(errors["dsp"]),
        "bram36": _structural(errors["bram36"]),
        "lut": _linear(errors["lut"]),
        "ff": _linear(errors["ff"]),
    }


def _structural(error: Error | None) -> Estimate:
    return {"class": "structural", "calibrated": error is not None, "error": error}


def _linear(error: Error | None) -> Estimate:
    return {"class": "linear-in-width", "calibrated": error is not None, "error": error}


def _error(calibration: Calibration, kinds: tuple[str, ...], resource: str) -> Error | None:
    """The error of the first of some classes that was measured."""
    for kind in kinds:
        if spread := calibration.spread(kind, resource):
            return Error(of=kind, **asdict(spread))
    return None


def estimate_lines(engines: Mapping[str, Engine]) -> list[str]:
    """What the totals of engines rest on: a line for the resources of which the same can be said,
    engine by engine unless it is the same for all."""
    said = {name: _engine_lines(engine["resources"]) for name, engine in engines.items()}
    different = {tuple(lines) for lines in said.values()}
    if len(different) == 1:
        return list(*different)
    return [f"{name}: {line}" for name, lines in said.items() for line in lines]


def _engine_lines(usages: Usages) -> list[str]:
    named = {
        "DSP": usages["dsp"],
        "BRAM36": usages["bram36"],
        "LUT": usages["lut"],
        "FF": usages["ff"],
    }
    said: dict[str, list[str]] = {}
    for name, usage in named.items():
        said.setdefault(estimate_text(usage["estimate"]), []).append(name)
    return [f"{', '.join(names)}: {text}" for text, names in said.items()]


def estimate_text(estimate: Estimate) -> str:
    """What a figure rests on, in a line."""
    error = estimate["error"]
    if error is None:
        return f"{estimate['class']}, uncalibrated"
    left_out = "" if error["left_out"] is None else f", {error['left_out']:.1%} left out"
    plural = "s" if error["samples"] != 1 else ""
    return (
        f"{estimate['class']}, calibrated: error {error['rms']:.1%} rms{left_out}, "
        f"{error['worst']:+.1%} worst ({error['samples']} sample{plural} of class {error['of']})"
    )
