"""Several models of one family, each at its own rate, as curves: Bjøntegaard deltas and a plot."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from .figures import Benchmark, Figures
from .published import Curve

METHOD = "pchip"


@dataclass(frozen=True)
class Delta:
    """The mean distance of a curve from an anchor's where both overlap: change of rate in percent
    at equal PSNR, and of PSNR in dB at equal rate; None where they do not."""

    rate_percent: float | None
    psnr: float | None


@dataclass(frozen=True)
class RateCurves:
    """Benchmarks of models of one family, in ascending order of the float models' rates.

    Raises `ValueError` for fewer than two, for different families, images or kinds of rates, and
    for two models of the same rate.
    """

    benchmarks: tuple[Benchmark, ...]

    @classmethod
    def of(cls, benchmarks: Sequence[Benchmark]) -> "RateCurves":
        """The curves of models in any order."""
        if len(benchmarks) < 2:
            raise ValueError(f"a curve takes 2 models or more, found {len(benchmarks)}")
        first = benchmarks[0]
        for one in benchmarks[1:]:
            for what, each, other in (
                ("family", one.curve.name, first.curve.name),
                ("images", _names(one), _names(first)),
                ("kind of rate", one.rate_missing is None, first.rate_missing is None),
            ):
                if each != other:
                    raise ValueError(
                        f"{one.model['file']} and {first.model['file']} are no curve: they differ "
                        f"in their {what}"
                    )
        ordered = sorted(benchmarks, key=lambda one: one.mean.reference.rate or 0.0)
        for side in ("reference", "compiled"):
            rates = [_figures(one, side).rate for one in ordered]
            if len(set(rates)) < len(rates):
                raise ValueError("two of the models have the same rate: they are no curve")
        return cls(tuple(ordered))

    @property
    def published(self) -> Curve:
        """The published curve of the family."""
        return self.benchmarks[0].curve

    def side(self, name: str) -> Curve:
        """Means of the float models (`reference`) or the integer programs (`compiled`)."""
        points = sorted(
            (figures.rate or 0.0, figures.psnr)
            for figures in (_figures(one, name) for one in self.benchmarks)
        )
        return Curve(name, tuple(rate for rate, _ in points), tuple(psnr for _, psnr in points))

    @property
    def deltas(self) -> dict[str, Delta]:
        """The integer programs against the float models, and both against the published curve."""
        reference, compiled = self.side("reference"), self.side("compiled")
        return {
            "integer_vs_float": delta(reference, compiled),
            "float_vs_published": delta(self.published, reference),
            "integer_vs_published": delta(self.published, compiled),
        }

    def to_json(self) -> dict[str, Any]:
        """The report of `licc bench --json` for several models."""
        return {
            "models": [one.to_json() for one in self.benchmarks],
            "curve": self.published.name,
            "bjontegaard": {name: vars(found) for name, found in self.deltas.items()},
        }


def delta(anchor: Curve, test: Curve) -> Delta:
    """Bjøntegaard deltas (Bjøntegaard, VCEG-M33, 2001) by piecewise cubic interpolation, over the
    PSNRs, or rates, that both curves have."""
    bjontegaard: Any = import_module("bjontegaard")
    given = anchor.bpp, anchor.psnr, test.bpp, test.psnr
    options = {"method": METHOD, "require_matching_points": False, "min_overlap": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of curves that do not overlap, which is None below
        found = bjontegaard.bd_rate(*given, **options), bjontegaard.bd_psnr(*given, **options)
    return Delta(*(float(one) if math.isfinite(one) else None for one in found))


def plot(curves: RateCurves, path: Path) -> None:
    """Draws the curves beside the published one; the file's ending is its format (svg, png, pdf).

    Raises `ValueError` for another ending.
    """
    figure: Any = import_module("matplotlib.figure").Figure((6.4, 4.8), layout="constrained")
    known = sorted(figure.canvas.get_supported_filetypes())
    if path.suffix[1:] not in known:
        raise ValueError(f"{path}: cannot draw a .{path.suffix[1:]}; there are {', '.join(known)}")
    axes = figure.add_subplot()
    sides = {"float": curves.side("reference"), "integer": curves.side("compiled")}
    for label, curve in sides.items():
        axes.plot(curve.bpp, curve.psnr, marker="o", label=label)
    axes.plot(
        curves.published.bpp,
        curves.published.psnr,
        color="gray",
        linestyle="--",
        label=f"{curves.published.name}, published",
    )
    axes.set_xlabel("bits per pixel")
    axes.set_ylabel("PSNR, dB")
    axes.grid(alpha=0.3)
    axes.legend()
    figure.savefig(path)


def _names(benchmark: Benchmark) -> list[str]:
    return [image.name for image in benchmark.images]


def _figures(benchmark: Benchmark, side: str) -> Figures:
    mean = benchmark.mean
    return mean.reference if side == "reference" else mean.compiled
