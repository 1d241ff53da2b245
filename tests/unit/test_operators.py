"""The integer operators on small frames whose results are known."""

import numpy as np
import pytest

from licc.runtime.arithmetic import Array
from licc.runtime.operators import gdn_core, offset, requantize, requantizer

INT8 = np.dtype(np.int8)
BYTE = (-128, 127)


def frame(*channels: list[int]) -> Array:
    """A frame of one row, a list of values for each channel."""
    return np.array(channels, np.int64)[np.newaxis, :, np.newaxis, :]


def vector(*values: int) -> Array:
    """A per-channel vector."""
    return np.array(values, np.int64)


def core(x: Array, beta: Array, gamma: Array, multiplier: Array, shift: int, **form) -> list:
    """`gdn_core` to 8 bits, as a list of channels."""
    result = gdn_core(x, beta, gamma, multiplier, shift, bounds=BYTE, dtype=INT8, **form)
    assert result.dtype == INT8
    return result[0, :, 0].tolist()


def test_requantize_has_a_bias_and_a_multiplier_for_each_channel() -> None:
    result = requantize(
        frame([10, -10], [10, -10]), vector(0, 6), vector(3, 2), None, 1, BYTE, INT8
    )
    assert result.dtype == INT8
    assert result[0, :, 0].tolist() == [[15, -15], [16, -4]]


def test_requantize_rounds_half_up_and_saturates() -> None:
    x = frame([1, -1, 3, -3, 255, -257])
    result = requantize(x, vector(0), vector(1), None, 1, BYTE, INT8)
    assert result.ravel().tolist() == [1, 0, 2, -1, 127, -128]


def test_negative_decides_by_the_sum_with_its_bias() -> None:
    x = frame([-5, -4, -3])
    result = requantize(x, vector(4), vector(8), vector(2), 1, BYTE, INT8)
    assert result.ravel().tolist() == [-1, 0, 4]


def test_relu() -> None:
    x = frame([-100, -1, 0, 1, 100])
    result = requantize(x, vector(0), vector(4), vector(0), 2, BYTE, INT8)
    assert result.ravel().tolist() == [0, 0, 0, 1, 100]


def test_largest_products() -> None:
    x = frame([(1 << 45) - 1, -(1 << 45) + 1])
    result = requantize(x, vector(0), vector((1 << 17) - 1), None, 62, BYTE, INT8)
    assert result.ravel().tolist() == [1, -1]


@pytest.mark.parametrize("negative", [None, vector(0, 3, 700), vector(900, 3, 3)])
@pytest.mark.parametrize("shift", [0, 1, 9, 20])
def test_a_bound_of_the_values_changes_no_bit(negative: Array | None, shift: int) -> None:
    """Up to the bound where float64 no longer holds the products, and beyond it."""
    bias, multiplier = vector(-7, 0, 1 << 20), vector(5, 4, 800)
    rng = np.random.default_rng(shift)
    for bits in (8, 24, 42, 43, 50):
        x = rng.integers(-(1 << bits) + 1, 1 << bits, (2000, 3))
        x[:3] = [-(1 << bits) + 1] * 3, [(1 << bits) - 1] * 3, [7, 0, -(1 << 20)]
        constants = bias, multiplier, negative, shift, (-(1 << 31), (1 << 31) - 1), np.dtype("i4")
        expected = requantizer(*constants)(x)
        assert np.array_equal(requantizer(*constants, largest=(1 << bits) - 1)(x), expected)


def test_offset() -> None:
    result = offset(frame([1, -2], [127, -128]), vector(-5, 64), 6, (-32768, 32767), INT8)
    assert result.dtype == INT8
    wide = offset(frame([1, -2], [600, -600]), vector(-5, 64), 6, (-32768, 32767), np.dtype("i2"))
    assert wide[0, :, 0].tolist() == [[59, -133], [32767, -32768]]


@pytest.mark.parametrize("halvings", range(1, 20))
def test_gdn_of_an_exact_root(halvings: int) -> None:
    """n = 4^k: the mantissa is 2^16, its reciprocal root 2^17, its root 2^15, k + 1 halvings."""
    beta, none = vector(4**halvings), vector(0).reshape(1, 1)
    x = frame([0, 1, -1, 100, -100])
    forward = core(x, beta, none, vector(1 << halvings), 16, l2=True, inverse=False)
    assert forward == [[0, 1, -1, 100, -100]]
    inverse = core(x, beta, none, vector(1), 16 + halvings, l2=True, inverse=True)
    assert inverse == [[0, 1, -1, 100, -100]]


def test_gdn_l1() -> None:
    """|x| = (6, 2): n = (2 + 6, 4 + 3 · 2 + 6) = (8, 16); r/2^16 is 2 (mantissa 1/2), L 4 and 5."""
    x, beta = frame([6], [-2]), vector(2, 4)
    gamma = np.array([[1, 0], [1, 3]])
    forward = core(x, beta, gamma, vector(8, 16), 16, l2=False, inverse=False)
    assert forward == [[6], [-2]]
    inverse = core(x, beta, gamma, vector(1, 1), 16, l2=False, inverse=True)
    assert inverse == [[48], [-32]]


def test_gdn_l2_reads_gamma_by_rows() -> None:
    """n_i = β_i + Σ_j γ_ij x_j²: 60 + 1 · 4 for the first channel, 7 + 1 · 9 for the second."""
    x, gamma = frame([3], [2]), np.array([[0, 1], [1, 0]])
    result = core(x, vector(60, 7), gamma, vector(1, 1), 16, l2=True, inverse=True)
    assert result == [[24], [8]]


def test_gdn_clamps_its_shift() -> None:
    """No shift below 1 or above 62, however large the norm's exponent."""
    big, one = vector((1 << 48) - 1), np.zeros((1, 1))
    x = frame([1, -1])
    assert core(x, big, one, vector(1), -62, l2=False, inverse=True) == [[127, -128]]
    assert core(x, big, one, vector(1), 62, l2=False, inverse=False) == [[0, 0]]


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    x = rng.integers(-1000, 1000, (1, 5, 7, 6))
    gamma = rng.integers(0, 100, (5, 5))

    def results() -> list[Array]:
        five = vector(1, 2, 3, 4, 5)
        form = {"l2": True, "inverse": False, "bounds": BYTE, "dtype": INT8}
        return [
            requantize(x, five, five, None, 3, BYTE, INT8),
            offset(x, five, 2, BYTE, INT8),
            gdn_core(x, five, gamma, five, 20, **form),
        ]

    whole = results()
    monkeypatch.setattr("licc.runtime.operators.BLOCK_ELEMENTS", 20)
    for a, b in zip(whole, results(), strict=True):
        assert np.array_equal(a, b)
