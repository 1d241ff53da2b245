"""`--budget`: bits of layers that keep a loss, in `licc compile` and `licc bench`."""

import json
from pathlib import Path

import pytest
from PIL import Image

import licc
from licc.cli import main
from licc.evaluation.budget import parse_budget, search, within_budget
from licc.evaluation.budget.demand import Budget
from licc.evaluation.published import FACTORIZED as CURVE
from licc.evaluation.sensitivity import Quality, measurement_of
from licc.frontend import load_model
from licc.frontend.model import Model
from licc.passes.calibrate import built_in_mosaic
from licc.passes.layer_bits import LayerBits, parse_layers
from licc.settings import parse_precision
from licc.tests.unit.students import FACTORIZED, write_images, write_teacher


@pytest.fixture
def student(tmp_path: Path) -> Path:
    write_teacher(tmp_path / "student.pt", FACTORIZED)
    return tmp_path / "student.pt"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A folder with two small images to calibrate on."""
    folder = tmp_path / "calibration"
    folder.mkdir()
    for number in range(2):
        pixels = built_in_mosaic(64, 256)[0, :, :, 64 * number : 64 * number + 64]
        Image.fromarray(pixels.transpose(1, 2, 0)).save(folder / f"{number}.png")
    return folder


def test_budgets_in_words() -> None:
    assert parse_budget("bd-rate=1%") == parse_budget("rate=1.0%") == Budget(1.0, None)
    assert parse_budget("psnr=0.1") == Budget(None, 0.1)
    assert parse_budget("psnr=0.1").in_decibels(CURVE, 1.0) == 0.1
    slope = CURVE.slope(1.0)
    expected = pytest.approx(0.00995 / slope, rel=1e-3)
    assert parse_budget("rate=1%").in_decibels(CURVE, 1.0) == expected
    assert str(parse_budget("rate=1%")) == "bd-rate=1%"


@pytest.mark.parametrize("text", ["1%", "psnr=", "psnr=0", "bd-rate=1", "psnr=-1", "psnr=."])
def test_wrong_budgets(fails, tmp_path: Path, student: Path, text: str) -> None:
    images = write_images(tmp_path / "images")
    for command in (("compile", student), ("bench", student, "--images", images)):
        error = fails(*command, "--budget", text)
        assert f"psnr=0.1 (dB at equal rate), above 0, found {text}" in error


class Additive:
    """Instead of measuring: a layer's weights lose 2^-bits dB, its values 4^-bits; together, all
    lose 1.5 times as much as alone."""

    def __init__(self, model: Model, settings: licc.Settings):
        self.module = measurement_of(model, settings).module

    def narrow(self, layer: str, bits: LayerBits) -> Quality:
        return Quality(30 - self.loss(bits), 1.0)

    def with_settings(self, precision: str) -> Quality:
        (layers,) = parse_precision(precision)["layers"]
        losses = [self.loss(bits) for bits in parse_layers(str(layers)).values()]
        return Quality(30 - 1.5 * sum(losses), 1.0)

    def loss(self, bits: LayerBits) -> float:
        return sum((2.0 if what == "weights" else 4.0) ** -n for what, n in bits.said.items())


def test_losses_that_are_larger_together_are_kept(
    monkeypatch: pytest.MonkeyPatch, student: Path, few: Path
) -> None:
    monkeypatch.setattr(search, "measurement_of", Additive)
    model = load_model(student)
    found = {
        budget: within_budget(model, licc.Settings(budget=budget, calibrate=few))
        for budget in ("psnr=0.05", "psnr=0.2", "psnr=10")
    }
    for one in found.values():
        assert one.measured <= one.allowed
        assert one.measured == pytest.approx(1.5 * one.predicted)
    cycles = [one.dsp_cycles for one in found.values()]
    assert cycles == sorted(cycles, reverse=True)
    assert cycles[0] > cycles[-1]
    cheapest = {bits.weights for bits in parse_layers(found["psnr=10"].precision[7:]).values()}
    assert cheapest - {None} == {4}
    applied = found["psnr=0.2"].applied(licc.Settings(budget="psnr=0.2"))
    assert (applied.precision, applied.budget) == (found["psnr=0.2"].precision, None)


def test_out_of_reach(
    fails, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, student: Path, few: Path
) -> None:
    """The finest bits lose 1.5 · (8 · 2^-9 + 6 · 4^-12) dB."""
    monkeypatch.setattr(search, "measurement_of", Additive)
    design = tmp_path / "design"
    options = ("--size", "64x64", "-o", design, "--calibrate", few)
    error = fails("compile", student, *options, "--budget", "psnr=0.02")
    assert "budget psnr=0.02: allows 0.020 dB at equal rate on the calibration images" in error
    assert "0.023 dB are reachable with weights of up to 9 bits" in error
    assert not design.exists()


@pytest.mark.slow
def test_a_design_and_a_benchmark(
    tmp_path: Path, student: Path, few: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "WEIGHTS", (4, 9))
    monkeypatch.setattr(search, "ACTIVATIONS", (6, 12))
    budget = ["--budget", "bd-rate=20%", "--calibrate", str(few)]
    design = tmp_path / "design"
    options = ["--size", "64x64", "-o", str(design), *budget]
    assert main(["compile", str(student), *options]) == 0
    numbers = json.loads((design / "report.json").read_text())["model"]["numbers"]
    assert numbers["budget"]["budget"] == "bd-rate=20%"
    assert numbers["budget"]["measured"] <= numbers["budget"]["allowed"]
    assert numbers["precision"] == numbers["budget"]["precision"]
    assert numbers["rounding"] == "adaptive"
    assert numbers["precision"] in capsys.readouterr().out.replace("\n", "")
    images, report = write_images(tmp_path / "images"), tmp_path / "figures.json"
    options = ["--images", str(images), "--json", str(report), *budget]
    assert main(["bench", str(student), *options]) == 0
    figures = json.loads(report.read_text())
    assert figures["precision"] == numbers["precision"]
    assert figures["rounding"] == "adaptive"


def test_ir_has_no_budget(fails, tmp_path: Path) -> None:
    (tmp_path / "model.mlir").write_text("")
    error = fails("compile", tmp_path / "model.mlir", "--budget", "psnr=1")
    assert "IR has no entropy model to measure with; give bits" in error
