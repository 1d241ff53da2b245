"""The bounds of sums are reached: neither too narrow nor too wide."""

import numpy as np
import pytest

from licc.dialects.window import Window
from licc.passes.quantization.intervals import convolution_bounds, signed_bits
from licc.runtime.convolution import conv2d, conv_transpose2d


@pytest.mark.parametrize("low", range(-70, 71))
def test_signed_bits(low: int) -> None:
    for high in range(low, 71):
        bits = signed_bits(low, high)
        holds = [-(1 << (b - 1)) <= low and high < 1 << (b - 1) for b in range(1, bits + 1)]
        assert holds == [False] * (bits - 1) + [True]


WINDOWS = [
    Window(3, 1, 1),
    Window(4, 2, 1),
    Window(1, 1, 0),
    Window(5, 4, 2),
    Window(3, 1, 1, True),
    Window(5, 2, 2, True),
    Window(2, 2, 0, True),
    Window(1, 2, 0, True),
    Window(9, 4, 4, True),
]


@pytest.mark.parametrize("window", WINDOWS, ids=str)
@pytest.mark.parametrize(("low", "high"), [(-128, 127), (0, 255), (-7, 7), (3, 9), (-9, -3)])
def test_bounds_are_those_of_the_worst_frame(window: Window, low: int, high: int) -> None:
    """Each output is Σ g · x over all inputs, g its response to an impulse; every x is in
    [low, high] or, outside the frame, 0."""
    rng, size, inputs = np.random.default_rng(1), 7, 2
    shape = (inputs, 3) if window.transposed else (3, inputs)
    weight = rng.integers(-8, 8, (*shape, window.kernel, window.kernel))
    convolve = conv_transpose2d if window.transposed else conv2d
    lowest, highest = 0, 0
    for position in range(inputs * size * size):
        impulse = np.zeros(inputs * size * size, np.int64)
        impulse[position] = 1
        frame = impulse.reshape(1, inputs, size, size)
        response = convolve(frame, weight, window.stride, window.padding).astype(np.int64)
        ends = np.stack([0 * response, response * low, response * high])
        lowest, highest = lowest + ends.min(axis=0), highest + ends.max(axis=0)
    found = convolution_bounds(weight, window, low, high)
    assert found[0].tolist() == lowest.min(axis=(0, 2, 3)).tolist()
    assert found[1].tolist() == highest.max(axis=(0, 2, 3)).tolist()
