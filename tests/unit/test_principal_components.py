"""The weights that a student begins with."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from licc.dialects.gdn import Norm
from licc.frontend.students import Architecture, Family
from licc.frontend.students.families import build_student
from licc.frontend.students.losses import run_student
from licc.frontend.students.principal_components import begin_with_components

STUDENTS = (
    Architecture(Family.FACTORIZED, 24, 48),
    Architecture(Family.FACTORIZED, 24, 48, Norm.L1),
    Architecture(Family.HYPERPRIOR, 17, 33),
    Architecture(Family.MEAN_SCALE, 16, 300),
)


def smooth_images(count: int = 16) -> Tensor:
    """[count, 3, 64, 64] in 0..1, random colours 16 pixels apart."""
    colours = torch.rand(count, 3, 5, 5, generator=torch.Generator().manual_seed(5))
    return torch.nn.functional.interpolate(colours, 64, mode="bicubic").clamp(0, 1)


def student_of(architecture: Architecture, lmbda: float = 0.05) -> object:
    """A student with components of smooth images."""
    torch.manual_seed(2)
    student = build_student(architecture)
    begin_with_components(student, architecture, smooth_images(), lmbda)
    return student


def psnr(images: Tensor, others: Tensor) -> float:
    """In dB; pixels in 0..1."""
    return -10 * math.log10(float(torch.mean((images - others) ** 2)))


@pytest.mark.parametrize("architecture", STUDENTS, ids=str)
def test_a_student_begins_as_a_transform_code(architecture: Architecture) -> None:
    images = smooth_images()
    with torch.no_grad():
        outputs = run_student(student_of(architecture), architecture.family, images)
    assert psnr(images, outputs.pixels) > 25 > psnr(images, images.mean().expand_as(images)) + 10
    bits = -torch.log2(outputs.likelihoods[0]).sum() / outputs.latents.numel()
    assert bits < 10


def test_lambda_sets_the_scale_of_the_latents() -> None:
    architecture = replace(STUDENTS[0], norm=Norm.L2)
    with torch.no_grad():
        low, high = (
            run_student(student_of(architecture, lmbda), architecture.family, smooth_images())
            for lmbda in (0.01, 0.04)
        )
    torch.testing.assert_close(high.latents, 2 * low.latents)
