"""GDN cores and widths through whole designs: every link holds, the report counts, and what is
wrong is named."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from licc.cli import main
from licc.passes.calibrate import built_in_mosaic

PAGE = Path(__file__).parents[2] / "docs" / "gdn.md"
STUDENT = Path(__file__).parents[2] / "examples" / "students" / "factorized-n32-0.025.pt"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SIZE = 64


def save_page(folder: Path) -> Path:
    """The core of the page, as the file that it tells to save."""
    (code,) = PYTHON.findall(PAGE.read_text())
    path = folder / "nearest.py"
    path.write_text(code)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("norm", ["l1", "l2"])
def test_a_design_of_other_cores_needs_no_file(
    checkpoint: Callable[[str, int, int], Path], tmp_path: Path, norm: str
) -> None:
    """The file is gone when the design is verified, its C++ compiled among it."""
    design, image, mine = tmp_path / "design", tmp_path / "image.png", save_page(tmp_path)
    pixels = built_in_mosaic(SIZE, SIZE)[0].transpose(1, 2, 0)
    Image.fromarray(np.ascontiguousarray(pixels)).save(image)
    cores = "nearest:n32g10,g_a.3=newton:n16,g_a.5=cheapest"
    options = ["--size", f"{SIZE}x{SIZE}", "--norm", norm, "--load", str(mine), "--gdn", cores]
    assert main(["compile", str(checkpoint("factorized", 5, 6)), *options, "-o", str(design)]) == 0
    mine.unlink()
    figures = tmp_path / "figures.json"
    assert main(["verify", str(design), "--images", str(image), "--json", str(figures)]) == 0
    checks = {check["name"]: check for check in json.loads(figures.read_text())["checks"]}
    for name in ("integer-vs-stream-ir", "interpreter-vs-cpp"):
        assert checks[name]["mismatches"] == 0
        assert checks[name]["values"] >= 3 * SIZE**2
    text = (design / "hls" / "g_a" / "g_a.h").read_text()
    for struct in ("gdn_nearest", "gdn_newton"):
        assert f"using core = licc::{struct};" in text
    report = json.loads((design / "report.json").read_text())
    assert report["model"]["numbers"]["gdn"] == cores


@pytest.mark.slow
def test_zeros_of_a_trained_student_are_reported(tmp_path: Path) -> None:
    """What the report says was left out is what the C++ leaves out."""
    design = tmp_path / "design"
    passes = "..., size-fifos{search=false}"
    options = ["--size", "128x128", "--direction", "decoder", "--passes", passes]
    assert main(["compile", str(STUDENT), *options, "-o", str(design)]) == 0
    stages = json.loads((design / "report.json").read_text())["engines"]["decoder"]["stages"]
    dropped = {stage["name"]: stage["dropped_products"] for stage in stages}
    assert sum(dropped.values()) > 0
    assert all(stage["saved_dsp"] >= stage["dropped_products"] for stage in stages)
    text = (design / "hls" / "g_s" / "g_s.h").read_text()
    for name, count in dropped.items():
        found = re.search(rf"struct {name.replace('.', '_')}_normalize \{{(.*?)\n\}};", text, re.S)
        live = re.search(r"bool live\S* = (.*?);", found[1], re.S) if found else None
        assert (live[1].count("0") if live else 0) == count


ERRORS = {
    "--gdn best": "choose-gdn-cores: unknown GDN core best; there are cheapest, table, "
    "small-table, polynomial, newton",
    "--gdn table,g_a.1=:g20": "choose-gdn-cores: g_a.1: bits of gamma must be in 2..16, found 20",
    "--gdn Table": "a GDN core must be like newton, table:n32 or :n32g12 (bits of norms and of "
    "gamma), found Table",
    "--gdn-error -1": "gdn-error must not be negative, and finite, found -1.0",
}


@pytest.mark.parametrize("wrong", ERRORS)
def test_wrong_choices(
    wrong: str, fails: Callable[..., str], checkpoint: Callable[[str, int, int], Path]
) -> None:
    model = checkpoint("factorized", 4, 6)
    size = ["--size", f"{SIZE}x{SIZE}", "--quiet", "-o", model.parent / "never"]
    assert fails("compile", model, *size, *wrong.split()).strip() == ERRORS[wrong]


def test_the_command_lists_and_proves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = save_page(tmp_path)
    assert main(["gdn", "--load", str(mine)]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in ("table", "newton", "nearest"))
    mine.write_text(mine.read_text().replace("Form.L1: 1024", "Form.L1: 900"))
    assert main(["gdn", "--load", str(mine)]) == 1
    assert "nearest: l1: the factor of mantissa" in capsys.readouterr().err
