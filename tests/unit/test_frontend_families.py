"""Checkpoints of every family become IR that computes what CompressAI computes."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from compressai.entropy_models import EntropyBottleneck
from compressai.layers import GDN, GDN1
from compressai.models import (
    CompressionModel,
    FactorizedPrior,
    MeanScaleHyperprior,
    ScaleHyperprior,
)
from torch import Tensor, nn

from licc.backends import interpreter
from licc.dialects.gdn import Norm
from licc.frontend import import_model, load_model
from licc.frontend.model import reconstruct, run_function

FAMILIES = (FactorizedPrior, ScaleHyperprior, MeanScaleHyperprior)
SIZE = (64, 128)


def randomise(model: CompressionModel) -> CompressionModel:
    """Random weights with GDN parameters far from the identity, and medians far from 0."""
    for module in model.modules():
        if isinstance(module, GDN):
            channels = module.beta.numel()
            module.beta.data = 0.5 + torch.rand(channels)
            module.gamma.data = 0.6 * torch.rand(channels, channels)
        if isinstance(module, EntropyBottleneck):
            module.quantiles.data[:, 0, 1] = torch.randn(module.quantiles.shape[0])
    return model.eval()


def with_gdn1(model: CompressionModel) -> CompressionModel:
    """The model with GDN1 instead of GDN."""
    for transform in (model.g_a, model.g_s):
        for index, layer in enumerate(transform):
            if isinstance(layer, GDN):
                transform[index] = GDN1(layer.beta.numel(), inverse=layer.inverse)
    return model


def reference(model: CompressionModel) -> dict[str, Callable[[Tensor], Tensor]]:
    """What each function of the IR must compute, in CompressAI's own modules."""
    medians = model.entropy_bottleneck.quantiles[:, :, 1:2].detach().reshape(1, -1, 1, 1)
    if isinstance(model, FactorizedPrior):
        return {"g_a": lambda x: model.g_a(x) - medians, "g_s": lambda y: model.g_s(y + medians)}
    magnitude = torch.abs if not isinstance(model, MeanScaleHyperprior) else nn.Identity()
    return {
        "g_a": model.g_a,
        "h_a": lambda y: model.h_a(magnitude(y)) - medians,
        "h_s": lambda z: model.h_s(z + medians),
        "g_s": model.g_s,
    }


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(7)


@pytest.mark.parametrize(
    ("family", "widths"),
    [
        (FactorizedPrior, (5, 6)),
        (FactorizedPrior, (9, 4)),
        (ScaleHyperprior, (5, 7)),
        (MeanScaleHyperprior, (3, 6)),
    ],
)
def test_float_ir_computes_what_compressai_computes(
    family: type[CompressionModel], widths: tuple[int, int], tmp_path: Path
) -> None:
    original = randomise(family(*widths))
    path = tmp_path / "model.pt"
    torch.save(original.state_dict(), path)
    model = load_model(path)
    assert (model.family, model.channels, model.latents) == (family.__name__, *widths)
    module = import_model(model, *SIZE)
    assert set(interpreter.function_names(module)) == set(reference(original))
    for name, function in reference(original).items():
        x = np.random.default_rng(1).random(model.input_shape(name, *SIZE), np.float32)
        with torch.no_grad():
            expected = function(torch.as_tensor(x)).numpy()
        tolerance = 1e-5 * np.ptp(expected)
        np.testing.assert_allclose(run_function(model, name, x), expected, atol=tolerance)
        np.testing.assert_allclose(interpreter.run(module, name, x), expected, atol=tolerance)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: {"state_dict": state, "epoch": 3},
        lambda state: {"network": {f"module.{key}": value for key, value in state.items()}},
        lambda state: {"model": state},
    ],
)
def test_wrapped_state_dicts_are_the_plain_one(wrap, tmp_path: Path) -> None:
    state = randomise(FactorizedPrior(4, 6)).state_dict()
    torch.save(state, tmp_path / "plain.pt")
    torch.save(wrap(state), tmp_path / "wrapped.pth.tar")
    plain, wrapped = (load_model(tmp_path / n) for n in ("plain.pt", "wrapped.pth.tar"))
    x = np.random.default_rng(3).random((1, 3, 16, 16), np.float32)
    y = run_function(plain, "g_a", x)
    np.testing.assert_array_equal(run_function(wrapped, "g_a", x), y)
    np.testing.assert_array_equal(run_function(wrapped, "g_s", y), run_function(plain, "g_s", y))
    assert set(wrapped.tables) == set(plain.tables)


@pytest.mark.parametrize(
    ("extra", "argument"),
    [({"norm": "l1"}, None), ({"arch": "g_a conv-GDN1-conv"}, None), ({}, Norm.L1)],
)
def test_gdn1_is_told_by_the_file_or_by_the_caller(extra, argument, tmp_path: Path) -> None:
    original = randomise(with_gdn1(FactorizedPrior(4, 6)))
    torch.save({"state_dict": original.state_dict(), **extra}, tmp_path / "model.pt")
    model = load_model(tmp_path / "model.pt", argument)
    x = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        expected = reference(original)["g_a"](x).numpy()
    np.testing.assert_allclose(run_function(model, "g_a", x.numpy()), expected, atol=1e-5)


def test_float16_weights_become_float32(tmp_path: Path) -> None:
    original = randomise(FactorizedPrior(4, 6)).half()
    torch.save(original.state_dict(), tmp_path / "model.pt")
    model = load_model(tmp_path / "model.pt")
    x = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        expected = reference(original.float())["g_a"](x).numpy()
    np.testing.assert_allclose(run_function(model, "g_a", x.numpy()), expected, atol=1e-5)


def test_entropy_tables_are_carried_untouched(tmp_path: Path) -> None:
    original = randomise(ScaleHyperprior(4, 6))
    original.update()
    original.entropy_bottleneck._quantized_cdf += 1  # what an update() would undo
    state = original.state_dict()
    torch.save(state, tmp_path / "model.pt")
    tables = load_model(tmp_path / "model.pt").tables
    expected = {key for key in state if key.startswith(("entropy_", "gaussian_"))}
    assert set(tables) == expected
    for key in expected:
        assert tables[key].dtype == state[key].numpy().dtype
        np.testing.assert_array_equal(tables[key], state[key].numpy())


def test_transform_pair_with_effective_gdn(tmp_path: Path) -> None:
    """The format of the bls2017 file: 9x9 stride 4, effective l1 parameters, no entropy model."""
    state = {
        "g_a.0.weight": torch.randn(4, 3, 9, 9),
        "g_a.0.bias": torch.randn(4),
        "g_a.1.beta_eff": 0.5 + torch.rand(4),
        "g_a.1.gamma_eff": torch.rand(4, 4),
        "g_a.2.weight": torch.randn(6, 4, 5, 5),
        "g_s.0.weight": torch.randn(6, 4, 5, 5),
        "g_s.1.beta_eff": 0.5 + torch.rand(4),
        "g_s.1.gamma_eff": torch.rand(4, 4),
        "g_s.2.weight": torch.randn(4, 3, 9, 9),
        "g_s.2.bias": torch.randn(3),
    }
    torch.save({"state_dict": state, "arch": "conv-GDN1-conv"}, tmp_path / "model.pth")
    model = load_model(tmp_path / "model.pth")
    assert (model.family, model.stride, model.channels, model.latents) == ("TransformPair", 8, 4, 6)
    x = torch.rand(1, 3, 16, 24)
    y = nn.functional.conv2d(x, state["g_a.0.weight"], state["g_a.0.bias"], 4, 4)
    norm = torch.einsum("ij,njhw->nihw", state["g_a.1.gamma_eff"], y.abs())
    y = y / (norm + state["g_a.1.beta_eff"].reshape(1, -1, 1, 1))
    expected = nn.functional.conv2d(y, state["g_a.2.weight"], None, 2, 2).numpy()
    module = import_model(model, 16, 24)
    actual = interpreter.run(module, "g_a", x.numpy())
    np.testing.assert_allclose(actual, expected, atol=1e-5 * np.ptp(expected))
    assert interpreter.run(module, "g_s", expected).shape == (1, 3, 16, 24)


@pytest.mark.parametrize("family", FAMILIES)
def test_reconstruct_is_the_codec_of_compressai(
    family: type[CompressionModel], tmp_path: Path
) -> None:
    original = randomise(family(4, 6))
    torch.save(original.state_dict(), tmp_path / "model.pt")
    image = np.random.default_rng(2).integers(0, 256, (64, 64, 3), np.uint8)
    x = torch.as_tensor(image.transpose(2, 0, 1)[None] / np.float32(255))
    with torch.no_grad():
        expected = original(x)["x_hat"].numpy()[0]
    result = reconstruct(load_model(tmp_path / "model.pt"), image)
    np.testing.assert_allclose(result.pixels, expected, atol=1e-4 * np.ptp(expected))
    assert set(result.symbols) == ({"g_a"} if family is FactorizedPrior else {"g_a", "h_a"})
