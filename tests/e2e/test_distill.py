"""`licc distill` as a user runs it: killed and resumed, by several processes, with wrong input."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest.mock import patch

import pytest

from licc.cli import main
from licc.frontend import load_model
from licc.frontend.students.log import TrainingLog
from licc.tests.unit.students import FACTORIZED, write_teacher

SMALL = (
    *("--student", "hyperprior", "--n", "4", "--m", "6", "--lambda", "0.01", "--crop", "64"),
    *("--batch", "2", "--steps", "60", "--log-every", "4", "--save-every", "3"),
)
FAST = (
    *("--student", "factorized", "--n", "3", "--m", "4", "--lambda", "0.01", "--crop", "48"),
    *("--batch", "2", "--steps", "4", "--log-every", "1"),
)


@pytest.fixture
def refused(fails: Callable[..., str], tmp_path: Path, images: Path) -> Callable[..., str]:
    """What `licc distill` says to more arguments that must fail."""
    return partial(fails, "distill", *FAST, "--images", images, "-o", tmp_path / "student.pt")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--lambda", "0"), "lambda must be positive and finite, found 0.0"),
        (("--lambda", "nan"), "lambda must be positive and finite, found nan"),
        (("--lr", "-1"), "lr must be positive and finite, found -1.0"),
        (("--steps", "0"), "steps must be at least 1, found 0"),
        (("--batch", "0"), "batch must be at least 1, found 0"),
        (("--crop", "40"), "crop must be a positive multiple of 16 for a factorized student"),
        (("--crop", "64", "--student", "mean-scale", "--n", "0"), "n must be 1 to 4096 channels"),
        (("--crop", "256"), "has 80 x 72 pixels, fewer than a crop of 256 x 256"),
        (("--plain", "1.5"), "plain must be a share of the steps, 0 to 1, found 1.5"),
        (("--seed", "-1"), "seed must be 0 to 4294967295, found -1"),
        (("--save-every", "0"), "save_every must be at least 1 step, found 0"),
        (("--weight-latent", "-1"), "the weight of the latent term must not be negative"),
        (("--weight-rd", "0"), "the weight of the rate-distortion term must be positive"),
        (("--weight-perceptual", "1"), "(MS-SSIM) needs crops of at least 161 pixels, found 48"),
        (("--weight-hyper-latent", "1"), "needs a student with a hyperprior"),
        (("--activation", "relu"), "a factorized student has no activation but GDN, found relu"),
        (("--teacher", "none.pt"), "none.pt: no such file"),
        (("--from", "none.pt"), "none.pt: cannot be read: No such file or directory"),
        (("--quantize", "w8a8"), "quantize and prune need a student to start from"),
        (("--quantize", "w8a8", "--from", "none.pt"), "none.pt: cannot be read: No such file"),
        (("-o", "missing/student.pt"), "missing/student.pt"),
        (("--log", "missing/log.csv"), "missing/log.csv"),
    ],
)
def test_wrong_options(arguments: tuple[str, ...], message: str, refused, tmp_path: Path) -> None:
    assert message in refused(*arguments)


def test_wrong_images(refused, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert f"{empty}: no image in this folder" in refused("--images", empty)


def test_wrong_teachers(refused, tmp_path: Path, images: Path) -> None:
    write_teacher(tmp_path / "teacher.pt", FACTORIZED)
    message = refused(
        "--teacher", tmp_path / "teacher.pt", "--student", "hyperprior", "--crop", "64"
    )
    assert "teacher.pt: is a FactorizedPrior, whose latents a hyperprior student" in message
    assert "is not a checkpoint" in refused("--teacher", images / "0.png")


def test_corrupt_images_are_named(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (images / "broken.jpg").write_bytes(b"no image")
    output = tmp_path / "student.pt"
    assert main(["distill", *FAST, "--images", str(images), "-o", str(output), "--quiet"]) == 0
    error = capsys.readouterr().err
    assert error.startswith(f"licc: warning: {images / 'broken.jpg'}: cannot read this image")
    assert load_model(output).family == "FactorizedPrior"


def test_fine_tuning_with_rounding_can_be_resumed(images: Path, tmp_path: Path) -> None:
    start, whole, parts = (tmp_path / name for name in ("start.pt", "whole.pt", "parts.pt"))
    given = ["distill", *FAST, "--images", str(images), "--save-every", "2", "--quiet"]
    assert main([*given, "-o", str(start)]) == 0
    tuned = [*given, "--from", str(start), "--quantize", "w8a8"]
    assert main([*tuned, "-o", str(whole)]) == 0
    with patch.object(TrainingLog, "add", side_effect=[None, None, KeyboardInterrupt]):
        assert main([*tuned, "-o", str(parts)]) == 130
    assert parts.with_name("parts.training.pt").exists()
    assert main([*tuned, "-o", str(parts), "--resume"]) == 0
    assert parts.read_bytes() == whole.read_bytes()
    assert (load_model(start).precision, load_model(whole).precision) == (None, "w8a8")


def command(folder: Path, *arguments: str | Path) -> list[str]:
    """`licc distill` in a process of its own."""
    given = [*SMALL, "--images", folder / "images", *arguments]
    return [sys.executable, "-m", "licc.cli", "distill", *map(str, given)]


@pytest.mark.slow
def test_a_killed_training_goes_on_to_the_same_bits(images: Path, tmp_path: Path) -> None:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    whole, parts = tmp_path / "whole.pt", tmp_path / "parts.pt"
    logs = [path.with_suffix(".csv") for path in (whole, parts)]
    subprocess.run(command(tmp_path, "-o", whole, "--log", logs[0]), env=environment, check=True)
    resume = command(tmp_path, "-o", parts, "--log", logs[1], "--resume")
    kills = 0
    for delay in (0.0, 0.31):
        process = subprocess.Popen(resume, env=environment, stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        next(line for line in process.stderr if line.startswith("step "))
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
    assert kills == 2
    assert not parts.exists()
    subprocess.run(resume, env=environment, check=True)
    assert parts.read_bytes() == whole.read_bytes()
    assert logs[1].read_text() == logs[0].read_text()
    assert not list(tmp_path.glob("*training*"))


@pytest.mark.slow
def test_two_processes_train_one_student(images: Path, tmp_path: Path) -> None:
    write_teacher(tmp_path / "teacher.pt", FACTORIZED)
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    output = tmp_path / "student.pt"
    taught = ("--student", "factorized", "--teacher", tmp_path / "teacher.pt", "-o", output)
    training = command(tmp_path, *taught, "--log", tmp_path / "log.csv")[2:]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    subprocess.run([*torchrun, "-m", "--", *training], env=environment, check=True)
    assert load_model(output).family == "FactorizedPrior"
    assert len((tmp_path / "log.csv").read_text().splitlines()) == 1 + 60 // 4
    assert not list(tmp_path.glob("*training*"))
