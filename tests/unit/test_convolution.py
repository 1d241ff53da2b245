"""Convolutions of frames against the sum that defines them, and their exactness."""

import numpy as np
import pytest

from licc.dialects.window import Window
from licc.runtime.arithmetic import Array
from licc.runtime.convolution import Convolution, conv2d, conv_transpose2d
from licc.runtime.scatter import FEW_OUTPUTS

FLOAT32_LIMIT = 1 << 24
FLOAT64_LIMIT = 1 << 53


def paddings(kernel: int, stride: int, transposed: bool) -> list[Window]:
    """The windows of this kernel and stride with every padding that they allow."""
    windows = [Window(kernel, stride, padding, transposed) for padding in range(kernel)]
    return [w for w in windows if not transposed or 0 <= w.output_padding < stride]


GROUPS = [
    windows
    for kernel in range(1, 10)
    for stride in (1, 2, 4)
    for transposed in (False, True)
    if (windows := paddings(kernel, stride, transposed))
]


def by_definition(frame: Array, weight: Array, window: Window) -> Array:
    """acc[o, Y, X], product by product, in the dtype of the factors."""
    height, width = frame.shape[2:]
    kernels = weight.transpose(1, 0, 2, 3) if window.transposed else weight
    size = (window.output_size(height), window.output_size(width))
    result = np.zeros((len(kernels), *size), frame.dtype)
    s, p = window.stride, window.padding
    inside = range(height), range(width)
    for ky in range(window.kernel):
        for kx in range(window.kernel):
            for y in range(size[0]):
                for x in range(size[1]):
                    row, column = (y * s - p + ky, x * s - p + kx)
                    if window.transposed:
                        if (y + p - ky) % s or (x + p - kx) % s:
                            continue
                        row, column = (y + p - ky) // s, (x + p - kx) // s
                    if row in inside[0] and column in inside[1]:
                        result[:, y, x] += kernels[:, :, ky, kx] @ frame[0, :, row, column]
    return result[np.newaxis]


def convolve(frame: Array, weight: Array, window: Window) -> Array:
    """The function under test."""
    function = conv_transpose2d if window.transposed else conv2d
    return function(frame, weight, window.stride, window.padding)


def weight_shape(window: Window, inputs: int, outputs: int) -> tuple[int, int, int, int]:
    """[out, in, k, k], or [in, out, k, k] of a transposed convolution."""
    channels = (inputs, outputs) if window.transposed else (outputs, inputs)
    return (*channels, window.kernel, window.kernel)


@pytest.mark.parametrize("windows", GROUPS, ids=lambda windows: str(windows[0]))
def test_every_padding(windows: list[Window]) -> None:
    for window in windows:
        kernel, rng = window.kernel, np.random.default_rng(window.kernel)
        rows = max(1, kernel - 2 * window.padding) + 2
        size = (5, 4) if window.transposed else (rows, kernel)
        frame = rng.integers(-128, 128, (1, 2, *size))
        for outputs in (3, FEW_OUTPUTS + 1):
            weight = rng.integers(-128, 128, weight_shape(window, 2, outputs))
            found = convolve(frame.astype(np.int8), weight.astype(np.int8), window)
            assert np.array_equal(found, by_definition(frame, weight, window)), window


@pytest.mark.parametrize("windows", GROUPS, ids=lambda windows: str(windows[0]))
def test_bands_change_nothing(windows: list[Window]) -> None:
    """A frame in bands of 1 to 4 rows."""
    for window in windows:
        rng = np.random.default_rng(window.kernel)
        frame = rng.integers(-128, 128, (1, 2, 17, window.kernel + 3)).astype(np.int8)
        cuts = np.cumsum(rng.integers(1, 5, 16))
        parts = np.split(frame[0].transpose(1, 2, 0), cuts[cuts < 17])
        for outputs in (3, FEW_OUTPUTS + 1):
            weight = rng.integers(-128, 128, weight_shape(window, 2, outputs)).astype(np.int8)
            one = Convolution(weight, window.stride, window.padding, window.transposed)
            bands = list(one.bands(parts, 17))
            found = np.concatenate(bands).transpose(2, 0, 1)[np.newaxis]
            assert np.array_equal(found, convolve(frame, weight, window)), window
            assert found.shape[2] == one.height(17)
            assert len(bands) > 1


@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("outputs", [4, FEW_OUTPUTS + 1])
def test_blocks_change_nothing(
    transposed: bool, outputs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, window = np.random.default_rng(0), Window(3, 2, 1, transposed)
    frame = rng.integers(0, 256, (1, 3, 9, 7))
    weight = rng.integers(-128, 128, weight_shape(window, 3, outputs))
    whole = convolve(frame, weight, window)
    for module in ("kernel", "scatter"):
        monkeypatch.setattr(f"licc.runtime.{module}.BLOCK_BYTES", 500)
    assert np.array_equal(convolve(frame, weight, window), whole)


def point_sum(values: list[int], frame: int) -> Array:
    """A 1 x 1 convolution over len(values) channels of one pixel each, all of value `frame`."""
    weight = np.array(values, np.int64).reshape(1, -1, 1, 1)
    return conv2d(np.full((1, len(values), 1, 1), frame, np.int64), weight, 1, 0)


def test_float32_up_to_its_last_exact_sum() -> None:
    assert 255 * (32767 + 32767 + 259) == FLOAT32_LIMIT - 1
    result = point_sum([32767, 32767, 259], 255)
    assert result.dtype == np.float32
    assert int(result.item()) == FLOAT32_LIMIT - 1


def test_one_more_is_split() -> None:
    result = point_sum([32767, 32767, 1, 259], 255)
    assert result.dtype == np.float64
    assert int(result.item()) == 255 * 65794


@pytest.mark.parametrize("channels", [2, 3, 4, 5, 9, 40])
def test_odd_sums_beyond_float32(channels: int) -> None:
    """Each sum is odd and above 2^24, so float32 alone would lose its last bit."""
    values = [(1 << 24) - 1 - 2 * i for i in range(channels)]
    assert int(point_sum(values, 1).item()) == sum(values)
    assert int(point_sum([-v for v in values], 1).item()) == -sum(values)


@pytest.mark.parametrize(("weights", "values"), [(8, 8), (8, 12), (8, 16), (12, 12), (16, 16)])
@pytest.mark.parametrize("transposed", [False, True])
@pytest.mark.parametrize("outputs", [2, FEW_OUTPUTS + 1])
def test_exact_at_every_width(weights: int, values: int, outputs: int, transposed: bool) -> None:
    rng, window = np.random.default_rng(weights * values), Window(5, 2, 2, transposed)
    low, high = -(1 << (values - 1)), 1 << (values - 1)
    frame = rng.integers(high - high // 8, high, (1, 24, 6, 6))
    frame[:, ::2] = rng.integers(low, low - low // 8, (1, 12, 6, 6))
    largest = (1 << (weights - 1)) - 1
    weight = rng.choice([-largest, largest, 1], weight_shape(window, 24, outputs))
    found = convolve(frame.astype(np.int16), weight.astype(np.int16), window)
    assert np.array_equal(found, by_definition(frame, weight, window))


def test_float64_to_its_end() -> None:
    exact = point_sum([1 << 26], (1 << 27) - 1)
    assert int(exact.item()) == (1 << 53) - (1 << 26)
    with pytest.raises(OverflowError, match=f"may reach {FLOAT64_LIMIT}, beyond 2"):
        point_sum([1 << 26], 1 << 27)


@pytest.mark.parametrize("transposed", [False, True])
def test_float_within_the_bound_of_a_dot_product(transposed: bool) -> None:
    """|error| ≤ n·u / (1 − n·u) · Σ |w·x| for n products in any order, u = 2^-24 (Higham, 3.5)."""
    rng, window = np.random.default_rng(5), Window(5, 2, 2, transposed)
    frame = rng.normal(size=(1, 6, 8, 8)).astype(np.float32)
    weight = rng.normal(size=weight_shape(window, 6, 4)).astype(np.float32)
    found = convolve(frame, weight, window)
    wide, kernels = frame.astype(np.float64), weight.astype(np.float64)
    products = 6 * 25 * 2.0**-24
    bound = products / (1 - products) * by_definition(abs(wide), abs(kernels), window)
    assert found.dtype == np.float32
    assert (np.abs(found - by_definition(wide, kernels, window)) <= bound).all()
