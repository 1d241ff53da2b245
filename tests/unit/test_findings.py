"""What simulation and synthesis of the RTL found goes into a design's report."""

import json
from pathlib import Path
from typing import Any

import pytest

from licc.backends.calibrate.reports import Amounts
from licc.backends.design import findings
from licc.backends.report.findings import with_cycles, with_resources
from licc.backends.rtl.synthesis import Synthesis, SynthesisRow
from licc.cli import main


def engine(fps: float, dsp: int) -> dict[str, Any]:
    usage = {"used": dsp, "available": 2520, "basis": "modelled", "estimate": {}}
    names = ("dsp", "bram36", "lut", "ff")
    return {
        "fps": {"value": fps, "basis": "modelled"},
        "resources": {name: dict(usage) for name in names},
    }


def report() -> dict[str, Any]:
    return {
        "model": {},
        "size": [64, 64],
        "target": {"clock_mhz": 200},
        "engines": {"encoder": engine(100, 50), "decoder": engine(80, 60)},
    }


def test_an_engine_is_as_fast_as_its_slowest_function() -> None:
    intervals = {"g_a": 1000, "h_a": 4000, "g_s": 2000}
    found = with_cycles(report(), intervals, {"g_a": 1500, "h_a": 4100, "g_s": 2100})
    rates = {name: one["fps"] for name, one in found["engines"].items()}
    assert rates == {
        "encoder": {"value": 50_000, "basis": "rtl-simulated", "modelled": 100},
        "decoder": {"value": 100_000, "basis": "rtl-simulated", "modelled": 80},
    }
    assert found["rtl"]["h_a"] == {
        "interval": {"value": 4000, "basis": "rtl-simulated"},
        "latency": {"value": 4100, "basis": "rtl-simulated"},
    }


def test_what_the_model_said_stays_whatever_is_found_how_often() -> None:
    found = report()
    for slices in (7, 9):
        amounts = {"g_a": {"dsp": slices, "bram36": 0.5, "lut": 10, "ff": 20}}
        found = with_resources(found, amounts | {"g_s": amounts["g_a"]})
        found = with_cycles(found, {"g_a": 1, "g_s": 1}, {"g_a": 1, "g_s": 1})
    usage = found["engines"]["encoder"]["resources"]["dsp"]
    assert usage == {
        **{"used": 9, "available": 2520, "basis": "synthesised"},
        **{"estimate": {}, "modelled": 50},
    }
    assert found["rtl"]["g_s"]["bram36"] == {"value": 0.5, "basis": "synthesised"}
    assert found["rtl"]["g_s"]["interval"]["value"] == 1
    assert report()["engines"]["encoder"]["resources"]["dsp"]["used"] == 50


@pytest.fixture
def design(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A design with one core, for which yosys needs no time."""
    folder = tmp_path / "design"
    (folder / "ir").mkdir(parents=True)
    (folder / "ir" / "stream.mlir").write_text("module {}")
    (folder / "report.json").write_text(json.dumps(report()))
    row = SynthesisRow("g_a_0_mac", Amounts(4, 1, 90, 80), Amounts(4, 0.5, 100, 70))
    found = [Synthesis("g_a", "yosys", (row, row)), Synthesis("g_s", "yosys", (row,))]
    monkeypatch.setattr(findings, "synthesise", lambda *_: found)
    return folder


def test_synth_keeps_what_it_found(design: Path) -> None:
    assert main(["synth", str(design)]) == 0
    found = json.loads((design / "report.json").read_text())
    assert found["rtl"]["g_a"]["dsp"] == {"value": 8, "basis": "synthesised"}
    assert found["engines"]["encoder"]["resources"]["lut"]["used"] == 200
    assert found["engines"]["decoder"]["resources"]["bram36"]["used"] == 0.5


def test_a_report_that_cannot_be_written(design: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (design / "report.json.partial").mkdir()
    assert main(["synth", str(design)]) == 1
    assert "report.json: cannot write here" in capsys.readouterr().err
    assert json.loads((design / "report.json").read_text()) == report()
