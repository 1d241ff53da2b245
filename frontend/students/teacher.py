"""Teachers: trained models whose latents and reconstructions a student learns from."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from ...dialects.gdn import Norm
from ..errors import ModelError
from ..importer import read_model
from ..model import Model
from .architecture import Family
from .families import FAMILIES

LATENT_STRIDE = 16
MEDIAN = "median"
TRANSFORM_PAIR = "TransformPair"


@dataclass  # Fabric refuses frozen ones as inputs of a module in mixed precision
class Targets:
    """What a teacher makes of images: latents [B, M, H/16, W/16] before rounding, hyper-latents
    [B, N, H/64, W/64] or None, and pixels [B, 3, H, W] in 0..1 after rounding."""

    latents: Tensor
    hyper_latents: Tensor | None
    pixels: Tensor


class Teacher:
    """A loaded model with frozen transforms.

    Latents of a factorized model are taken about their medians. A pair of transforms without an
    entropy model is a teacher too. The latents are taught in units of `step`, which they are
    rounded to.
    """

    def __init__(self, model: Model, step: float = 1.0):
        self.model, self.step = model, step
        self._analysis, self._synthesis = (model.stages[name].module for name in ("g_a", "g_s"))
        self._hyper = model.stages["h_a"].module if "h_a" in model.stages else None
        self._hyper_synthesis = model.stages["h_s"].module if self._hyper else None
        for stage in model.stages.values():
            stage.module.requires_grad_(False)

    @property
    def hyper_latents(self) -> int | None:
        """How many channels the hyper-latents have."""
        return self.model.stages["h_a"].outputs if self._hyper else None

    def to(self, device: torch.device) -> None:
        """Moves all transforms."""
        for stage in self.model.stages.values():
            stage.module.to(device)

    @torch.no_grad()
    def targets(self, images: Tensor) -> Targets:
        """What the student is to learn; images [B, 3, H, W] in 0..1."""
        latents: Tensor = self._analysis(images)
        hyper = self._hyper(latents) if self._hyper else None
        means = torch.zeros_like(latents)
        if self.model.has_means and self._hyper_synthesis and hyper is not None:
            means = self._hyper_synthesis(hyper.round())[:, self.model.latents :]
        rounded = ((latents - means) / self.step).round() * self.step + means
        return Targets(latents / self.step, hyper, self._synthesis(rounded))


def load_teacher(
    path: Path, student: Family, norm: Norm | None = None, step: float = 1.0
) -> Teacher:
    """The teacher in a checkpoint; `ModelError` if a student of a family cannot learn from it."""
    if not path.is_file():
        raise ModelError(f"{path}: no such file")
    model = read_model(path, norm)
    family = FAMILIES[student]
    if model.family not in (family, TRANSFORM_PAIR):
        raise ModelError(
            f"{path}: is a {model.family}, whose latents a {student} student cannot learn; "
            f"expected a {family}, or transforms without an entropy model"
        )
    stride = model.stages["g_a"].stride
    if stride != LATENT_STRIDE:
        raise ModelError(
            f"{path}: has one latent for {stride} x {stride} pixels, a student has one for "
            f"{LATENT_STRIDE} x {LATENT_STRIDE}"
        )
    return Teacher(model, step)
