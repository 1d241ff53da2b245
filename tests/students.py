"""Checkpoints of CompressAI's models with weights spread like trained ones, and what the compiler
makes of them."""

from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from licc.backends.report import Engine, build_report
from licc.backends.targets import load_target
from licc.compiler import ELLIPSIS, Pipeline, known_passes, make_pipeline
from licc.dialects.coefficients import set_coefficients
from licc.dimensioning import Demand
from licc.driver import pass_options
from licc.frontend import import_model, load_model
from licc.tests.bench.models import write_checkpoint

TRANSFORMS = ("g_a", "g_s", "h_a", "h_s")
SPREADS: dict[str, Callable[[Tensor], Tensor] | None] = {
    "uniform": None,
    "normal": lambda weight: torch.randn(weight.shape),
    "laplace": lambda weight: torch.distributions.Laplace(0.0, 0.7).sample(weight.shape),
    "student-t": lambda weight: torch.distributions.StudentT(3.0).sample(weight.shape) / 1.7,
}
"""How weights of variance 1 are drawn; None: as PyTorch initialises them."""


def write_student(path: Path, demand: Demand, n: int, spread: str, seed: int) -> None:
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


def compiled(path: Path, demand: Demand, fps: float) -> dict[str, Engine]:
    """The engines of the report that `licc compile` would write for a checkpoint, under a demand
    at `fps` (0: the fastest)."""
    target = load_target(demand.target)
    width, height = demand.size
    module = import_model(load_model(path, demand.norm), height, width)
    set_coefficients(module, target.coefficients)
    options = pass_options(demand.settings, target)
    options = {**options, "balance-pipeline": {**options["balance-pipeline"], "fps": (fps,)}}
    Pipeline(make_pipeline(ELLIPSIS, options, known_passes())).apply(module)
    clock = demand.clock_mhz or target.clock_mhz
    return build_report(module, target, clock, demand.size, {})["engines"]
