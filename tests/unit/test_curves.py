"""Several models as a curve: Bjøntegaard deltas, and what is no curve."""

import math
from pathlib import Path

import pytest

from licc.evaluation.curves import Delta, RateCurves, delta, plot
from licc.evaluation.figures import Benchmark, Comparison, Figures, ImageFigures
from licc.evaluation.published import FACTORIZED, HYPERPRIOR, Curve


def model(file: str, bpp: float, psnr: float, more: float = 1.1, image: str = "a") -> Benchmark:
    """One image, whose integer program takes `more` times the bits."""
    sides = Figures(psnr, None, bpp, None, None), Figures(psnr, None, bpp * more, None, None)
    images = (ImageFigures(image, 8, 8, Comparison(*sides)),)
    return Benchmark({"file": file}, {}, FACTORIZED, images, (), None)


POINTS = [model("low", 0.3, 29.0), model("high", 1.4, 36.0), model("middle", 0.7, 33.0)]


def test_a_tenth_more_bits_everywhere_is_ten_percent() -> None:
    found = RateCurves.of(POINTS)
    assert [one.model["file"] for one in found.benchmarks] == ["low", "middle", "high"]
    change = found.deltas["integer_vs_float"]
    assert change.rate_percent == pytest.approx(10)
    assert change.psnr is not None
    assert change.psnr < 0
    assert found.to_json()["bjontegaard"]["integer_vs_float"]["rate_percent"] == change.rate_percent


def test_a_curve_against_itself_and_one_of_half_a_decibel_more() -> None:
    assert delta(FACTORIZED, FACTORIZED) == Delta(0.0, 0.0)
    better = Curve("", FACTORIZED.bpp, tuple(psnr + 0.5 for psnr in FACTORIZED.psnr))
    assert delta(FACTORIZED, better).psnr == pytest.approx(0.5)


def test_straight_lines_have_the_closed_form() -> None:
    """With ln(rate) a straight line of PSNR, the delta is the distance of the lines."""
    psnr = (30.0, 32.0, 36.0)
    line = [Curve("", tuple(a * math.exp(0.1 * p) for p in psnr), psnr) for a in (1.0, 0.8)]
    assert delta(*line).rate_percent == pytest.approx(-20)
    assert delta(*line).psnr == pytest.approx(math.log(1 / 0.8) / 0.1)


def test_curves_that_do_not_overlap_have_no_delta() -> None:
    far = Curve("", (0.1, 0.2), (50.0, 60.0))
    assert delta(FACTORIZED, far).rate_percent is None


@pytest.mark.parametrize(
    ("models", "expected"),
    [
        (POINTS[:1], "a curve takes 2 models or more, found 1"),
        ([*POINTS, model("other", 0.5, 31.0, image="b")], "differ in their images"),
        ([*POINTS, model("same", 0.3, 31.0)], "the same rate"),
        (
            [*POINTS, Benchmark({"file": "h"}, {}, HYPERPRIOR, POINTS[0].images, (), None)],
            "h and low are no curve: they differ in their family",
        ),
    ],
)
def test_what_is_no_curve(models: list[Benchmark], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        RateCurves.of(models)


def test_plots(tmp_path: Path) -> None:
    plot(RateCurves.of(POINTS), tmp_path / "curve.svg")
    assert "bits per pixel" in (tmp_path / "curve.svg").read_text()
    with pytest.raises(ValueError, match=r"cannot draw a \.doc; there are .*svg"):
        plot(RateCurves.of(POINTS), tmp_path / "curve.doc")
