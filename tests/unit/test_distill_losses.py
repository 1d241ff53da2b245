"""What students minimise, against CompressAI's own passes, losses and models."""

from pathlib import Path

import pytest
import torch
from compressai.losses import RateDistortionLoss
from pytorch_msssim import ms_ssim

from licc.frontend.students import Architecture, Weights
from licc.frontend.students.families import build_student
from licc.frontend.students.losses import TERMS, Distillation, run_student
from licc.frontend.students.teacher import Targets, load_teacher
from licc.tests.unit.students import ALL, FACTORIZED, HYPERPRIOR, recipe, write_teacher


@pytest.mark.parametrize("architecture", ALL, ids=lambda a: a.family)
def test_plain_loss_is_compressais(architecture: Architecture) -> None:
    torch.manual_seed(1)
    student, images = build_student(architecture), torch.rand(2, 3, 64, 128)
    torch.manual_seed(2)
    expected = RateDistortionLoss(lmbda=0.01)(student(images), images)
    torch.manual_seed(2)
    module = Distillation(student, recipe(architecture), None)
    found = dict(zip(TERMS, module(images, None), strict=True))
    torch.testing.assert_close(found["loss"], expected["loss"])
    torch.testing.assert_close(found["bpp"], expected["bpp_loss"])
    torch.testing.assert_close(found["mse"], expected["mse_loss"])


@pytest.mark.parametrize("architecture", ALL, ids=lambda a: a.family)
def test_teachers_make_what_compressai_makes(architecture: Architecture, tmp_path: Path) -> None:
    model = write_teacher(tmp_path / "teacher.pt", architecture)
    teacher = load_teacher(tmp_path / "teacher.pt", architecture.family)
    images = torch.rand(2, 3, 64, 128)
    targets = teacher.targets(images)
    with torch.no_grad():
        outputs, latents = model(images), model.g_a(images)
    medians = model.entropy_bottleneck.quantiles[:, 0, 1].reshape(1, -1, 1, 1).detach()
    assert medians.abs().max() > 0.01
    about = medians if architecture == FACTORIZED else 0
    assert latents.std() > 0.5
    torch.testing.assert_close(targets.pixels, outputs["x_hat"])
    torch.testing.assert_close(targets.latents, latents - about)


def test_every_term_is_what_the_formula_says() -> None:
    torch.manual_seed(1)
    weights = Weights(0.5, 0.3, 0.7, 0.11, 0.13)
    student, images = build_student(HYPERPRIOR), torch.rand(1, 3, 192, 192)
    targets = Targets(torch.rand(1, 4, 12, 12), torch.rand(1, 3, 3, 3), torch.rand(1, 3, 192, 192))
    module = Distillation(student, recipe(HYPERPRIOR, crop=192, weights=weights), None)
    torch.manual_seed(2)
    found = dict(zip(TERMS, module(images, targets), strict=True))
    torch.manual_seed(2)
    outputs = run_student(student, HYPERPRIOR.family, images)
    scale = 0.01 * 255**2
    expected = {
        "latent": (outputs.latents - targets.latents).square().mean(),
        "reconstruction": scale * (outputs.pixels - targets.pixels).square().mean(),
        "hyper_latent": (outputs.hyper_latents - targets.hyper_latents).square().mean(),
        "perceptual": 1 - ms_ssim(outputs.pixels, images, data_range=1.0),
    }
    for name, value in expected.items():
        torch.testing.assert_close(found[name], value)
    total = 0.5 * (scale * found["mse"] + found["bpp"]) + 0.3 * found["latent"]
    total = total + 0.7 * found["reconstruction"]
    total = total + 0.11 * found["hyper_latent"] + 0.13 * found["perceptual"]
    torch.testing.assert_close(found["loss"], total)


def test_adapters_are_there_where_widths_differ(tmp_path: Path) -> None:
    write_teacher(tmp_path / "teacher.pt", Architecture(HYPERPRIOR.family, 5, 6))
    teacher = load_teacher(tmp_path / "teacher.pt", HYPERPRIOR.family)
    module = Distillation(build_student(HYPERPRIOR), recipe(HYPERPRIOR), teacher)
    assert module.adapter.weight.shape == (6, 4, 1, 1)
    assert module.hyper_adapter.weight.shape == (5, 3, 1, 1)
    same = Distillation(build_student(HYPERPRIOR), recipe(HYPERPRIOR), None)
    assert not list(same.adapter.parameters())
    module(torch.rand(1, 3, 64, 64), teacher.targets(torch.rand(1, 3, 64, 64)))[0].backward()
    assert module.adapter.weight.grad.abs().max() > 0
