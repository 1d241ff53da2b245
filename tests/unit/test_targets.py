"""Targets as data files, and the errors of wrong ones."""

from dataclasses import replace
from pathlib import Path

import pytest

from licc.backends.targets import Budget, TargetError, list_targets, load_target
from licc.backends.targets.calibration import Calibration, Spread
from licc.backends.targets.writer import write_target
from licc.dialects.coefficients import Coefficients

FILE = """
name = "mine"
part = "xc7a100tcsg324-1"
clock_mhz = 100
[resources]
dsp = 240
bram36 = 135
lut = 63400
ff = 126800
"""
SCATTERED = "coefficients.loop_ff = 2\n["


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def test_zcu102() -> None:
    target = load_target("zcu102")
    assert target.part == "xczu9eg-ffvb1156-2-e"
    assert target.clock_mhz == 200
    assert target.resources == Budget(dsp=2520, bram36=912, uram=0, lut=274080, ff=548160)
    assert target.available.dsp == 2520
    assert target.available.bram36 == 880


def test_every_listed_target_loads() -> None:
    assert "zcu102" in list_targets()
    assert "kv260" in list_targets()
    assert [load_target(name).name for name in list_targets()] == list(list_targets())


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    target = load_target(write(tmp_path, FILE))
    assert (target.name, target.description, target.clock_mhz) == ("mine", "", 100.0)
    assert target.available == target.resources == Budget(240, 135, 0, 63400, 126800)
    assert load_target(str(tmp_path / "mine.toml")) == target


def test_unknown_target_names_the_known_ones() -> None:
    with pytest.raises(TargetError, match="unknown target 'zcu999': known are kv260, zcu102"):
        load_target("zcu999")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("dsp = 240", "dsp = -1", "'resources.dsp' must be a whole number"),
        ("dsp = 240", "dsp = true", "'resources.dsp' must be a whole number"),
        ("lut = 63400", "", "'resources.lut' must be a whole number from 0 on, found None"),
        ('name = "mine"', "", "'name' must be a text, found None"),
        ("clock_mhz = 100", "clock_mhz = 0", "'clock_mhz' must be a number"),
        ("clock_mhz = 100", 'clock_mhz = "x"', "'clock_mhz' must be a number"),
        ("[resources]", "[resource]", "unknown key 'resource'"),
        ("ff = 126800", "ff = 126800\ngates = 1", "unknown key 'resources.gates'"),
        ("ff = 126800", "ff = 126800\n[shell]\ndsp = 241", "'shell.dsp' is 241"),
        ("[resources]", "resources = 3\n[shell]", "'resources' must be a table"),
        ("name =", "name", "not a target file"),
    ],
)
def test_wrong_files_name_the_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(TargetError, match=message):
        load_target(write(tmp_path, FILE.replace(old, new)))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(TargetError, match="not a target file"):
        load_target(path)


@pytest.mark.parametrize(
    "text",
    [
        FILE,
        f"{FILE}[coefficients]\nloop_lut = 1 # mine\n[shell]\ndsp = 2\n",
        f"coefficients = {{loop_lut = 1}} # mine\n{FILE}",
        f"coefficients.loop_lut = 1\n{FILE}",
        f"coefficients.loop_lut = 1\n{FILE.replace('[', SCATTERED, 1)}",
        f"{FILE}[calibration.errors.mac]\n[shell]\ndsp = 2\n[calibration.errors.port]\n",
    ],
)
def test_coefficients_are_written_wherever_they_stood(tmp_path: Path, text: str) -> None:
    base, coefficients = write(tmp_path, text), Coefficients(loop_lut=7.0, axis_ff=0.25)
    errors = {"core": {"lut": Spread(2, 0.125, -0.25, 0.5), "dsp": Spread(2, 0.0, 0.0)}}
    calibration = Calibration(("csynth.xml",), ("axis_ff",), errors)
    written = write_target(tmp_path / "new.toml", base, coefficients, calibration)
    old = load_target(base)
    assert written == replace(old, coefficients=coefficients, calibration=calibration)
    assert load_target(tmp_path / "new.toml") == written
    again = write_target(tmp_path / "again.toml", tmp_path / "new.toml", coefficients, calibration)
    assert again == written
