"""What `licc bench` finds, as objects, JSON and CSV. Uses no torch."""

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

from .published import Curve


@dataclass(frozen=True)
class Figures:
    """One codec on one image, or the mean of its figures over images.

    PSNR in dB over all 8-bit RGB values of an image; MS-SSIM of 0 to 1, None for images that it is
    not defined for; bits per pixel of the image: of coded bytes, as estimated from the tables of
    the entropy model, and, without one, as the entropy of each channel's own histogram.
    """

    psnr: float
    ms_ssim: float | None
    bpp: float | None
    bpp_estimated: float | None
    bpp_empirical: float | None

    @property
    def rate(self) -> float | None:
        """Bits per pixel, of coded bytes where there are any."""
        return self.bpp_empirical if self.bpp is None else self.bpp

    def to_json(self) -> dict[str, float | None]:
        """The figures by their names; null for what there is not, and for an infinite PSNR."""
        return {name: _finite(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Comparison:
    """The float model and the integer program on the same image or images."""

    reference: Figures
    compiled: Figures

    @property
    def psnr_change(self) -> float | None:
        """In dB, negative for a loss; None where both are infinite."""
        return _finite(self.compiled.psnr - self.reference.psnr)

    @property
    def rate_percent(self) -> float | None:
        """How much more bits per pixel, in percent."""
        before, after = self.reference.rate, self.compiled.rate
        return None if not before or after is None else (after / before - 1) * 100

    def at_equal_psnr(self, curve: Curve) -> float | None:
        """How much more bits per pixel it would take, in percent, to come to the float model's PSNR
        along the slope that a published curve has at the float model's rate."""
        psnr, rate = self.psnr_change, self.rate_percent
        if psnr is None or rate is None or not self.reference.rate:
            return None
        slope = curve.slope(self.reference.rate)
        return ((1 + rate / 100) * math.exp(-slope * psnr) - 1) * 100

    def at_equal_rate(self, curve: Curve) -> float | None:
        """The change of PSNR in dB that is left at the float model's rate, along the same slope."""
        psnr, rate = self.psnr_change, self.rate_percent
        if psnr is None or rate is None or not self.reference.rate:
            return None
        return psnr - math.log1p(rate / 100) / curve.slope(self.reference.rate)

    def to_json(self, curve: Curve) -> dict[str, Any]:
        """Both sides and the change."""
        change = {
            "psnr": self.psnr_change,
            "rate_percent": self.rate_percent,
            "rate_percent_at_equal_psnr": self.at_equal_psnr(curve),
            "psnr_at_equal_rate": self.at_equal_rate(curve),
        }
        sides = {"float": self.reference.to_json(), "integer": self.compiled.to_json()}
        return {**sides, "change": change}


@dataclass(frozen=True)
class ImageFigures:
    """A comparison on one image of so many pixels."""

    name: str
    width: int
    height: int
    comparison: Comparison


@dataclass(frozen=True)
class Benchmark:
    """All figures of a model whose integers were made as `numbers` (fields of `Settings`) say.
    `model` is what the report says of it; `curve` relates PSNR to rate; `skipped` are images that
    could not be read; `rate_missing` is why there are no coded bytes."""

    model: dict[str, Any]
    numbers: dict[str, Any]
    curve: Curve
    images: tuple[ImageFigures, ...]
    skipped: tuple[str, ...]
    rate_missing: str | None

    @property
    def mean(self) -> Comparison:
        """The mean over images of every figure, each image counting once; changes are those of
        means."""
        comparisons = [image.comparison for image in self.images]
        reference = mean_figures(comparison.reference for comparison in comparisons)
        return Comparison(reference, mean_figures(c.compiled for c in comparisons))

    def to_json(self) -> dict[str, Any]:
        """The report of `licc bench --json`."""
        images = [
            {"name": image.name, "width": image.width, "height": image.height}
            | image.comparison.to_json(self.curve)
            for image in self.images
        ]
        return {
            "model": self.model,
            **self.numbers,
            "curve": self.curve.name,
            "rate_missing": self.rate_missing,
            "images": images,
            "skipped": list(self.skipped),
            "mean": self.mean.to_json(self.curve),
        }

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A row an image, and one of means, without nesting."""
        report = self.to_json()
        return [_row(entry) for entry in (*report["images"], {"name": "mean", **report["mean"]})]

    def to_csv(self) -> str:
        """The report of `licc bench --csv`: a row an image, and one of means."""
        return to_csv([self])


def to_csv(benchmarks: Sequence[Benchmark]) -> str:
    """The rows of one model, or of several under the names of their files."""
    named = [
        ({"model": one.model["file"]} if len(benchmarks) > 1 else {}) | row
        for one in benchmarks
        for row in one.rows
    ]
    text = io.StringIO()
    writer = csv.DictWriter(text, named[0], restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(named)
    return text.getvalue()


def mean_figures(figures: Iterable[Figures]) -> Figures:
    """The mean of every figure; None for one that not all have."""
    found = list(figures)
    return Figures(
        psnr=math.fsum(one.psnr for one in found) / len(found),
        ms_ssim=_mean([one.ms_ssim for one in found]),
        bpp=_mean([one.bpp for one in found]),
        bpp_estimated=_mean([one.bpp_estimated for one in found]),
        bpp_empirical=_mean([one.bpp_empirical for one in found]),
    )


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return math.fsum(known) / len(known) if len(known) == len(values) else None


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _row(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry of the report without its nesting: `float_psnr` and so on."""
    row: dict[str, Any] = {}
    for key, value in entry.items():
        if isinstance(value, dict):
            nested = cast(dict[str, Any], value)
            row |= {f"{key}_{name}": number for name, number in nested.items()}
        else:
            row[key] = value
    return row
