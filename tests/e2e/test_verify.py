"""A checkpoint becomes a design, and every link of its chain of proof holds on whole images."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from licc.cli import main
from licc.passes.calibrate import built_in_mosaic

FIRST_DIFFERENCE = re.compile(
    r"image.png @g_s: channel 0, row \d+, column \d+: expected \d+, found"
)
FIRST_BIAS = re.compile(r"(g_s_6_convolve_bias\[.*?= \{\s*\{)-?\d+", re.DOTALL)
pytestmark = pytest.mark.slow

CASES = [
    ("factorized", 12, 20, "w8a8", (176, 112)),
    ("factorized", 9, 14, "w16a16", (64, 64)),
    ("hyperprior", 8, 12, "w8a10", (128, 192)),
    ("mean-scale", 7, 10, "w8a8", (192, 128)),
    ("mean-scale", 6, 8, "w4a6", (128, 64)),
]
FITTED = ["--ranges", "mse", "--rounding", "adaptive"]


@pytest.mark.parametrize(("family", "n", "m", "precision", "size"), CASES)
def test_every_link_holds(
    checkpoint: Callable[[str, int, int], Path],
    tmp_path: Path,
    family: str,
    n: int,
    m: int,
    precision: str,
    size: tuple[int, int],
) -> None:
    width, height = size
    design, figures, image = (tmp_path / name for name in ("design", "figures.json", "image.png"))
    pixels = built_in_mosaic(height, width)[0, :, : height - 5, : width - 9]
    Image.fromarray(np.ascontiguousarray(pixels.transpose(1, 2, 0))).save(image)
    options = ["--size", f"{width}x{height}", "--precision", precision, "-o", str(design)]
    assert main(["compile", str(checkpoint(family, n, m)), *options]) == 0
    assert main(["verify", str(design), "--images", str(image), "--json", str(figures)]) == 0
    result = json.loads(figures.read_text())
    checks = {check["name"]: check for check in result["checks"]}
    assert result["images"] == 1
    assert checks["torch-vs-float-ir"]["max_abs"] <= 1e-4
    for name in ("integer-vs-stream-ir", "interpreter-vs-cpp"):
        assert checks[name]["mismatches"] == 0
        assert checks[name]["values"] >= 3 * width * height


@pytest.mark.parametrize("family", ["factorized", "mean-scale"])
def test_mixed_widths_and_fitted_numbers(
    checkpoint: Callable[[str, int, int], Path], tmp_path: Path, family: str
) -> None:
    """Layers in widths of their own, scales and weights fitted to images: the same bits in C++."""
    design, image, figures = (tmp_path / name for name in ("design", "image.png", "figures.json"))
    Image.fromarray(np.ascontiguousarray(built_in_mosaic(64, 64)[0].transpose(1, 2, 0))).save(image)
    layers = "g_a.0=w9a14,g_a.1=a9,g_a.2=w4,g_a.3=a7,g_s.0=w3,g_s.1=a10,g_s.6=w7"
    options = ["--size", "64x64", "--precision", f"w5a8,{layers}", *FITTED, "-o", str(design)]
    assert main(["compile", str(checkpoint(family, 6, 8)), *options]) == 0
    report = json.loads((design / "report.json").read_text())
    stages = {stage["name"]: stage for stage in report["engines"]["encoder"]["stages"]}
    bits = [(stages[name]["weight_bits"]) for name in ("g_a.0", "g_a.2", "g_a.4")]
    assert bits == [9, 4, 5]
    assert main(["verify", str(design), "--images", str(image), "--json", str(figures)]) == 0
    assert all(check["ok"] for check in json.loads(figures.read_text())["checks"])


def test_a_changed_bias_is_found(
    checkpoint: Callable[[str, int, int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design, image = tmp_path / "design", tmp_path / "image.png"
    pixels = np.ascontiguousarray(built_in_mosaic(64, 64)[0].transpose(1, 2, 0))
    Image.fromarray(pixels).save(image)
    options = ["--size", "64x64", "--direction", "decoder", "-o", str(design)]
    assert main(["compile", str(checkpoint("factorized", 8, 12)), *options]) == 0
    weights = design / "hls" / "g_s" / "g_s_weights.h"
    text, count = FIRST_BIAS.subn(r"\g<1>30000", weights.read_text())
    assert count == 1
    weights.write_text(text)
    assert main(["verify", str(design), "--images", str(image)]) == 1
    assert FIRST_DIFFERENCE.search(capsys.readouterr().out)
