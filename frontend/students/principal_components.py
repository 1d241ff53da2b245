"""Weights to begin with that already make a transform code of the images that are trained on.

Each convolution of the analysis takes the principal components of 2 x 2 blocks of what is before it
(Karhunen-Loève transform; Gonzalez and Woods, Digital Image Processing, section 11), its partner in
the synthesis their inverse, so the first reconstruction is about that of a linear transform of
blocks of 16 x 16 pixels. GDN begins with weaker divisors, for values double from layer to layer.
Channels beyond the components keep a tenth of their random weights. A training from here spares the
steps in which a random student learns what a picture is.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from ...dialects.gdn import Norm
from .architecture import Architecture, Family

BLOCK = 2
REST = 0.1
NEGLIGIBLE = 1e-9
PEAK = 255**2
CENTER = slice(2, 4)
"""A 5 x 5 kernel of stride 2 with padding 2 has the block that an output stands for here."""


@torch.no_grad()
def begin_with_components(
    student: Any, architecture: Architecture, images: Tensor, lmbda: float
) -> None:
    """Gives a student with random weights those of the block transform of images [B, 3, H, W].

    The latents are scaled so that rounding them makes the error that is best at high rates for
    `lmbda`, 1 / (2 ln 2 · 255² · λ); entropy models begin with the latents' deviations.
    """
    values, used, growth = images, 3, 1
    for layer, partner in zip(student.g_a, _partners(student), strict=True):
        if isinstance(layer, nn.Conv2d):
            used = _take_components(layer, partner, values, used)
        else:
            growth *= BLOCK ** (2 if architecture.norm is Norm.L2 else 1)
            for norm in (layer, partner):
                gamma = norm.gamma_reparam(norm.gamma) / growth
                norm.gamma.copy_(norm.gamma_reparam.init(gamma))
        values = layer(values)
    step = math.sqrt(12 / (2 * math.log(2) * PEAK * lmbda))
    for parameter in student.g_a[-1].parameters():
        parameter /= step
    student.g_s[0].weight *= step
    take_deviations(student, architecture, values / step)


def _partners(student: Any) -> list[Any]:
    """For each layer of the analysis the one in the synthesis that undoes it."""
    return list(reversed(student.g_s))


def _take_components(layer: Any, partner: Any, values: Tensor, used: int) -> int:
    """How many channels the components of the first `used` ones of `values` take."""
    blocks = nn.functional.unfold(values[:, :used], BLOCK, stride=BLOCK)
    rows = blocks.transpose(1, 2).flatten(0, 1).double()
    mean = rows.mean(0)
    energies, vectors = _eigenvectors(torch.cov(rows.T).reshape(len(mean), len(mean)))
    count = min(layer.out_channels, int((energies > NEGLIGIBLE * energies.max()).sum()))
    basis = vectors[:, -count:].flip(1).T
    shape = count, used, BLOCK, BLOCK
    for convolution in (layer, partner):
        convolution.weight *= REST
        convolution.bias.zero_()
    layer.weight[:count] = 0
    layer.weight[:count, :used, CENTER, CENTER] = basis.reshape(shape).float()
    layer.bias[:count] = -(basis @ mean).float()
    partner.weight[:count] = 0
    partner.weight[:count, :used, CENTER, CENTER] = basis.reshape(shape).float()
    partner.bias[:used] = mean.reshape(used, BLOCK**2).mean(1).float()
    return count


def _eigenvectors(symmetric: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues [n], the smallest first, and eigenvectors in the columns of [n, n]."""
    linalg: Any = torch.linalg
    return linalg.eigh(symmetric)


@torch.no_grad()
def take_deviations(student: Any, architecture: Architecture, latents: Tensor) -> None:
    """Makes the entropy model of latents [B, M, H, W] as wide as they are."""
    deviations = latents.transpose(0, 1).flatten(1).std(1).clamp(min=1)
    if architecture.family is Family.FACTORIZED:
        _spread(student.entropy_bottleneck, deviations)
    else:
        student.h_s[4].bias[: architecture.m] = deviations


def _spread(bottleneck: Any, deviations: Tensor) -> None:
    """Makes the densities as wide as the latents, as CompressAI makes them ten wide for all."""
    layers = len(bottleneck.matrices)
    for matrix in bottleneck.matrices:
        width = (4 * deviations) ** (1 / layers)
        matrix.copy_(torch.log(torch.expm1(1 / width / matrix.shape[1]))[:, None, None])
