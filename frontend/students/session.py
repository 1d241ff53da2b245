"""A training from what it is given, teacher and images and an earlier state, to its file."""

import os
from pathlib import Path

import torch

from ..checkpoint import read_provenance
from ..errors import ModelError
from .checkpoints import read_student, start_from, write_bytes
from .fake_quantization import take_tensors
from .formats import Formats
from .images import open_images
from .principal_components import begin_with_components, take_deviations
from .pruning import hold_at_zero
from .recipe import Beginning, Card, Recipe
from .run import Reporter, Run
from .teacher import load_teacher
from .training import Training

COMPONENT_CROPS = 64


def train_student(recipe: Recipe, run: Run, reporter: Reporter, formats: Formats | None) -> Path:
    """See `licc.frontend.students.distill`."""
    family = recipe.architecture.family
    teacher = None
    if run.teacher:
        teacher = load_teacher(run.teacher, family, run.teacher_norm, recipe.teacher_step)
    if teacher and recipe.weights.hyper_latent and not teacher.hyper_latents:
        raise ModelError(f"{run.teacher}: has no hyper-latents for the term that learns them")
    images = open_images(run.images, recipe.crop, reporter.warn)
    card = recipe.card() | {
        "teacher": teacher.model.provenance.sha256 if teacher else None,
        "start": read_provenance(run.start).sha256 if run.start else None,
        "images": images.digest,
    }
    if run.resume and not run.state_path.exists() and run.output.exists():
        _expect_same(run.output, read_student(run.output).card, card)
        reporter.step(f"{run.output} is finished")
        return run.output
    _check_writable(run)
    training = Training(recipe, run, card, images, teacher, formats)
    _begin(training, formats)
    training.train(reporter)
    return run.output


def _begin(training: Training, formats: Formats | None) -> None:
    """Takes up the unfinished training, or the weights to start from, if there are any."""
    run = training.run
    if run.resume and run.state_path.exists():
        found = read_student(run.state_path)
        _expect_same(run.state_path, found.card, training.card)
        training.restore(found)
    elif run.state_path.exists():
        raise ModelError(
            f"{run.state_path}: holds an unfinished training; --resume goes on with it, "
            "or remove it"
        )
    elif run.start:
        if not start_from(training.student, training.recipe.architecture, run.start):
            _fit_entropy_model(training)
        if formats:
            take_tensors(training.student, formats.tensors)
    elif training.recipe.beginning is Beginning.COMPONENTS:
        _take_components(training)
    if formats:
        hold_at_zero(training.student, formats.pruned)


def _take_components(training: Training) -> None:
    recipe = training.recipe
    images = _first_images(training)
    begin_with_components(training.student, recipe.architecture, images, recipe.lmbda)
    _share(training)


@torch.no_grad()
def _fit_entropy_model(training: Training) -> None:
    """A first one, for transforms that come from another family."""
    student = training.student
    take_deviations(student, training.recipe.architecture, student.g_a(_first_images(training)))
    _share(training)


def _first_images(training: Training) -> torch.Tensor:
    recipe = training.recipe
    crops = training.images.batch(recipe.seed, recipe.steps, COMPONENT_CROPS)
    return torch.as_tensor(crops).to(training.fabric.device).float() / 255


def _share(training: Training) -> None:
    student = training.student
    student.load_state_dict(training.fabric.broadcast(student.state_dict()))


def _expect_same(path: Path, found: Card, wanted: Card) -> None:
    for key in wanted:
        if found.get(key) != wanted[key]:
            raise ModelError(
                f"{path}: was trained with {key} {found.get(key)}, found {wanted[key]}; a training "
                "goes on with the same recipe only"
            )


def _check_writable(run: Run) -> None:
    """Fails before the training, not after it."""
    for path in (run.output, run.log):
        if path is not None:
            if path.is_dir():
                raise ModelError(f"{path}: is a folder, expected a file to write")
            probe = path.with_name(f"{path.name}.{os.getpid()}.probe")
            write_bytes(probe, b"")
            probe.unlink()
