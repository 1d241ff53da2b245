"""The parts of pruning: groups, adjoints, curvature, what a removal costs, and the fit."""

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from licc.backends.interpreter import Listener, run
from licc.dialects import nn
from licc.dialects.tensors import array_of, shape_of
from licc.passes.constants import replace_constant
from licc.passes.pruning.adjoints import pull_back
from licc.passes.pruning.curvature import measure, trace
from licc.passes.pruning.demand import Pruning, parse_pruning
from licc.passes.pruning.groups import LATENT, Group, boundary_values, codec_groups
from licc.passes.pruning.refit import Whole, refit, whole_layers
from licc.passes.pruning.saliency import Block, shrunk_inverse
from licc.passes.pruning.work import total_macs, work_of
from licc.runtime.arithmetic import Array
from licc.tests.random_codecs import factorized, hyperprior, photograph

CODECS = {"factorized": factorized, "hyperprior": hyperprior}
FUNCTIONS = [
    *((factorized, name) for name in ("g_a", "g_s")),
    *((hyperprior, name) for name in ("g_a", "h_a", "h_s", "g_s")),
]


def image(seed: int = 0, size: int = 64) -> Array:
    """A float image [1, 3, size, size]."""
    return photograph(size, size, seed).astype(np.float32) / np.float32(255)


def group_named(module: ModuleOp, name: str) -> Group:
    """The group whose first writer has a name."""
    return next(group for group in codec_groups(module) if group.name == name)


def latent_group(module: ModuleOp) -> Group:
    """The group of the latents."""
    boundary = set(boundary_values(module, LATENT))
    return next(group for group in codec_groups(module) if boundary & set(group.values))


def silence(op: nn.Conv2dOp, channel: int) -> None:
    """Makes an output channel of a convolution zero."""
    for operand in (op.weight, op.bias):
        assert operand is not None
        array = array_of(operand).copy()
        array[channel] = 0
        replace_constant(op, operand, array)


@pytest.mark.parametrize(("codec", "name"), FUNCTIONS)
def test_adjoints_are_those_of_finite_differences(codec, name: str) -> None:
    module = codec()
    function = next(op for op in module.ops if isinstance(op, FuncOp) and op.sym_name.data == name)
    rng = np.random.default_rng(1)
    shape = (1, shape_of(function.args[0])[1], 16, 16)
    x = rng.normal(size=shape).astype(np.float32)
    values = {function.args[0]: x}
    result = run(module, name, x, Listener(values.__setitem__))
    weights = rng.normal(size=result.shape).astype(np.float32)
    gradient = pull_back(function, values, weights, lambda value, found: None)
    steepest, size = gradient / np.linalg.norm(gradient), np.float32(1e-2)
    sides = [run(module, name, x + sign * size * steepest) for sign in (1, -1)]
    slope = float(((sides[0] - sides[1]).astype(np.float64) * weights).sum()) / (2 * size)
    assert slope == pytest.approx(float(np.linalg.norm(gradient)), rel=0.01)


def test_latents_are_a_group_across_functions() -> None:
    group = latent_group(hyperprior())
    assert [op.layer.data for op in group.writers] == ["g_a.2", "h_s.3"]
    assert sorted(op.layer.data for op in group.readers) == ["g_s.0", "h_a.1"]
    assert not [g for g in codec_groups(factorized()) if len(g.writers) > 1]


def test_a_layer_that_meets_another_in_a_sum_is_in_no_group() -> None:
    assert {group.name for group in codec_groups(factorized())} == {"g_a.6", "g_s.1"}


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_a_silent_latent_goes_without_a_trace(codec) -> None:
    module = codec(channels=5, latents=4)
    writer = latent_group(module).writer
    assert isinstance(writer, nn.Conv2dOp)
    silence(writer, 2)
    for op in list(module.walk()):
        if isinstance(op, nn.BiasOp) and shape_of(op.result)[1] == 4:
            replace_constant(op, op.bias, np.zeros(4))
    before = trace(module, image()).results
    latent_group(module).keep(np.array([0, 1, 3]))
    module.verify()
    after = trace(module, image()).results
    assert np.array_equal(after["g_a"], before["g_a"][:, [0, 1, 3]])
    assert np.allclose(after["g_s"], before["g_s"], rtol=1e-5, atol=1e-5)
    assert np.ptp(after["g_s"]) > 0


def test_work_counts_what_goes_with_a_channel() -> None:
    module = hyperprior(channels=5, latents=4)
    groups = codec_groups(module)
    work = work_of(module, groups, [group.channels for group in groups])
    savings, whole = work.savings(), total_macs(module)
    assert work.total == pytest.approx(whole)
    for number, group in enumerate(groups):
        trial = module.clone()
        group_named(trial, group.name).keep(np.arange(1, group.channels))
        assert savings[number] == pytest.approx(whole - total_macs(trial))


def test_curvature_is_that_of_a_measured_loss() -> None:
    """Noise in a latent costs what the curvature of the layer that writes it says."""
    module, weight, size = hyperprior(channels=3), 7.0, 1e-2
    traced = trace(module, image())
    found = measure(module, [traced] * 40, lambda one: {"g_s": np.full((1, 1, 1, 1), weight)})
    rng, given = np.random.default_rng(2), traced.given["g_s"]
    assert found.pixels["g_a.2"] == 64 * 64 / 16
    for channel in range(given.shape[1]):
        losses: list[float] = []
        for _ in range(10):
            noisy = given.copy()
            noisy[0, channel] += size * rng.choice([-1, 1], given.shape[2:]).astype(np.float32)
            error = run(module, "g_s", noisy) - traced.results["g_s"]
            losses.append(weight / 2 * float(np.square(error, dtype=np.float64).sum()))
        curvature = found.channels["g_a.2"][channel, channel] * found.pixels["g_a.2"]
        assert np.mean(losses) == pytest.approx(0.5 * curvature * size**2, rel=0.1)


def test_a_removal_costs_what_the_best_fit_loses() -> None:
    rng = np.random.default_rng(3)
    mixing = rng.normal(size=(6, 6))
    covariance = mixing @ mixing.T + 0.1 * np.eye(6)
    weight, root = rng.normal(size=(4, 6)), rng.normal(size=(4, 4))
    curvature = root @ root.T
    block = Block(np.linalg.inv(covariance), weight.copy(), taps=2)
    left = np.ones(3, bool)
    gone: list[int] = []
    for channel in (1, 0):
        cost = block.costs(curvature, left)[list(np.flatnonzero(left)).index(channel)]
        before = _loss(block.weight - weight, covariance, curvature)
        block.remove(channel)
        left[channel] = False
        gone += [2 * channel, 2 * channel + 1]
        rest = np.setdiff1d(np.arange(6), gone)
        best = np.zeros_like(weight)
        cross = weight @ covariance[:, rest]
        best[:, rest] = np.linalg.solve(covariance[np.ix_(rest, rest)], cross.T).T
        assert block.weight == pytest.approx(best)
        assert cost == pytest.approx(_loss(best - weight, covariance, curvature) - before)


def _loss(error: Array, covariance: Array, curvature: Array) -> float:
    return 0.5 * float(np.trace(curvature @ error @ covariance @ error.T))


def test_shrinkage_keeps_variances_and_a_silent_channel_is_free() -> None:
    samples = np.random.default_rng(4).normal(size=(3, 500)).astype(np.float32)
    samples[2] = 0
    found = np.linalg.inv(shrunk_inverse(samples).astype(np.float64))
    variances = samples.var(axis=1)
    assert np.diag(found) == pytest.approx(variances, rel=1e-3, abs=1e-5)
    block = Block(shrunk_inverse(samples), np.ones((1, 3), np.float32), 1)
    costs = block.costs(np.ones((1, 1)), np.ones(3, bool))
    assert costs[2] < 1e-5 * costs[:2].min()


def test_the_fit_restores_what_a_copy_of_a_channel_did() -> None:
    """One of two equal channels goes: the other does the work of both."""
    module = hyperprior(channels=4)
    first = next(op for op in module.walk() if isinstance(op, nn.Conv2dOp))
    for operand in (first.weight, first.bias):
        assert operand is not None
        array = array_of(operand).copy()
        array[3] = array[2]
        replace_constant(first, operand, array)
    norm = group_named(module, "g_a.0").norms[0]
    for operand in (norm.beta, norm.gamma):
        array = array_of(operand).copy()
        array[3] = array[2]
        replace_constant(norm, operand, array)
    frames = [image(seed, 128) for seed in range(3)]
    traces = [trace(module, frame) for frame in frames]
    layers = [whole_layers(module, one.values) for one in traces]
    kept = {"g_a.0": np.array([0, 1, 2]), "g_a.1": np.array([0, 1, 2])}
    group_named(module, "g_a.0").keep(kept["g_a.0"])
    errors: list[float] = []
    for fits in (0, 3):
        for _ in range(fits):
            refit(module, frames, Whole(layers, kept))
        found = trace(module, frames[0]).results["g_a"] - traces[0].results["g_a"]
        errors.append(float(np.square(found).mean() / traces[0].results["g_a"].var()))
    assert errors[1] < 0.05 * errors[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (0.0, Pruning()),
        ("1e-3", Pruning(norm=1e-3)),
        ("norm=1e-3,flops=0.7", Pruning(norm=1e-3, flops=0.7)),
        ("flops=1, fps=60", Pruning(flops=1, fps=60)),
    ],
)
def test_demands(text, found: Pruning) -> None:
    assert parse_pruning(text) == found


@pytest.mark.parametrize("text", ["", "flops", "flops=", "macs=3", "flops=1,flops=1", "flops=7%"])
def test_no_demands(text: str) -> None:
    with pytest.raises(ValueError, match=r"prune must be like flops=0\.7"):
        parse_pruning(text)


@pytest.mark.parametrize("text", ["flops=0", "flops=1.1", "flops=nan", "fps=0", "fps=inf", "-1"])
def test_demands_out_of_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"above 0|positive and finite|not be negative"):
        parse_pruning(text)
