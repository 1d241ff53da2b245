"""Training rounds as the compiler does: fake quantisation against the integer program."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from compressai.layers import GDN
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.func import functional_call
from xdsl.dialects.builtin import StringAttr
from xdsl.ir import SSAValue

from licc.backends import interpreter
from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.dialects.gdn import Norm
from licc.frontend import import_model
from licc.frontend.students import Architecture, Family, distill
from licc.frontend.students.checkpoints import read_student, write_student
from licc.frontend.students.fake_quantization import (
    FakeQuantization,
    round_values,
    round_weight,
    take_tensors,
)
from licc.passes.calibrate import built_in_mosaic
from licc.passes.quantization.fixed_point import symmetric_weights
from licc.student_formats import PASSES, student_formats
from licc.tests.unit.students import FACTORIZED, recipe, run, write_teacher

CASES = (
    Architecture(Family.FACTORIZED, 6, 5),
    Architecture(Family.HYPERPRIOR, 5, 6, Norm.L1),
    Architecture(Family.MEAN_SCALE, 5, 6),
)
BITS = {"weights": (6,), "activations": (6,)}


@pytest.fixture
def checkpoint(tmp_path: Path):
    """Writes a student whose GDN is far from the identity; gives its file and itself."""

    def write(architecture: Architecture) -> tuple[Path, Any]:
        student = write_teacher(tmp_path / "student.pt", architecture)
        for module in student.modules():
            if isinstance(module, GDN):
                module.beta.data = 0.5 + torch.rand(module.beta.numel())
                module.gamma.data = 0.4 * torch.rand(module.gamma.shape)
        write_student(tmp_path / "student.pt", student.state_dict(), architecture, {})
        return tmp_path / "student.pt", student

    return write


def integer_program(path: Path, norm: Norm) -> Any:
    """The codec in integers, from the passes that the formats come from."""
    module = import_model(path, 64, 64, norm)
    passes = f"{PASSES}, quantize"
    Pipeline(make_pipeline(passes, {"assign-precision": BITS}, known_passes())).apply(module)
    return module


@torch.no_grad()
def rounded(student: Any, rounding: FakeQuantization, name: str, x: torch.Tensor) -> torch.Tensor:
    """One transform of the student with rounded weights and values."""
    weights = {
        key.removeprefix(f"{name}."): value
        for key, value in rounding.weights().items()
        if key.startswith(f"{name}.")
    }
    return functional_call(getattr(student, name), weights, (x,))


def integers(module: Any, x: np.ndarray) -> dict[str, np.ndarray]:
    """What every layer of @g_a stores, by its name."""
    stored: dict[str, np.ndarray] = {}

    def observe(value: SSAValue, array: np.ndarray) -> None:
        layer = value.owner.properties.get("layer")
        if isinstance(layer, StringAttr):
            stored[layer.data] = array

    interpreter.run(module, "g_a", x, interpreter.Listener(observe))
    return stored


@pytest.mark.parametrize("architecture", CASES, ids=lambda a: a.family)
def test_rounding_is_that_of_the_integer_program(architecture: Architecture, checkpoint) -> None:
    path, student = checkpoint(architecture)
    image = built_in_mosaic(64, 64)
    pixels = torch.as_tensor(image).float() / 255
    stored = integers(integer_program(path, architecture.norm), image)
    formats = student_formats(path, architecture.norm, "w6a6")
    with torch.no_grad():
        plain = student.g_a(pixels)
    take_tensors(student, formats.tensors)
    with torch.no_grad():
        torch.testing.assert_close(student.g_a(pixels), plain, atol=1e-4, rtol=1e-4)
    rounding = FakeQuantization(student, formats)
    seen: dict[str, np.ndarray] = {}
    for layer, format in formats.values.items():
        student.get_submodule(layer).register_forward_hook(
            lambda m, x, y, layer=layer, step=format.scale: seen.update({layer: y.numpy() / step})
        )
    rounded(student, rounding, "g_a", pixels)
    assert sorted(seen) == [f"g_a.{index}" for index in range(6)]
    off = {layer: np.abs(values - stored[layer]) for layer, values in seen.items()}
    assert all((off[layer] < 0.5).mean() > 0.98 for layer in ("g_a.0", "g_a.1", "g_a.3", "g_a.5"))
    assert max(values.max() for values in off.values()) < 16
    with torch.no_grad():
        student.g_a(pixels)
    assert (np.abs(seen["g_a.5"] - stored["g_a.5"]) < 0.5).mean() < 0.95


def test_every_stored_value_and_weight_has_a_format(checkpoint) -> None:
    path, _ = checkpoint(CASES[1])
    formats = student_formats(path, Norm.L1, "w6a7")
    convolutions = [f"{name}.{index}" for name in ("g_a", "g_s") for index in (0, 2, 4, 6)]
    convolutions += [f"{name}.{index}" for name in ("h_a", "h_s") for index in (0, 2, 4)]
    assert formats.weights == dict.fromkeys(convolutions, 6)
    inner = [f"{name}.{index}" for name in ("g_a", "g_s") for index in range(6)]
    inner += [f"{name}.{index}" for name in ("h_a", "h_s") for index in (1, 3)]
    assert sorted(formats.values) == sorted(inner)
    assert formats.values["g_a.0"].highest == 2**11 - 1
    assert formats.values["h_a.1"].lowest == 0
    assert formats.values["h_a.1"].highest == 2**7 - 1


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(2, 10), st.booleans())
def test_weights_are_rounded_as_quantize_rounds_them(
    seed: int, bits: int, transposed: bool
) -> None:
    rng, axis = np.random.default_rng(seed), int(transposed)
    weight = rng.normal(size=(3, 4, 3, 3)).astype(np.float32)
    whole, scale = symmetric_weights(weight, bits, axis)
    shape = [1] * 4
    shape[axis] = -1
    found = round_weight(torch.as_tensor(weight), bits, axis).numpy()
    off = np.abs(found / scale.reshape(shape) - whole)
    ties = np.abs(np.abs(weight / scale.reshape(shape)) % 1 - 0.5) < 1e-4
    assert off[~ties].max(initial=0) < 1e-3


def test_gradients_pass_where_formats_reach() -> None:
    x = torch.tensor([-3.0, -1.9, 0.26, 1.4, 1.6], requires_grad=True)
    y = round_values(x, 0.5, -4, 3)
    torch.testing.assert_close(y.detach(), torch.tensor([-2.0, -2.0, 0.5, 1.5, 1.5]))
    y.sum().backward()
    torch.testing.assert_close(x.grad, torch.tensor([0.0, 1.0, 1.0, 1.0, 0.0]))


@pytest.mark.slow
def test_fine_tuning_with_rounding_beats_rounding_afterwards(tmp_path: Path) -> None:
    base = recipe(FACTORIZED, steps=200, lr=1e-2, lmbda=0.1, batch=8, crop=32)
    start = distill(base, run(tmp_path, output=tmp_path / "start.pt"))
    formats = student_formats(start, Norm.L2, "w4a4")
    losses: dict[float, float] = {}
    for lr in (1e-12, 3e-3):
        log = tmp_path / f"{lr}.csv"
        tuning = run(tmp_path, start=start, output=tmp_path / f"{lr}.pt", log=log, log_every=20)
        distill(replace(base, steps=100, lr=lr, quantize="w4a4"), tuning, None, formats)
        header, *_, last = (line.split(",") for line in log.read_text().splitlines())
        losses[lr] = float(last[header.index("loss")])
    assert read_student(tuning.output).card["quantize"] == "w4a4"
    assert losses[3e-3] < 0.95 * losses[1e-12]


def test_quantize_needs_a_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="quantize and prune need a student to start from"):
        distill(recipe(quantize="w8a8"), run(tmp_path))
