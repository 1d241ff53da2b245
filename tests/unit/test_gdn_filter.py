"""The filtered GDN gives the bits of the exact one, and knows where it cannot."""

from dataclasses import replace

import numpy as np
import pytest

from licc.runtime.arithmetic import Array
from licc.runtime.gdn import Gdn
from licc.runtime.gdn_cores import GdnCore, built_in_cores
from licc.runtime.gdn_filter import FilteredGdn, fastest

CHANNELS = 24
BOUNDS = (-512, 511)
FORMS = [(l2, inverse) for l2 in (True, False) for inverse in (True, False)]
CORES = [core for name, core in built_in_cores().items() if name != "small-table"]


def random_gdn(rng: np.random.Generator, l2: bool, inverse: bool, core: GdnCore) -> Gdn:
    """A GDN whose results for values of 12 bits fill 10 bits, and saturate sometimes."""
    beta = rng.integers(1, 1 << 38 if l2 else 1 << 27, CHANNELS)
    gamma = rng.integers(0, 1 << 16, (CHANNELS, CHANNELS)) * rng.integers(0, 2, CHANNELS)
    multiplier = rng.integers(1 << 13, 1 << 17, CHANNELS)
    shift = {(True, False): 14, (True, True): 53, (False, False): 4, (False, True): 62}
    int16 = np.dtype(np.int16)
    return Gdn(beta, gamma, multiplier, shift[l2, inverse], l2, inverse, BOUNDS, int16, core)


def pixels(rng: np.random.Generator, count: int) -> Array:
    """Values of 12 bits, small ones more often."""
    values = rng.normal(0, 1, (count, CHANNELS)) * rng.uniform(0, 900, (count, 1))
    return np.clip(np.rint(values), -2048, 2047).astype(np.int16)


@pytest.mark.parametrize("core", CORES, ids=lambda core: core.name)
@pytest.mark.parametrize(("l2", "inverse"), FORMS)
def test_same_bits(l2: bool, inverse: bool, core: GdnCore) -> None:
    rng = np.random.default_rng(1)
    for _ in range(4):
        exact = random_gdn(rng, l2, inverse, core)
        filtered, x = fastest(exact), pixels(rng, 3000)
        assert isinstance(filtered, FilteredGdn)
        found, expected = filtered(x), exact(x)
        assert found.dtype == expected.dtype
        assert np.array_equal(found, expected)
        assert len(np.unique(expected)) > 100


@pytest.mark.parametrize(("l2", "inverse"), FORMS)
def test_the_margin_holds_and_the_doubtful_are_few(l2: bool, inverse: bool) -> None:
    """Against results with 16 more fractional bits."""
    rng = np.random.default_rng(2)
    exact = random_gdn(rng, l2, inverse, CORES[0])
    filtered, x = fastest(exact), pixels(rng, 3000)
    assert isinstance(filtered, FilteredGdn)
    wide = {"bounds": (-(1 << 52), 1 << 52), "dtype": np.dtype(np.int64)}
    wanted = replace(exact, shift=exact.shift - 16, **wide)(x) / 2.0**16
    found, room = replace(filtered, exact=replace(exact, **wide))._approximate(x)
    large = np.abs(wanted) > 64
    error = np.abs(found - wanted)[large] / np.abs(wanted[large])
    assert filtered.margin / 20 < error.max() < filtered.margin + 2.0**-22
    one = filtered._rounded(found, 1 - filtered.margin, room)
    other = filtered._rounded(found, 1 + filtered.margin, found)
    assert 0 < (one != other)[~large].mean() < 0.01


@pytest.mark.parametrize(("l2", "inverse"), FORMS)
def test_values_at_are_those_of_the_block(l2: bool, inverse: bool) -> None:
    rng = np.random.default_rng(3)
    exact, x = random_gdn(rng, l2, inverse, CORES[0]), pixels(rng, 50)
    where = rng.integers(0, 50, 200), rng.integers(0, CHANNELS, 200)
    assert np.array_equal(exact.at(x, *where), exact(x)[where])


def test_a_result_at_a_boundary_is_exact() -> None:
    """n = 4^k, so that x / 2 is met exactly: float32 alone cannot say whether it is reached."""
    beta, gamma = np.full(CHANNELS, 4**16), np.zeros((CHANNELS, CHANNELS), np.int64)
    one = np.full(CHANNELS, 1 << 15)
    dtype = np.dtype(np.int16)
    exact = Gdn(beta, gamma, one, 16, True, False, BOUNDS, dtype)
    x = np.arange(-480, 480).reshape(-1, CHANNELS).astype(np.int16)
    filtered = fastest(exact)
    assert isinstance(filtered, FilteredGdn)
    assert np.array_equal(filtered(x), (x + 1) >> 1)


@pytest.mark.parametrize(
    "change",
    [
        {"bounds": (-(1 << 15), (1 << 15) - 1)},
        {"drop": 3},
        {"shift": 60},
        {"multiplier": np.zeros(CHANNELS, np.int64)},
        {"core": built_in_cores()["small-table"]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_the_filter_leaves_to_the_exact_one(change: dict[str, object]) -> None:
    exact = random_gdn(np.random.default_rng(4), True, False, CORES[0])
    changed = replace(exact, **change)
    assert fastest(changed) is changed


def test_a_core_without_error_bound_is_measured() -> None:
    """Factors that are wrong for one mantissa make the margin as large as that error."""
    exact = random_gdn(np.random.default_rng(5), True, False, CORES[0])
    factors = exact.factors.copy()
    factors[200_000] += 6
    filtered, plain = fastest(replace(exact, core=factors)), fastest(exact)
    assert isinstance(filtered, FilteredGdn)
    assert isinstance(plain, FilteredGdn)
    assert filtered.margin > 2 * plain.margin
