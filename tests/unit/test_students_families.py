"""Students of every family, width, norm and activation become IR that computes what they do."""

from pathlib import Path

import numpy as np
import pytest
import torch

from licc.backends import interpreter
from licc.dialects.gdn import Norm
from licc.frontend import ModelError, import_model, load_model
from licc.frontend.students import Activation, Architecture, Family
from licc.frontend.students.families import build_student, untrained_model

RELU, LEAKY = Activation.RELU, Activation.LEAKY_RELU
SIZE = (64, 128)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(5)


@pytest.mark.parametrize(
    "architecture",
    [
        Architecture(Family.FACTORIZED, 5, 3),
        Architecture(Family.FACTORIZED, 3, 7, Norm.L1),
        Architecture(Family.HYPERPRIOR, 5, 7),
        Architecture(Family.HYPERPRIOR, 3, 5, Norm.L1, LEAKY),
        Architecture(Family.MEAN_SCALE, 3, 5, Norm.L1),
        Architecture(Family.MEAN_SCALE, 5, 3, Norm.L2, RELU),
    ],
    ids=str,
)
def test_untrained_students_become_ir(architecture: Architecture) -> None:
    model = untrained_model(architecture, seed=5)
    torch.manual_seed(5)
    student = build_student(architecture).eval()
    assert (model.channels, model.latents) == (architecture.n, architecture.m)
    assert model.stride == architecture.stride
    module = import_model(model, *SIZE)
    names = ["g_a", "g_s", "h_a", "h_s"] if architecture.has_hyperprior else ["g_a", "g_s"]
    assert sorted(interpreter.function_names(module)) == names
    for name in names:
        x = np.random.default_rng(1).normal(size=model.input_shape(name, *SIZE)) / 4
        x = np.abs(x.astype(np.float32)) if name == "h_a" else x.astype(np.float32)
        with torch.no_grad():
            expected = getattr(student, name)(torch.as_tensor(x)).numpy()
        found = interpreter.run(module, name, x)
        np.testing.assert_allclose(found, expected, atol=1e-5 * np.ptp(expected))


def test_untrained_students_leave_the_generator_alone() -> None:
    before = torch.get_rng_state()
    untrained_model(Architecture(Family.FACTORIZED, 2, 2))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize(("family", "activation"), [("hyperprior", LEAKY), ("mean-scale", RELU)])
def test_files_say_which_activation(family: str, activation: Activation, tmp_path: Path) -> None:
    student = build_student(Architecture(Family(family), 4, 6, Norm.L2, activation)).eval()
    path = tmp_path / "model.pt"
    torch.save({"state_dict": student.state_dict(), "activation": str(activation)}, path)
    z = torch.randn(1, 4, 2, 2)
    with torch.no_grad():
        found = load_model(path).functions["h_s"](z)
        torch.testing.assert_close(found, student.h_s(z))


def test_files_cannot_name_an_unknown_activation(tmp_path: Path) -> None:
    student = build_student(Architecture(Family.HYPERPRIOR, 4, 6))
    torch.save({"state_dict": student.state_dict(), "activation": "gelu"}, tmp_path / "model.pt")
    with pytest.raises(ModelError, match="activation must be one of relu, leaky_relu, found gelu"):
        load_model(tmp_path / "model.pt")


@pytest.mark.parametrize(
    ("widths", "activation", "message"),
    [
        ((0, 4), None, "n must be 1 to 4096 channels, found 0"),
        ((4, 5000), None, "m must be 1 to 4096 channels, found 5000"),
        ((4, 4), RELU, "a factorized student has no activation but GDN, found relu"),
    ],
)
def test_wrong_architectures(widths, activation: Activation | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Architecture(Family.FACTORIZED, *widths, activation=activation)
