"""`licc compile --explain`: what binds, and the ways out, on the terminal and in the report."""

import json
from pathlib import Path

import pytest

from licc.cli import main
from licc.tests.random_codecs import factorized


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "model.mlir"
    path.write_text(str(factorized()))
    return path


def compiled(model: Path, output: Path, *arguments: str) -> int:
    return main(["compile", str(model), "-o", str(output), *arguments])


def test_the_report_says_what_binds(model: Path, tmp_path: Path, capsys) -> None:
    output = tmp_path / "design"
    assert compiled(model, output, "--explain") == 0
    balance = json.loads((output / "report.json").read_text())["balance"]
    assert balance["gap"] is None
    found = balance["explanation"]
    engines = json.loads((output / "report.json").read_text())["engines"].values()
    assert found["binding"]["fps"] == min(engine["fps"]["value"] for engine in engines)
    assert found["goal_fps"] == pytest.approx(1.1 * found["binding"]["fps"])
    assert 1 <= len(found["ways_out"]) <= 3
    assert all(way["fps"] >= found["goal_fps"] for way in found["ways_out"])
    printed = capsys.readouterr().out
    assert f"{found['binding']['stage']} binds: " in printed
    assert "way out" in printed


def test_nothing_is_explained_unasked(model: Path, tmp_path: Path, capsys) -> None:
    output = tmp_path / "design"
    assert compiled(model, output) == 0
    balance = json.loads((output / "report.json").read_text())["balance"]
    assert balance == {"gap": None, "explanation": None}
    assert "binds" not in capsys.readouterr().out


def test_a_rate_out_of_reach_ends_with_the_ways_out(model: Path, tmp_path: Path, capsys) -> None:
    output = tmp_path / "design"
    fast = 1.5 * 200e6 / 200
    assert compiled(model, output, "--explain", "--fps", str(fast)) == 1
    printed = capsys.readouterr()
    assert "frames a second are out of reach" in printed.err
    assert "Traceback" not in printed.err
    assert " binds: " in printed.out
    assert f"to {fast:.1f} fps" in printed.out
    assert not output.exists()


def test_a_pipeline_without_balancing_has_nothing_to_explain(model: Path, tmp_path: Path, capsys):
    passes = "..., fuse-streams, size-fifos"
    assert compiled(model, tmp_path / "design", "--explain", "--passes", passes) == 1
    assert "the pipeline has no balance-pipeline" in capsys.readouterr().err
