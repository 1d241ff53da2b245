"""Adaptive rounding: what the taps see, and weights that make up for each other's errors."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import PassFailedException

from licc.backends.interpreter import Listener, run
from licc.cli_numbers import ROUNDING
from licc.compiler import Pipeline, known_passes, make_context, make_pipeline
from licc.dialects import nn
from licc.dialects.tensors import array_of
from licc.dialects.window import Window
from licc.passes.constants import replace_constant
from licc.passes.round_weights import METHODS, convolutions
from licc.passes.rounding.execution import Execution
from licc.passes.rounding.layer import moments_of, round_layer
from licc.passes.rounding.samples import patches, phases_of, positions
from licc.passes.rounding.successive import channel_scales, nearest, round_successively
from licc.runtime.arithmetic import Array
from licc.runtime.convolution import conv2d, conv_transpose2d
from licc.tests.random_codecs import factorized, hyperprior, photograph

WINDOWS = st.sampled_from(
    [
        Window(kernel, stride, kernel // 2, transposed)
        for kernel, stride in ((1, 1), (3, 1), (5, 2), (9, 4), (5, 4))
        for transposed in (False, True)
        if not transposed or 0 <= Window(kernel, stride, kernel // 2).output_padding < stride
    ]
)


def convolve(frame: Array, kernels: Array, window: Window) -> Array:
    """A convolution with weight [out, in, k, k]."""
    if window.transposed:
        weight = kernels.transpose(1, 0, 2, 3)
        return conv_transpose2d(frame, weight, window.stride, window.padding)
    return conv2d(frame, kernels, window.stride, window.padding)


@settings(deadline=None, max_examples=60)
@given(WINDOWS, st.integers(0, 99), st.integers(5, 9), st.integers(5, 9))
def test_patches_times_kernels_are_the_convolution(
    window: Window, seed: int, height: int, width: int
) -> None:
    rng = np.random.default_rng(seed)
    frame = rng.integers(-9, 10, (1, 3, height, width))
    kernels = rng.integers(-9, 10, (2, 3, window.kernel, window.kernel))
    expected = convolve(frame, kernels, window)[0]
    taps = 0
    for phase in phases_of(window):
        rows, columns = at = positions(window, frame.shape, 10**6, seed)
        part = kernels[:, :, *phase.kernel_indices]
        taps += part[0, 0].size
        found = part.reshape(2, -1) @ patches(frame, window, phase, at)
        step = window.phases
        (row,), (column,) = (
            {p for p in range(step) if window.taps(p) == taps_ and taps_}
            for taps_ in (phase.rows, phase.columns)
        )
        wanted = expected[:, rows * step + row, columns * step + column]
        assert np.array_equal(found, wanted)
    assert taps == window.kernel**2


def test_positions_are_drawn_without_repetition() -> None:
    window = Window(5, 2, 2)
    rows, columns = positions(window, (1, 3, 20, 30), 40, seed=3)
    assert len({*zip(rows.tolist(), columns.tolist(), strict=True)}) == 40
    assert rows.max() < 10
    assert columns.max() < 15


def loss(weight: Array, rounded: Array, moment: Array) -> float:
    """The mean squared error of the layer's output, all channels together."""
    error = rounded - weight
    return float(np.einsum("oi,ij,oj->", error, moment, error))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 999), st.integers(1, 90), st.integers(2, 6))
def test_successive_rounding(seed: int, size: int, bits: int) -> None:
    """It stays on the steps, and gives a smaller error than the nearest ones for alike inputs."""
    rng = np.random.default_rng(seed)
    weight = rng.normal(size=(4, size))
    shared = rng.normal(size=(size, 1))
    inputs = shared @ rng.normal(size=(1, 500)) + 0.1 * rng.normal(size=(size, 500))
    moment, highest = inputs @ inputs.T / 500, (1 << (bits - 1)) - 1
    scale = channel_scales(weight, np.diag(moment), highest)
    rounded = round_successively(weight, moment, scale, highest)
    steps = rounded / scale[:, np.newaxis]
    assert np.allclose(steps, np.round(steps), atol=1e-9)
    assert np.abs(steps).max() <= highest + 1e-9
    plain = loss(weight, nearest(weight, scale, highest), moment)
    if size >= 30:
        assert loss(weight, rounded, moment) < plain


def test_inputs_that_have_nothing_in_common_round_to_the_nearest() -> None:
    weight = np.random.default_rng(1).normal(size=(3, 70))
    scale = np.full(3, 0.25)
    rounded = round_successively(weight, np.diag(np.arange(1.0, 71.0)), scale, 127)
    assert np.allclose(rounded, nearest(weight, scale, 127), atol=1e-12)


@given(st.integers(0, 999), st.integers(2, 8))
def test_scales_are_no_worse_than_the_largest_weight_s(seed: int, bits: int) -> None:
    rng = np.random.default_rng(seed)
    weight, power = rng.standard_t(3, size=(5, 40)), rng.random(40)
    weight[0] = 0
    highest = (1 << (bits - 1)) - 1
    widest = np.abs(weight).max(axis=1) / highest
    widest[0] = 1.0
    found = channel_scales(weight, power, highest)
    assert found[0] == 1.0
    errors = [np.square(weight - nearest(weight, s, highest)) @ power for s in (found, widest)]
    assert (errors[0] <= errors[1]).all()


def test_a_layer_behind_wrong_inputs_makes_up_for_them() -> None:
    """Inputs at half their real size: weights and bias come out twice as large."""
    window = Window(3, 1, 1)
    rng = np.random.default_rng(5)
    real = rng.normal(size=(1, 4, 40, 40)).astype(np.float32) + 1
    kernels = rng.normal(size=(6, 4, 3, 3))
    found = round_layer(kernels, window, moments_of(window, [real / 2], [real]), 8)
    expected, before = convolve(real, kernels, window), convolve(real / 2, kernels, window)
    made = convolve(real / 2, found.weight, window) + found.shift.reshape(1, -1, 1, 1)
    assert np.square(made - expected).mean() < np.square(before - expected).mean() / 20
    assert np.allclose((made - expected).mean(axis=(0, 2, 3)), 0, atol=0.05)


def test_execution_gives_what_a_whole_run_gives() -> None:
    """Layer after layer, with weights of later layers exchanged meanwhile."""
    module = factorized()
    function = next(op for op in module.ops if isinstance(op, FuncOp))
    frame = photograph(32, 32).astype(np.float32)
    execution = Execution(frame)
    for layer in list(convolutions(function)):
        seen: dict[object, Array] = {function.args[0]: frame}
        run(module, "g_a", frame, Listener(seen.__setitem__))
        assert np.array_equal(execution.input_of(layer), seen[layer.input])
        assert np.array_equal(execution.input_of(layer), seen[layer.input])
        replace_constant(layer, layer.weight, array_of(layer.weight) * 2)


def apply(module: ModuleOp, text: str) -> ModuleOp:
    """Runs a pipeline on a copy."""
    copy = module.clone()
    Pipeline(make_pipeline(text, {}, known_passes())).apply(copy)
    return copy


FORMATS = "calibrate{limit=2}, assign-precision{weights=3 activations=12}"


@pytest.mark.parametrize("codec", [factorized, hyperprior])
def test_integer_programs_come_nearer_to_float(codec) -> None:
    """The latent, and the pixels made of the same latent, in weights of 3 bits; on an image that
    was not used to round them."""
    module = codec(64, channels=6, latents=4)
    image = photograph(64, 64, seed=5)
    errors: list[float] = []
    for rounding in ("", ", round-weights{limit=2}"):
        program = apply(module, f"{FORMATS}{rounding}, quantize")
        for op in convolutions(program):
            assert np.abs(array_of(op.weight)).max() <= 3
        latent = run(program, "g_a", image)
        real = run(module, "g_a", image.astype(np.float32) / 255)
        step = 1.0 if codec is factorized else 2.0**-6
        pixels = run(program, "g_s", latent)
        wanted = 255 * run(module, "g_s", latent.astype(np.float32) * np.float32(step))
        errors.append(float(np.square(latent * step - real).mean()))
        errors.append(float(np.square(pixels - np.clip(wanted, 0, 255)).mean()))
    assert errors[2] < errors[0]
    assert errors[3] < errors[1]


def test_weights_keep_their_steps_in_text() -> None:
    """What is printed, parsed and quantised is what would have been quantised at once."""
    rounded = apply(factorized(64), f"{FORMATS}, round-weights{{limit=1}}")
    again = Parser(make_context(), str(rounded)).parse_module()
    assert str(apply(again, "quantize")) == str(apply(rounded, "quantize"))
    for op in convolutions(rounded):
        assert op.scales is not None
        axis = 1 if isinstance(op, nn.ConvTranspose2dOp) else 0
        steps = np.moveaxis(array_of(op.weight), axis, -1) / op.scales
        assert np.allclose(steps, np.round(steps), atol=1e-5)


def test_the_command_knows_all_methods() -> None:
    assert set(ROUNDING) == set(METHODS)


def test_nearest_changes_nothing() -> None:
    formats = apply(factorized(), FORMATS)
    assert str(apply(formats, "round-weights{method=nearest}")) == str(formats)


def test_wrong_options() -> None:
    with pytest.raises(PassFailedException, match="nearest, adaptive, found best"):
        apply(factorized(), "round-weights{method=best}")
    with pytest.raises(PassFailedException, match="has no weight_bits; run assign-precision"):
        apply(factorized(), "round-weights{limit=1}")
    with pytest.raises(PassFailedException, match="limit must be at least 1, found 0"):
        apply(factorized(), "round-weights{limit=0}")
    with pytest.raises(PassFailedException, match="no/such: no such file or folder"):
        apply(factorized(), 'round-weights{images="no/such"}')
