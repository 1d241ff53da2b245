"""A compiled design runs in the cycle simulator, through the command line."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from licc.cli import main

pytestmark = pytest.mark.slow


def test_a_design_is_simulated(
    checkpoint: Callable[[str, int, int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design, figures = tmp_path / "design", tmp_path / "figures.json"
    model = str(checkpoint("hyperprior", 8, 12))
    assert main(["compile", model, "--size", "128x192", "-o", str(design)]) == 0
    assert main(["simulate", str(design), "--json", str(figures)]) == 0
    found = json.loads(figures.read_text())
    assert sorted(one["function"] for one in found) == ["g_a", "g_s", "h_a", "h_s"]
    for one in found:
        assert one["basis"] == "simulated"
        assert one["steady"]
        assert 0 < one["first_output"] < one["latency"]
        assert one["interval"] <= one["latency"]
        assert all(1 <= fifo["most"] <= fifo["depth"] for fifo in one["fifos"])
    capsys.readouterr()
    assert main(["simulate", str(design), "--timing", "20..99"]) == 0
    shown = capsys.readouterr().out.splitlines()
    for one in found:
        start = shown.index(f"@{one['function']}")
        assert shown[start + 1].split() == ["cycle", *map(str, range(20, 100, 10))]
        actors = [line[:-80].strip() for line in shown[start + 3 :][: len(one["actors"])]]
        assert actors == [actor["name"] for actor in one["actors"]]
    assert main(["simulate", str(design), "--certificate"]) == 0
    assert capsys.readouterr().out.count(" ok ") == 4
    assert sorted(json.loads((design / "fifos.json").read_text())) == ["g_a", "g_s", "h_a", "h_s"]
    assert main(["simulate", str(design), "--timing", "0..999"]) == 1
    assert "at most 400 cycles, found 1000" in capsys.readouterr().err
    assert main(["simulate", str(design), "--frames", "1"]) == 1
    assert "frames must be at least 3, found 1" in capsys.readouterr().err


def test_a_planted_shallow_fifo_is_reported(
    checkpoint: Callable[[str, int, int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    design, model = tmp_path / "design", str(checkpoint("factorized", 8, 12))
    assert main(["compile", model, "--size", "64x64", "-o", str(design)]) == 0
    program = design / "ir" / "stream.mlir"
    text = program.read_text()
    program.write_text(re.sub(r"(lanes = \d+, depth = )32\b", r"\g<1>1", text))
    capsys.readouterr()
    assert main(["simulate", str(design), "--certificate"]) == 1
    message = capsys.readouterr().err
    assert "g_a.0 line_buffer: certified with depth 32, the design has 1" in message
    assert "Traceback" not in message


def test_no_design_no_simulation(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", str(tmp_path)]) == 1
    message = capsys.readouterr().err
    assert "not a design" in message
    assert "Traceback" not in message


@pytest.mark.parametrize("window", ["80", "a..b", "-1..4"])
def test_cycles_are_a_range(window: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["simulate", "design", f"--timing={window}"])
    assert f"must be like 0..80, found {window}" in capsys.readouterr().err
