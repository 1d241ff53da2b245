"""The wheel holds what the repository holds, and the command line starts without torch."""

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from PIL import Image

import licc

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = PYPROJECT["tool"]["setuptools"]["packages"]
DATA_FOLDERS = (
    "backends/hls/include",
    "backends/lint/include",
    "backends/board/files",
    "backends/rtl/library",
    "backends/rtl/simulation",
    "backends/rtl/vivado",
    "backends/targets",
    "passes/calibration",
)
HEAVY = ("torch", "compressai", "lightning_fabric", "torch_mlir", "rich", "clang")


def tracked(pattern: str) -> list[Path]:
    """Files under version control, as paths from the root."""
    listing = subprocess.run(
        ["git", "ls-files", pattern], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [Path(line) for line in listing.stdout.splitlines()]


def test_every_folder_with_an_init_is_packaged() -> None:
    found = [".".join(("licc", *path.parts[:-1])) for path in tracked("*__init__.py")]
    assert sorted(PACKAGES) == sorted(found)


@pytest.mark.slow
def test_wheel_holds_modules_and_data(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("licc-*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    folders = [package.removeprefix("licc").lstrip(".").replace(".", "/") for package in PACKAGES]
    modules = [path for path in tracked("*.py") if path.parent.as_posix().strip(".") in folders]
    data = [path for folder in DATA_FOLDERS for path in tracked(f"{folder}/*")]
    assert {f"licc/{path}" for path in modules + data} <= held
    assert not any(name.startswith(("licc/tests/", "licc/examples/")) for name in held)


@pytest.mark.parametrize(
    "module", ["licc", "licc.cli", "licc.driver", "licc.evaluation", "licc.opt", "licc.runtime"]
)
def test_import_is_light(module: str) -> None:
    probe = f"import sys, {module}; print([m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "[]"


def test_versions_agree() -> None:
    assert licc.__version__ == PYPROJECT["project"]["version"]


def test_help_is_light() -> None:
    probe = "\n".join(
        (
            "import sys, contextlib",
            "from licc.cli import main",
            "sys.argv = ['licc', '--help']",
            "with contextlib.suppress(SystemExit): main()",
            f"print([m for m in {(*HEAVY, 'xdsl', 'numpy')} if m in sys.modules])",
        )
    )
    run = subprocess.run([sys.executable, "-c", probe], check=True, capture_output=True, text=True)
    assert "compile" in run.stdout
    assert run.stdout.splitlines()[-1] == "[]"


def test_built_in_calibration_images() -> None:
    sizes = [Image.open(path).size for path in (ROOT / "passes" / "calibration").glob("*.webp")]
    assert sizes == [(256, 256)] * 8
