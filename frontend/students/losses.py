"""What a student minimises.

With x the image, x̂ and y the student's reconstruction and latent, x̂' and y' the teacher's, A a
linear map (1x1 convolution) where their latents differ in channels, else the identity:

    rate-distortion   D = λ · 255² · mean (x - x̂)² + bits / pixel
    latent            mean (A y - y')²
    reconstruction    λ · 255² · mean (x̂ - x̂')²
    hyper-latent      as latent, of z
    perceptual        1 - MS-SSIM(x, x̂)

The loss is D in the plain phase and without a teacher, and the weighted sum of all terms
afterwards. The form is that of Mazouz et al., "Lightweight Embedded FPGA Deployment of Learned
Image Compression with Knowledge Distillation and Hybrid Quantization", 2025 (arXiv:2503.04832) and
Allemand et al., "Efficient Learned Image Compression Through Knowledge Distillation", 2025
(arXiv:2509.10366), from whom the weights are. Two things differ. Latents are compared before noise
is added to them, which has the same expected gradient. And the reconstruction term is on the scale
of the distortion: in pixels of 0..1 it would be a thousand times smaller than the rest.
"""

import math
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from .architecture import Family
from .fake_quantization import FakeQuantization
from .formats import Formats
from .recipe import Recipe
from .teacher import Targets, Teacher

TERMS = ("loss", "bpp", "mse", "latent", "reconstruction", "hyper_latent", "perceptual")
PEAK = 255**2


@dataclass(frozen=True)
class Outputs:
    """What a student makes of images in training, where noise stands for rounding."""

    pixels: Tensor
    latents: Tensor
    hyper_latents: Tensor | None
    likelihoods: tuple[Tensor, ...]


class Distillation(nn.Module):
    """A student with its adapters: images and targets in, the terms of the loss out.

    With `formats` the student is rounded as the compiler would round it.
    """

    def __init__(
        self,
        student: Any,
        recipe: Recipe,
        teacher: Teacher | None,
        formats: Formats | None = None,
    ):
        super().__init__()
        self.transforms = StudentPass(student, recipe.architecture.family)
        self.recipe = recipe
        self._rounding = FakeQuantization(student, formats) if formats else None
        student.entropy_bottleneck.quantiles.requires_grad_(False)
        n, m = recipe.architecture.n, recipe.architecture.m
        self.adapter = _adapter(m, teacher.model.latents if teacher else m)
        self.hyper_adapter = _adapter(n, (teacher.hyper_latents if teacher else None) or n)

    def forward(self, images: Tensor, targets: Targets | None) -> Tensor:
        """The `TERMS` [7] in float32; those that have no weight are 0. Images [B, 3, H, W] in 0..1;
        targets None means the plain phase."""
        outputs = self._run(images)
        zero = images.new_zeros(())
        scale = self.recipe.lmbda * PEAK
        mse = F.mse_loss(outputs.pixels, images)
        bpp = _bits(outputs.likelihoods) / (images.shape[0] * images.shape[2] * images.shape[3])
        plain = scale * mse + bpp
        if targets is None:
            return torch.stack((plain, bpp, mse, zero, zero, zero, zero))
        weights = self.recipe.weights
        latent = F.mse_loss(self.adapter(outputs.latents).float(), targets.latents)
        reconstruction = scale * F.mse_loss(outputs.pixels, targets.pixels)
        hyper = self._hyper_latent(outputs, targets) if weights.hyper_latent else zero
        perceptual = 1 - ms_ssim(outputs.pixels, images) if weights.perceptual else zero
        loss = (
            weights.rate_distortion * plain
            + weights.latent * latent
            + weights.reconstruction * reconstruction
            + weights.hyper_latent * hyper
            + weights.perceptual * perceptual
        )
        return torch.stack((loss, bpp, mse, latent, reconstruction, hyper, perceptual))

    def _run(self, images: Tensor) -> Outputs:
        if self._rounding is None:
            return self.transforms(images)
        weights = {f"student.{name}": value for name, value in self._rounding.weights().items()}
        return functional_call(self.transforms, weights, (images,))

    def _hyper_latent(self, outputs: Outputs, targets: Targets) -> Tensor:
        if outputs.hyper_latents is None or targets.hyper_latents is None:
            return targets.latents.new_zeros(())
        return F.mse_loss(self.hyper_adapter(outputs.hyper_latents).float(), targets.hyper_latents)


class StudentPass(nn.Module):
    """`run_student` as a module, so that one pass can be made with other weights."""

    def __init__(self, student: Any, family: Family):
        super().__init__()
        self.student: Any = student
        self._family = family

    def forward(self, images: Tensor) -> Outputs:
        """Images [B, 3, H, W] in 0..1."""
        return run_student(self.student, self._family, images)


def run_student(student: Any, family: Family, images: Tensor) -> Outputs:
    """CompressAI's forward pass with its latents in the open; its entropy models stay in float32
    where the transforms are in a mixed precision."""
    latents: Tensor = student.g_a(images).float()
    exact = torch.autocast(images.device.type, enabled=False)
    if family is Family.FACTORIZED:
        with exact:
            noisy, likelihoods = student.entropy_bottleneck(latents)
        return Outputs(student.g_s(noisy).float(), latents, None, (likelihoods,))
    has_means = family is Family.MEAN_SCALE
    hyper: Tensor = student.h_a(latents if has_means else latents.abs()).float()
    with exact:
        noisy_hyper, hyper_likelihoods = student.entropy_bottleneck(hyper)
    scales, means = student.h_s(noisy_hyper).float(), None
    if has_means:
        scales, means = scales.chunk(2, 1)
    with exact:
        noisy, likelihoods = student.gaussian_conditional(latents, scales, means=means)
    return Outputs(student.g_s(noisy).float(), latents, hyper, (likelihoods, hyper_likelihoods))


def ms_ssim(images: Tensor, others: Tensor) -> Tensor:
    """The mean MS-SSIM (Wang et al., 2003) of images [B, 3, H, W] in 0..1, by pytorch-msssim."""
    library: Any = import_module("pytorch_msssim")
    return library.ms_ssim(images, others, data_range=1.0)


def _bits(likelihoods: tuple[Tensor, ...]) -> Tensor:
    return torch.stack([torch.log(values).sum() for values in likelihoods]).sum() / -math.log(2)


def _adapter(channels: int, wanted: int) -> nn.Module:
    return nn.Identity() if channels == wanted else nn.Conv2d(channels, wanted, 1)
