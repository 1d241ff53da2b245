"""What simulation and synthesis of the RTL found, in the place of what was modelled."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

ENGINES = {"encoder": ("g_a", "h_a"), "decoder": ("g_s", "h_s")}
"""The functions of an engine: those that a design has are IP cores that run at once."""


def with_cycles(
    report: Mapping[str, Any], intervals: Mapping[str, int], latencies: Mapping[str, int]
) -> dict[str, Any]:
    """A report with the cycles from frame to frame, and from a frame's first word in to its last
    word out, that all functions of the design took in simulated RTL. An engine is as fast as the
    slowest of its functions."""
    found = deepcopy(dict(report))
    for function, interval in intervals.items():
        figures = {"interval": interval, "latency": latencies[function]}
        _note(found, function, figures, "rtl-simulated")
    for engine, figures in found["engines"].items():
        slowest = max(intervals[name] for name in ENGINES[engine] if name in intervals)
        rate = found["target"]["clock_mhz"] * 1e6 / slowest
        _put(figures["fps"], "value", rate, "rtl-simulated")
    return found


def with_resources(
    report: Mapping[str, Any], amounts: Mapping[str, Mapping[str, float]]
) -> dict[str, Any]:
    """A report with what synthesis found that all functions of the design take, by resource."""
    found = deepcopy(dict(report))
    for function, taken in amounts.items():
        _note(found, function, taken, "synthesised")
    for engine, figures in found["engines"].items():
        for resource, usage in figures["resources"].items():
            parts = (amounts[name][resource] for name in ENGINES[engine] if name in amounts)
            _put(usage, "used", sum(parts), "synthesised")
    return found


def _note(report: dict[str, Any], function: str, figures: Mapping[str, float], basis: str) -> None:
    noted = report.setdefault("rtl", {}).setdefault(function, {})
    noted |= {name: {"value": value, "basis": basis} for name, value in figures.items()}


def _put(figure: dict[str, Any], key: str, value: float, basis: str) -> None:
    """A figure that was found, and how: what was modelled stays beside it."""
    figure.setdefault("modelled", figure[key])
    figure |= {key: value, "basis": basis}
