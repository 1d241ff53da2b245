"""Small students, images and recipes for the tests of distillation."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from licc.frontend.students import Architecture, Family, Recipe, Run
from licc.frontend.students.checkpoints import finished_state, write_student
from licc.frontend.students.families import build_student

FACTORIZED = Architecture(Family.FACTORIZED, 3, 4)
HYPERPRIOR = Architecture(Family.HYPERPRIOR, 3, 4)
MEAN_SCALE = Architecture(Family.MEAN_SCALE, 3, 4)
ALL = (FACTORIZED, HYPERPRIOR, MEAN_SCALE)
SIZES = ((80, 72), (64, 96), (70, 64))


def write_images(folder: Path) -> Path:
    """A folder with three images of random colours, smooth enough to be learnt."""
    folder.mkdir()
    rng = np.random.default_rng(3)
    for number, size in enumerate(SIZES):
        small = rng.integers(0, 256, (4, 4, 3), np.uint8)
        image = Image.fromarray(small).resize(size, Image.Resampling.BICUBIC)
        image.save(folder / f"{number}.png")
    return folder


def recipe(architecture: Architecture = FACTORIZED, **changes: Any) -> Recipe:
    """Ten steps of two crops."""
    crop = architecture.stride
    return Recipe(architecture, **{"lmbda": 0.01, "steps": 10, "batch": 2, "crop": crop} | changes)


def run(folder: Path, **changes: Any) -> Run:
    """A run on the images in `folder / "images"`, which are written if they are not there."""
    images = folder / "images"
    if not images.exists():
        write_images(images)
    return Run(**{"images": (images,), "output": folder / "student.pt"} | changes)


def write_teacher(path: Path, architecture: Architecture) -> Any:
    """Writes a checkpoint with random weights that make latents worth rounding; gives the model."""
    torch.manual_seed(11)
    model = build_student(architecture)
    with torch.no_grad():
        model.g_a[6].weight *= 30
        if architecture.has_hyperprior:
            model.h_a[4].weight *= 30
        for parameter in model.entropy_bottleneck.biases:
            parameter += torch.randn_like(parameter) / 2
    model.load_state_dict(finished_state(model, architecture, half=False))
    write_student(path, model.state_dict(), architecture, {})
    return model.eval()
