"""Real factors as integers."""

import numpy as np
import pytest

from licc.dialects.tensors import integer_type
from licc.passes.quantization.fixed_point import multipliers, narrowest, symmetric_weights


@pytest.mark.parametrize("exponent", range(-40, 17))
def test_the_largest_factor_fills_17_bits(exponent: int) -> None:
    factors = np.random.default_rng(exponent + 40).uniform(0, 1, 20) * 2.0**exponent
    found = multipliers(factors)
    assert 1 << 16 <= found.values.max() < 1 << 17
    error = np.abs(found.values - factors * 2.0**found.shift)
    assert error[factors * 2.0**found.shift < (1 << 17) - 1].max() <= 0.5


def test_a_factor_that_rounds_to_18_bits() -> None:
    found = multipliers(np.array([1 - 2.0**-19]))
    assert (found.values.tolist(), found.shift) == ([(1 << 17) - 1], 17)


def test_zeros_are_allowed() -> None:
    assert multipliers(np.zeros(3)).values.tolist() == [0, 0, 0]
    assert multipliers(np.array([0.0, 1.0])).values.tolist() == [0, 1 << 16]


def test_tiny_factors_stop_at_shift_62() -> None:
    found = multipliers(np.array([2.0**-60]))
    assert (found.values.tolist(), found.shift) == ([4], 62)


def test_large_factors() -> None:
    assert multipliers(np.array([131071.0])).shift == 0
    with pytest.raises(ValueError, match=r"a factor of 1\.31e\+05 is beyond 17 bits"):
        multipliers(np.array([131072.0]))
    found = multipliers(np.array([2.0**20]), (-62, 62))
    assert (found.values.tolist(), found.shift) == ([1 << 16], -4)


@pytest.mark.parametrize("bits", range(2, 17))
@pytest.mark.parametrize("axis", [0, 1])
def test_weights_within_half_a_step(bits: int, axis: int) -> None:
    """Half a step, and the roundings of the division and of the sum in float64: 2^-52 each, of a
    quotient below 2^15."""
    weight = np.random.default_rng(bits).normal(size=(4, 5, 3, 3))
    whole, scale = symmetric_weights(weight, bits, axis)
    highest = (1 << (bits - 1)) - 1
    others = tuple(i for i in range(4) if i != axis)
    assert scale.shape == (weight.shape[axis],)
    assert np.abs(whole).max(axis=others).tolist() == [highest] * len(scale)
    step = scale.reshape([-1 if i == axis else 1 for i in range(4)])
    assert (np.abs(weight / step - whole) <= 0.5 + 2.0**-36).all()


def test_a_channel_of_zeros() -> None:
    whole, scale = symmetric_weights(np.zeros((2, 3, 1, 1)), 8, 0)
    assert not whole.any()
    assert scale.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("values", "bits"),
    [([0], 2), ([127, -128], 8), ([128], 9), ([-129], 9), ([40000], 17), ([1 << 40], 42)],
)
def test_narrowest(values: list[int], bits: int) -> None:
    assert narrowest(np.array(values)) == integer_type(bits)
