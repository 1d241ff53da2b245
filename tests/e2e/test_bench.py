"""`licc bench` as a user runs it: its files, wrong input, and `licc verify` beside it."""

import csv
import json
from pathlib import Path

import pytest

from licc.cli import main
from licc.tests.unit.students import FACTORIZED, HYPERPRIOR, write_teacher

STUDENTS = Path(__file__).parents[2] / "examples" / "students"


@pytest.fixture
def student(tmp_path: Path) -> Path:
    write_teacher(tmp_path / "student.pt", FACTORIZED)
    return tmp_path / "student.pt"


def test_files_and_table(
    tmp_path: Path, student: Path, images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (images / "broken.png").write_bytes(b"no image")
    report, table = tmp_path / "figures.json", tmp_path / "figures.csv"
    arguments = [student, "--images", images, "--json", report, "--csv", table]
    assert main(["bench", *map(str, arguments)]) == 0
    shown = capsys.readouterr()
    assert "licc: warning:" in shown.err
    assert "broken.png" in shown.err
    assert "mean" in shown.out
    assert "measured" in shown.out
    figures = json.loads(report.read_text())
    assert figures["skipped"] == ["broken.png"]
    assert figures["model"]["family"] == "FactorizedPrior"
    assert [image["name"] for image in figures["images"]] == ["0.png", "1.png", "2.png"]
    rows = list(csv.DictReader(table.read_text().splitlines()))
    assert [row["name"] for row in rows] == ["0.png", "1.png", "2.png", "mean"]
    assert float(rows[-1]["integer_bpp"]) == figures["mean"]["integer"]["bpp"]


def test_several_models_are_a_curve(
    tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    models = sorted(STUDENTS.glob("factorized-n32-*.pt"))
    report, drawn = tmp_path / "bench.json", tmp_path / "curve.svg"
    arguments = [*models, "--images", images / "0.png", "--json", report, "--plot", drawn]
    assert main(["bench", *map(str, arguments)]) == 0
    assert "integer vs float" in capsys.readouterr().out
    found = json.loads(report.read_text())
    assert [one["model"]["file"] for one in found["models"]] == [file.name for file in models]
    assert set(found["bjontegaard"]) == {
        "integer_vs_float",
        "float_vs_published",
        "integer_vs_published",
    }
    assert drawn.stat().st_size


def test_wrong_images(fails, tmp_path: Path, student: Path) -> None:
    assert "no such file or folder" in fails("bench", student, "--images", tmp_path / "none.png")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no image in this folder" in fails("bench", student, "--images", empty)
    (empty / "broken.png").write_bytes(b"no image")
    assert "none of the images can be read" in fails("bench", student, "--images", empty)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--precision", "w9"), "w8a8"),
        (("--precision", "w1a8"), "2..16"),
        (("--precision", "w8a3"), "4..16"),
        (("--precision", "w8a8,g_a.0"), "like g_a.0=w9, g_a.1=a10 or h_a.2=w8a10, found g_a.0"),
        (("--precision", "w8a8,g_a.8=w9"), "g_a.8 has no weights whose bits are to be chosen"),
        (("--precision", "w8a8,g_s.0=w1"), "g_s.0: weights must be in 2..16, found 1"),
        (("--calibrate", "no/such"), "no/such: no such file or folder"),
        (("--prune", "-1"), "prune must not be negative"),
        (("--json", "no/such/folder/figures.json"), "there is no folder no/such/folder"),
        (("--plot", "curve.svg"), "curve.svg: a curve takes 2 models or more, found 1"),
        (("--csv", "no/such/folder/figures.csv"), "there is no folder no/such/folder"),
    ],
)
def test_wrong_options(fails, student: Path, images: Path, arguments, expected: str) -> None:
    assert expected in fails("bench", student, "--images", images, *arguments)


def test_wrong_models(fails, tmp_path: Path, images: Path) -> None:
    assert "cannot be read" in fails("bench", tmp_path / "none.pt", "--images", images)
    assert "give the checkpoint" in fails("bench", tmp_path / "model.mlir", "--images", images)


@pytest.mark.slow
def test_integer_program_is_the_compiled_one(tmp_path: Path, images: Path) -> None:
    model, report, proof = (tmp_path / name for name in ("student.pt", "bench.json", "verify.json"))
    write_teacher(model, HYPERPRIOR)
    design, image = tmp_path / "design", images / "0.png"
    options = ["--quiet", "--precision", "w8a10", "--prune", "0.5"]
    commands = [
        ["compile", model, "--size", "128x128", "-o", design, *options],
        ["verify", design, "--images", image, "--json", proof, "--quiet"],
        ["bench", model, "--images", image, "--json", report, *options],
    ]
    for command in commands:
        assert main([str(word) for word in command]) == 0
    found, verified = (json.loads(path.read_text()) for path in (report, proof))
    assert found["mean"]["integer"]["psnr"] == verified["psnr_int"]
