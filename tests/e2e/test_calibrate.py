"""`licc calibrate`, from reports to a target that `licc compile` takes, and its errors."""

import io
import json
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest

import licc
from licc.backends.calibrate.reports import Amounts
from licc.backends.calibrate.spreads import actors
from licc.backends.targets import TargetError, load_target
from licc.cli import main
from licc.dialects.coefficients import NAMES, Coefficients
from licc.tests.random_codecs import factorized
from licc.tests.unit.calibration import (
    measure,
    undetermined,
    write_design,
    write_vitis,
    write_yosys,
)

TRUTH = Coefficients(**{name: 5.0 + 3 * n for n, name in enumerate(NAMES)})

BOARD = (
    '# mine\nname = "board" # a name\npart = "xczu9eg-ffvb1156-2-e"\nclock_mhz = 150\n'
    "[resources] # all of it\ndsp = 2520\nbram36 = 912\nlut = 274080\nff = 548160\n"
)


@pytest.fixture(scope="module")
def design(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_design(tmp_path_factory.mktemp("designs") / "design")


@pytest.fixture
def reports(tmp_path: Path) -> list[Path]:
    return write_vitis(tmp_path, measure(TRUTH))


def calibrate(*arguments: str | Path) -> int:
    return main(["calibrate", *map(str, arguments)])


@pytest.fixture
def fails(tmp_path: Path, design: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs `licc calibrate` with arguments that must fail; gives the message."""

    def run(*arguments: str | Path) -> str:
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        output = tmp_path / "mine.toml"
        status = calibrate("--design", design, "-o", output, *arguments)
        message = capsys.readouterr().err.rpartition("licc: error: ")[2]
        assert status == 1
        assert "Traceback" not in message
        assert message.count("\n") == 1
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert after == before
        return message

    return run


def test_reports_of_vitis_hls(
    tmp_path: Path, design: Path, reports: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "mine.toml"
    assert calibrate(*reports, "--design", design, "-o", output) == 0
    printed = capsys.readouterr().out
    assert "convolve" in printed
    assert "0.0% (0.0%)" in printed
    assert f"next, `licc compile MODEL --target {output}`" in printed.replace("\n", "")
    target, shipped = load_target(output), load_target("zcu102")
    assert target.calibration is not None
    assert set(target.calibration.kept) == undetermined(actors(measure(TRUTH)))
    for name in set(NAMES) - set(target.calibration.kept):
        assert getattr(target.coefficients, name) == pytest.approx(getattr(TRUTH, name), rel=1e-5)
    assert replace(target, coefficients=shipped.coefficients, calibration=None) == replace(
        shipped, calibration=None
    )
    assert len(target.calibration.sources) == len(reports) == 4
    assert {"convolve", "port", "actors", "core"} < set(target.calibration.errors)
    for sample in target.calibration.samples:
        assert sample.dsp[0] == sample.dsp[1]
        assert sample.lut[0] == pytest.approx(sample.lut[1], rel=1e-3, abs=1)


def test_reports_of_yosys(tmp_path: Path, design: Path) -> None:
    output, report = tmp_path / "mine.toml", write_yosys(tmp_path / "stat.json", measure(TRUTH))
    found = licc.calibrate_target([report], design, output)
    assert found.target == load_target(output)
    errors = found.calibration.errors["actors"]
    assert errors["lut"].rms == pytest.approx(0, abs=1e-4)
    assert errors["ff"].rms == pytest.approx(0, abs=1e-4)
    assert (found.unknown, found.missing) == ((), ())


def test_what_is_left_out_is_said(
    tmp_path: Path, design: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    samples = [s for s in measure(TRUTH) if s.subject.kind == "normalize"]
    report = write_yosys(tmp_path / "stat.json", samples)
    found = json.loads(report.read_text())
    found["modules"]["\\elsewhere"] = {"num_cells_by_type": {"LUT2": 1}}
    report.write_text(json.dumps(found))
    assert calibrate(report, "--design", design, "-o", tmp_path / "mine.toml") == 0
    printed = capsys.readouterr().out
    assert "do not determine them: " in printed
    assert "no report has: g_a_read_axis" in printed
    assert "has no such actor: elsewhere" in printed


def test_comments_and_tables_of_the_target_stay(
    tmp_path: Path, design: Path, reports: list[Path]
) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    base = tmp_path / "base.toml"
    base.write_text(BOARD)
    assert calibrate(*reports, "--design", design, "--target", base, "-o", first) == 0
    text = first.read_text()
    assert text.startswith(base.read_text().rstrip("\n"))
    assert load_target(first).name == "board"
    assert calibrate(*reports, "--design", design, "--target", first, "-o", second) == 0
    assert second.read_text() == text
    assert calibrate(*reports, "--design", design, "--target", second, "-o", second) == 0
    assert second.read_text() == text


def compiled(model: Path, folder: Path, *arguments: str) -> tuple[licc.Design, str]:
    """The design of a model, and what the command printed of it."""
    printed = io.StringIO()
    with redirect_stdout(printed):
        settings = ("--size", "32x32", "--fps", "1", *arguments)
        assert main(["compile", str(model), *settings, "-o", str(folder)]) == 0
    return licc.open_design(folder), printed.getvalue()


def test_a_calibrated_target_is_used(tmp_path: Path) -> None:
    model, target = tmp_path / "model.mlir", tmp_path / "mine.toml"
    model.write_text(f"{factorized(32)!s}\n")
    base = tmp_path / "base.toml"
    base.write_text(BOARD)
    design, printed = compiled(model, tmp_path / "first", "--target", str(base))
    assert "DSP, BRAM36: structural, uncalibrated" in printed
    assert "LUT, FF: linear-in-width, uncalibrated" in printed

    def larger(subject, amounts: Amounts) -> Amounts:
        return replace(amounts, lut=round(1.25 * amounts.lut)) if subject.core == "g_a" else amounts

    module = design.module("stream")
    samples = measure(TRUTH, larger, module)
    reports = write_vitis(tmp_path, samples, module)
    found = licc.calibrate_target(reports, design.path, target, base)

    design, printed = compiled(model, tmp_path / "second", "--target", str(target))
    spread = found.calibration.errors["core"]["lut"]
    assert 0.01 < spread.rms < 0.25
    used = {
        name: engine["resources"]["lut"]["used"]
        for name, engine in design.report["engines"].items()
    }
    predicted = {s.core: s.lut[0] for s in found.calibration.samples if s.kind == "core"}
    assert used == {"encoder": predicted["g_a"], "decoder": predicted["g_s"]}
    estimate = design.report["engines"]["encoder"]["resources"]["lut"]["estimate"]
    assert estimate["calibrated"]
    assert estimate["error"]["of"] == "core"
    assert estimate["error"]["rms"] == pytest.approx(spread.rms, rel=1e-4)
    assert f"LUT: linear-in-width, calibrated: error {spread.rms:.1%} rms, " in printed
    assert "(2 samples of class core)" in printed
    assert "calibrated with csynth.xml of g_a" in printed.replace("g_a_csynth", "csynth")
    assert design.report["target"]["calibration"] == list(found.calibration.sources)


def test_missing_and_wrong_reports(fails, tmp_path: Path, reports: list[Path]) -> None:
    wrong = tmp_path / "wrong.xml"
    for text, message in (
        ("<profile/>", "not a report of Vitis HLS"),
        ("<profile", "not XML"),
        ("{}", "must hold 'modules'"),
        ('{"modules": {"other": {"num_cells_by_type": {}}}}', "no module of the design is in it"),
        ("text", "not a report"),
    ):
        wrong.write_text(text)
        assert f"{wrong}: " in fails(*reports, wrong)
        assert message in fails(*reports, wrong)
    assert "no-such-file.xml: cannot be read: No such file" in fails("no-such-file.xml")
    assert "cannot be read" in fails(tmp_path)


def test_reports_for_another_part(fails, tmp_path: Path) -> None:
    reports = write_vitis(tmp_path, measure(TRUTH), part="xck26-sfvc784-2LV-c")
    assert "made for xck26-sfvc784-2LV-c, but zcu102 has xczu9eg-ffvb1156-2-e" in fails(*reports)
    assert "made for xck26-sfvc784-2LV-c, but zcu104" in fails(*reports, "--target", "zcu104")


def test_unknown_target(fails, reports: list[Path]) -> None:
    assert "unknown target 'zcu999'" in fails(*reports, "--target", "zcu999")


def test_no_design(fails, tmp_path: Path, reports: list[Path]) -> None:
    assert "not a design" in fails(*reports, "--design", tmp_path)


def test_outputs_that_cannot_be(fails, tmp_path: Path, reports: list[Path]) -> None:
    precious = tmp_path / "precious.toml"
    precious.write_text("[tool]\n")
    assert "exists and is no target" in fails(*reports, "-o", precious)
    assert "no such folder" in fails(*reports, "-o", tmp_path / "nowhere" / "mine.toml")
    assert "exists and is no target" in fails(*reports, "-o", tmp_path)


def test_a_failing_write_leaves_nothing(
    fails, tmp_path: Path, reports: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert "mine.toml: cannot write here: No space left" in fails(*reports)


def test_a_wrong_calibration_names_the_key(tmp_path: Path, design: Path) -> None:
    target = tmp_path / "mine.toml"
    licc.calibrate_target([write_yosys(tmp_path / "s.json", measure(TRUTH))], design, target)
    text = target.read_text()
    for old, new, message in (
        ('core = "g_a"', "core = 1", r"'calibration.samples\[0\].core' must be a text, found 1"),
        ("dsp = [0", "dsp = [0, 0", "must be .predicted, measured., found"),
        ('kind = "port"', 'kin = "port"', r"unknown key 'calibration.samples\[0\].kin'"),
        ("sources = [", "sources = 3 # [", "not a target file"),
    ):
        assert old in text
        target.write_text(text.replace(old, new, 1))
        with pytest.raises(TargetError, match=message):
            load_target(target)
