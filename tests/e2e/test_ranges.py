"""`--ranges rate-distortion`: ranges that measuring finds, in `licc compile` and `licc bench`."""

import json
from dataclasses import replace
from math import log
from pathlib import Path

import pytest

import licc
from licc.cli import main
from licc.evaluation import ranges
from licc.evaluation.ranges import with_measured_ranges
from licc.evaluation.sensitivity import Quality, measurement_of
from licc.frontend import load_model
from licc.frontend.model import Model
from licc.passes.value_ranges import parse_layer_ranges, parse_ranges
from licc.tests.unit.students import FACTORIZED, write_images, write_teacher

BEST = {"g_a.1": 0.5, "g_s.1": 1.6, "g_s.2": 0.7}


@pytest.fixture
def student(tmp_path: Path) -> Path:
    write_teacher(tmp_path / "student.pt", FACTORIZED)
    return tmp_path / "student.pt"


class Known:
    """Instead of measuring: every layer has a best share, and loses with the square of its
    logarithm."""

    def __init__(self, model: Model, settings: licc.Settings, fitted: int, measured: int):
        self.module = measurement_of(model, settings, 1, 1).module

    def with_settings(self, ranges: str) -> Quality:
        shares = parse_layer_ranges(str(parse_ranges(ranges)["layers"][0]))
        losses = [log(float(share) / BEST.get(layer, 1)) ** 2 for layer, share in shares.items()]
        rest = [log(BEST[layer]) ** 2 for layer in BEST.keys() - shares.keys()]
        return Quality(30 - sum(losses) - sum(rest), 1.0)


def test_the_search_finds_the_best_shares(monkeypatch: pytest.MonkeyPatch, student: Path) -> None:
    monkeypatch.setattr(ranges, "measurement_of", Known)
    asked = licc.Settings(ranges="rate-distortion")
    found = with_measured_ranges(load_model(student), asked)
    assert found == replace(asked, ranges="min-max,g_a.1=0.5,g_s.1=1.6,g_s.2=0.64")


def test_other_ranges_stay(student: Path) -> None:
    settings = licc.Settings(ranges="mse,g_s.1=0.8")
    assert with_measured_ranges(load_model(student), settings) is settings


def test_a_design_and_a_benchmark(
    tmp_path: Path, student: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "SHARES", ((0.8,),))
    images, report = write_images(tmp_path / "images"), tmp_path / "figures.json"
    options = ["--ranges", "rate-distortion", "--precision", "w8a6", "--calibrate", str(images)]
    design = tmp_path / "design"
    assert main(["compile", str(student), "--size", "64x64", "-o", str(design), *options]) == 0
    found = json.loads((design / "report.json").read_text())["model"]["numbers"]["ranges"]
    assert found.startswith("min-max")
    options += ["--images", str(images), "--json", str(report)]
    assert main(["bench", str(student), *options]) == 0
    assert json.loads(report.read_text())["ranges"] == found


def test_wrong_ranges(fails, tmp_path: Path, student: Path) -> None:
    images = write_images(tmp_path / "images")
    for command in (("compile", student), ("bench", student, "--images", images)):
        error = fails(*command, "--ranges", "best")
        assert "or a share of min-max from 0.01 to 4, found best; or rate-distortion" in error
        error = fails(*command, "--ranges", "mse,g_a.9=0.5")
        assert (
            "fit-scales: g_a.9 gives no value whose range is to be chosen; these do: g_a.0" in error
        )
    (tmp_path / "model.mlir").write_text("")
    error = fails("compile", tmp_path / "model.mlir", "--ranges", "rate-distortion")
    assert "IR has no entropy model to measure with" in error
