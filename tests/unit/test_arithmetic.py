"""Rounding and saturation, exhaustively where they are small."""

import numpy as np
import pytest

from licc.runtime.arithmetic import round_shift, saturate


@pytest.mark.parametrize("shift", range(8))
def test_round_shift_is_the_floor_of_half_more(shift: int) -> None:
    values = np.arange(-1000, 1001)
    expected = [(v * 2 + 2**shift) // 2 ** (shift + 1) for v in range(-1000, 1001)]
    assert round_shift(values, shift).tolist() == expected


def test_round_shift_takes_a_shift_for_each_value() -> None:
    values, shifts = np.array([5, 5, 5, -5]), np.array([0, 1, 2, 1])
    assert round_shift(values, shifts).tolist() == [5, 3, 1, -2]


def test_round_shift_up_to_its_limits() -> None:
    values = np.array([1 << 62, -(1 << 62), (1 << 61) - 1])
    assert round_shift(values, 62).tolist() == [1, -1, 0]
    assert round_shift(values, 0).tolist() == values.tolist()


@pytest.mark.parametrize(
    ("low", "high", "dtype"), [(-128, 127, np.int8), (0, 255, np.uint8), (-2048, 2047, np.int16)]
)
def test_saturate(low: int, high: int, dtype: type) -> None:
    values = np.array([-(1 << 62), low - 1, low, 0, high, high + 1, 1 << 62])
    result = saturate(values, low, high, np.dtype(dtype))
    assert result.dtype == dtype
    assert result.tolist() == [low, low, low, 0, high, high, high]
