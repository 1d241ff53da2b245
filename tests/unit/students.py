"""Students, images and recipes for tests: small ones to train, and random ones with weights spread
like trained ones, and what the compiler makes of them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from licc.backends.report import Engine, build_report
from licc.backends.targets import load_target
from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.dialects.coefficients import set_coefficients
from licc.dimensioning import Demand
from licc.frontend import import_model, load_model
from licc.frontend.students import Architecture, Family, Recipe, Run
from licc.frontend.students.checkpoints import finished_state, write_student
from licc.frontend.students.families import build_student
from licc.settings import pass_options
from licc.tests.bench.models import write_checkpoint

FACTORIZED = Architecture(Family.FACTORIZED, 3, 4)
HYPERPRIOR = Architecture(Family.HYPERPRIOR, 3, 4)
MEAN_SCALE = Architecture(Family.MEAN_SCALE, 3, 4)
ALL = (FACTORIZED, HYPERPRIOR, MEAN_SCALE)
SIZES = ((80, 72), (64, 96), (70, 64))
WITHOUT_SEARCH = "..., size-fifos{search=false}"
TRANSFORMS = ("g_a", "g_s", "h_a", "h_s")
SPREADS: dict[str, Callable[[Tensor], Tensor] | None] = {
    "uniform": None,
    "normal": lambda weight: torch.randn(weight.shape),
    "laplace": lambda weight: torch.distributions.Laplace(0.0, 0.7).sample(weight.shape),
    "student-t": lambda weight: torch.distributions.StudentT(3.0).sample(weight.shape) / 1.7,
}
"""How weights of variance 1 are drawn; None: as PyTorch initialises them."""


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


def write_random_student(path: Path, demand: Demand, n: int, spread: str, seed: int) -> None:
    """Saves the state dict of a random model whose convolutions have weights of some spread."""
    write_checkpoint(path, demand.family, n, demand.m, seed)
    draw = SPREADS[spread]
    if draw is None:
        return
    state = torch.load(path, weights_only=True)
    for name, value in state.items():
        if name.split(".")[0] in TRANSFORMS and value.dim() == 4:
            state[name] = draw(value) * value.std()
    torch.save(state, path)


def compiled(
    path: Path, demand: Demand, fps: float, passes: str = WITHOUT_SEARCH
) -> dict[str, Engine]:
    """The engines of the report that `licc compile --passes` would write for a checkpoint, under a
    demand at `fps` (0: the fastest)."""
    target = load_target(demand.target)
    width, height = demand.size
    module = import_model(load_model(path, demand.norm), height, width)
    set_coefficients(module, target.coefficients)
    options = pass_options(demand.settings, target)
    options = {**options, "balance-pipeline": {**options["balance-pipeline"], "fps": (fps,)}}
    Pipeline(make_pipeline(passes, options, known_passes())).apply(module)
    clock = demand.clock_mhz or target.clock_mhz
    return build_report(module, target, clock, demand.size, {})["engines"]
