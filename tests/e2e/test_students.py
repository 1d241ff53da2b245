"""The students that the repository carries: files, cards, and the proof of two of them."""

import hashlib
import json
from pathlib import Path

import pytest
import torch
from PIL import Image

from licc.cli import main

ROOT = Path(__file__).parents[2]
STUDENTS = sorted((ROOT / "examples" / "students").glob("*.pt"))
LARGEST = 4_000_000
LARGEST_TOGETHER = 24_000_000
WANTED = {
    *("factorized-n32-0.025", "factorized-n32-0.0085", "factorized-n64-0.025"),
    *("factorized-n64-0.0085", "hyperprior-n32-0.025", "hyperprior-n64-0.025"),
}


def test_all_are_there_and_small() -> None:
    assert {path.stem for path in STUDENTS} == WANTED
    sizes = [path.stat().st_size for path in STUDENTS]
    assert max(sizes) <= LARGEST
    assert sum(sizes) <= LARGEST_TOGETHER


@pytest.mark.parametrize("student", STUDENTS, ids=lambda path: path.stem)
def test_cards(student: Path) -> None:
    card = student.with_suffix(".md").read_text()
    assert hashlib.sha256(student.read_bytes()).hexdigest() in card
    content = torch.load(student, weights_only=True)
    recipe = content["recipe"]
    assert student.stem == f"{recipe['family']}-n{recipe['n']}-{recipe['lambda']}"
    assert content["state_dict"]["g_a.0.weight"].dtype == torch.float16
    assert "| interpreter-vs-cpp |" in card


@pytest.mark.slow
@pytest.mark.parametrize("name", ["factorized-n64-0.025", "hyperprior-n32-0.025"])
def test_proof(name: str, tmp_path: Path) -> None:
    with Image.open(ROOT / "examples" / "demo" / "path.png") as image:
        image.crop((100, 100, 228, 164)).save(tmp_path / "image.png")
    design, report = tmp_path / "design", tmp_path / "report.json"
    student = ROOT / "examples" / "students" / f"{name}.pt"
    fast = "..., size-fifos{search=false}"
    commands = (
        ("compile", student, "--size", "128x64", "--passes", fast, "-o", design, "--quiet"),
        ("verify", design, "--images", tmp_path / "image.png", "--json", report, "--quiet"),
    )
    for command in commands:
        assert main([*map(str, command)]) == 0
    checks = {check["name"]: check for check in json.loads(report.read_text())["checks"]}
    assert checks["interpreter-vs-cpp"]["mismatches"] == 0
    assert checks["interpreter-vs-cpp"]["values"] > 0
