"""Trainings: what they write, how they go on, and what they refuse."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from lightning_fabric import Fabric

from licc.dialects.gdn import Norm
from licc.frontend import ModelError, load_model
from licc.frontend.model import run_function
from licc.frontend.students import (
    Activation,
    Architecture,
    Family,
    Reporter,
    Weights,
    distill,
    training,
)
from licc.frontend.students.checkpoints import read_student
from licc.frontend.students.families import build_student
from licc.frontend.students.teacher import load_teacher
from licc.runtime.images import ImageError
from licc.tests.unit.students import (
    ALL,
    FACTORIZED,
    HYPERPRIOR,
    MEAN_SCALE,
    recipe,
    run,
    write_teacher,
)


class Stopped(Exception):
    """Ends a training where a kill would."""


def stop_at(step: int) -> Reporter:
    """Raises `Stopped` when a training tells of a step."""

    def tell(text: str) -> None:
        if text.startswith(f"step {step} "):
            raise Stopped

    return Reporter(tell)


@pytest.mark.parametrize(
    ("architecture", "stop"), [(FACTORIZED, 1), (FACTORIZED, 4), (FACTORIZED, 9), (MEAN_SCALE, 5)]
)
def test_a_stopped_training_goes_on_to_the_same_bits(
    architecture: Architecture, stop: int, tmp_path: Path
) -> None:
    write_teacher(tmp_path / "teacher.pt", replace(architecture, m=5))
    wanted = recipe(architecture, weights=Weights(hyper_latent=float(architecture != FACTORIZED)))
    every = {"teacher": tmp_path / "teacher.pt", "log_every": 1, "save_every": 2}
    whole = run(tmp_path, **every, output=tmp_path / "whole.pt", log=tmp_path / "whole.csv")
    distill(wanted, whole)
    parts = run(tmp_path, **every, output=tmp_path / "parts.pt", log=tmp_path / "parts.csv")
    with pytest.raises(Stopped):
        distill(wanted, parts, stop_at(stop))
    assert not parts.output.exists()
    distill(wanted, replace(parts, resume=True))
    assert parts.output.read_bytes() == whole.output.read_bytes()
    assert (tmp_path / "parts.csv").read_text() == (tmp_path / "whole.csv").read_text()
    assert not parts.state_path.exists()


def test_sums_between_two_rows_are_part_of_the_state(tmp_path: Path) -> None:
    logs = [tmp_path / "whole.csv", tmp_path / "parts.csv"]
    distill(recipe(), run(tmp_path, log=logs[0], log_every=5, save_every=3))
    parts = run(tmp_path, log=logs[1], log_every=5, save_every=3, output=tmp_path / "parts.pt")
    with pytest.raises(Stopped):
        distill(recipe(), parts, stop_at(5))
    distill(recipe(), replace(parts, resume=True))
    assert logs[0].read_text() == logs[1].read_text()
    assert [line.split(",")[0] for line in logs[0].read_text().splitlines()] == ["step", "5", "10"]


def test_resuming_what_is_finished_changes_nothing(tmp_path: Path) -> None:
    finished = run(tmp_path, resume=True)
    distill(recipe(), finished)
    before = finished.output.stat().st_mtime_ns
    distill(recipe(), finished)
    assert finished.output.stat().st_mtime_ns == before
    with pytest.raises(ModelError, match=r"was trained with lr 0.0005, found 0.1"):
        distill(recipe(lr=0.1), finished)


def test_an_unfinished_training_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        distill(recipe(), run(tmp_path, log_every=1), stop_at(2))
    with pytest.raises(ModelError, match="holds an unfinished training; --resume goes on with it"):
        distill(recipe(), run(tmp_path))
    with pytest.raises(ModelError, match="was trained with seed 0, found 1"):
        distill(recipe(seed=1), run(tmp_path, resume=True))


def test_seeds_differ(tmp_path: Path) -> None:
    for seed in (0, 1):
        distill(recipe(seed=seed), run(tmp_path, output=tmp_path / f"{seed}.pt"))
    zero, one = (read_student(tmp_path / f"{seed}.pt").state["g_a.0.weight"] for seed in (0, 1))
    assert (zero != one).any()


@pytest.mark.parametrize(
    "architecture",
    [*ALL, Architecture(Family.HYPERPRIOR, 3, 5, Norm.L1, Activation.LEAKY_RELU)],
    ids=str,
)
@pytest.mark.parametrize("half", [False, True])
def test_files_are_checkpoints(architecture: Architecture, half: bool, tmp_path: Path) -> None:
    path = distill(recipe(architecture), run(tmp_path, half=half))
    model = load_model(path)
    assert (model.channels, model.latents) == (architecture.n, architecture.m)
    assert model.assumed_norm is None
    student = build_student(architecture)
    student.load_state_dict(dict(read_student(path).state))
    student.eval()
    x = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        y = student.g_a(x)
        np.testing.assert_allclose(
            run_function(model, "g_s", y.numpy()),
            student.g_s(y + _medians(student, architecture)).numpy(),
            atol=1e-5,
        )
        outputs, coded = student(x), student.compress(x)
        decoded = student.decompress(coded["strings"], coded["shape"])
    torch.testing.assert_close(decoded["x_hat"], outputs["x_hat"].clamp(0, 1))
    dtype = torch.float16 if half else torch.float32
    assert {value.dtype for value in read_student(path).state.values()} >= {dtype}
    tables = {key: value.clone() for key, value in student.state_dict().items() if "_cdf" in key}
    student.update(force=True)
    assert all(torch.equal(student.state_dict()[key], value) for key, value in tables.items())


def _medians(student: Any, architecture: Architecture) -> torch.Tensor:
    medians = student.entropy_bottleneck.quantiles[:, 0, 1].reshape(1, -1, 1, 1)
    return medians if architecture == FACTORIZED else torch.zeros(1)


def test_the_state_is_a_checkpoint_too(tmp_path: Path) -> None:
    unfinished = run(tmp_path, log_every=1)
    with pytest.raises(Stopped):
        distill(recipe(HYPERPRIOR), unfinished, stop_at(2))
    assert load_model(unfinished.state_path).family == "ScaleHyperprior"


def test_distillation_brings_latents_nearer_to_the_teachers(tmp_path: Path) -> None:
    write_teacher(tmp_path / "teacher.pt", replace(FACTORIZED, m=6))
    terms: dict[float, float] = {}
    for latent in (0.0, 10.0):
        log = tmp_path / f"{latent}.csv"
        taught = run(tmp_path, teacher=tmp_path / "teacher.pt", log=log, log_every=60)
        weights = Weights(latent=latent)
        distill(recipe(steps=60, lr=1e-2, plain=0, weights=weights), taught)
        header, *rows = (line.split(",") for line in log.read_text().splitlines())
        terms[latent] = float(rows[-1][header.index("latent")])
    assert terms[10.0] < 0.5 * terms[0.0]


def test_the_teacher_is_asked_after_the_plain_phase(tmp_path: Path) -> None:
    write_teacher(tmp_path / "teacher.pt", FACTORIZED)
    log = tmp_path / "log.csv"
    taught = run(tmp_path, teacher=tmp_path / "teacher.pt", log=log, log_every=1)
    distill(recipe(plain=0.3), taught)
    header, *rows = (line.split(",") for line in log.read_text().splitlines())
    latent = header.index("latent")
    assert [float(row[latent]) > 0 for row in rows] == [False] * 3 + [True] * 7


def test_a_training_can_start_from_a_checkpoint(tmp_path: Path) -> None:
    first = distill(recipe(), run(tmp_path))
    second = run(tmp_path, start=first, output=tmp_path / "second.pt")
    distill(recipe(steps=1, lr=1e-12), second)
    before, after = (read_student(path).state["g_a.0.weight"] for path in (first, second.output))
    torch.testing.assert_close(before, after)
    third = replace(second, output=tmp_path / "third.pt")
    with pytest.raises(ModelError, match=r"student\.pt: does not fit the student: size mismatch"):
        distill(recipe(replace(FACTORIZED, n=5)), third)
    with pytest.raises(ModelError, match=r"student\.pt: has norm l2, the student l1"):
        distill(recipe(replace(FACTORIZED, norm=Norm.L1)), third)


@pytest.mark.parametrize("other", [FACTORIZED, MEAN_SCALE], ids=lambda a: a.family)
def test_transforms_of_another_family_begin_a_student(other: Architecture, tmp_path: Path) -> None:
    first = distill(recipe(HYPERPRIOR), run(tmp_path))
    second = run(tmp_path, start=first, output=tmp_path / "second.pt")
    distill(recipe(other, steps=1, lr=1e-12), second)
    before, after = (read_student(path).state for path in (first, second.output))
    for name in ("g_a.0.weight", "g_a.1.beta", "g_s.6.bias"):
        torch.testing.assert_close(before[name], after[name])
    wider = replace(other, m=other.m + 1)
    with pytest.raises(ModelError, match=r"student\.pt: does not fit the student: size mismatch"):
        distill(recipe(wider), replace(second, output=tmp_path / "third.pt"))


@pytest.mark.parametrize("architecture", [FACTORIZED, MEAN_SCALE], ids=lambda a: a.family)
def test_teachers_of_other_families_are_refused(architecture: Architecture, tmp_path: Path) -> None:
    write_teacher(tmp_path / "teacher.pt", architecture)
    with pytest.raises(ModelError, match=r"teacher\.pt: is a .*expected a ScaleHyperprior"):
        distill(recipe(HYPERPRIOR), run(tmp_path, teacher=tmp_path / "teacher.pt"))


def test_transforms_without_an_entropy_model_teach_every_family(tmp_path: Path) -> None:
    model = write_teacher(tmp_path / "teacher.pt", replace(FACTORIZED, m=6))
    state = {key: value for key, value in model.state_dict().items() if key.startswith("g_")}
    torch.save({"state_dict": state, "norm": "l2"}, tmp_path / "pair.pt")
    for architecture in ALL:
        output = tmp_path / f"{architecture.family}.pt"
        taught = run(tmp_path, teacher=tmp_path / "pair.pt", output=output)
        distill(recipe(architecture, steps=2, plain=0), taught)
    hyper = recipe(HYPERPRIOR, weights=Weights(hyper_latent=0.1))
    with pytest.raises(ModelError, match=r"pair\.pt: has no hyper-latents for the term"):
        distill(hyper, run(tmp_path, teacher=tmp_path / "pair.pt"))


def test_a_teacher_with_a_larger_step(tmp_path: Path) -> None:
    model = write_teacher(tmp_path / "teacher.pt", HYPERPRIOR)
    images = torch.rand(2, 3, 64, 64)
    fine, coarse = (
        load_teacher(tmp_path / "teacher.pt", Family.HYPERPRIOR, step=step).targets(images)
        for step in (1.0, 3.0)
    )
    torch.testing.assert_close(coarse.latents * 3, fine.latents)
    with torch.no_grad():
        wanted = model.g_s((model.g_a(images) / 3).round() * 3)
    torch.testing.assert_close(coarse.pixels, wanted)
    assert (coarse.pixels != fine.pixels).any()


@pytest.mark.parametrize("architecture", ALL, ids=lambda a: a.family)
def test_mixed_precision(
    architecture: Architecture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a GPU would do in bfloat16, on the processor."""
    write_teacher(tmp_path / "teacher.pt", replace(architecture, m=6))
    taught = run(tmp_path, teacher=tmp_path / "teacher.pt")
    mixed = Fabric(accelerator="cpu", devices=1, precision="bf16-mixed")
    monkeypatch.setattr(training, "_fabric", lambda allowed: mixed)
    distill(recipe(architecture, steps=2, plain=0.5), taught)
    assert {value.dtype for value in read_student(taught.output).state.values()} >= {torch.float32}


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """What a full disk does: writing beyond `size` bytes fails."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path) -> None:
    full = run(tmp_path)
    with largest_file(1000), pytest.raises(ModelError, match="cannot be written: File too large"):
        distill(recipe(), full)
    assert {path.name for path in tmp_path.iterdir()} == {"images"}


def test_a_disk_that_fills_up_leaves_the_last_state(tmp_path: Path) -> None:
    filling = run(tmp_path, log_every=1, save_every=4)
    with pytest.raises(Stopped):
        distill(recipe(), filling, stop_at(6))
    before = filling.state_path.read_bytes()
    with largest_file(1000), pytest.raises(ModelError, match="cannot be written: File too large"):
        distill(recipe(), replace(filling, resume=True))
    assert filling.state_path.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"images", filling.state_path.name}


@pytest.mark.parametrize("name", ["missing/student.pt", "images"])
def test_outputs_that_cannot_be_written(name: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be written|is a folder"):
        distill(recipe(), run(tmp_path, output=tmp_path / name))


def test_a_training_that_diverges_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"step \d: the loss has no finite gradient any more"):
        distill(recipe(lr=1e30), run(tmp_path, save_every=1))
    assert read_student(run(tmp_path).state_path).training is not None


def test_images_are_asked_for_first(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no such file or folder"):
        distill(recipe(), run(tmp_path, images=(tmp_path / "none",)))
