"""Symbols and restored latents of the three families of codecs, with transforms that are tables."""

from collections.abc import Callable

import numpy as np

from licc.runtime.arithmetic import Array
from licc.runtime.codec import encode, predicted_means, restore

IMAGE = np.zeros((1, 3, 8, 8), np.uint8)


def latents(*values: int) -> Array:
    """int16 [1, C, 1, 1]."""
    return np.array(values, np.int16).reshape(1, -1, 1, 1)


def transforms(**results: Array) -> Callable[[str, Array], Array]:
    """Functions that give what they are said to, each called with what the codec must give it."""
    given = {"g_a": IMAGE, "h_a": results["g_a"], "h_s": results.get("h_a")}

    def run(name: str, frame: Array) -> Array:
        assert np.array_equal(frame, given[name])
        return results[name]

    return run


def test_factorized() -> None:
    found = encode(transforms(g_a=latents(3, -4)), ("g_a", "g_s"), IMAGE)
    assert found.symbols.ravel().tolist() == [3, -4]
    assert found.hyper is None
    assert found.restored is found.symbols


def test_scale_hyperprior_rounds_half_up() -> None:
    run = transforms(g_a=latents(31, 32, -32, -33, 96), h_a=latents(7), h_s=latents(1, 1, 1, 1, 1))
    found = encode(run, ("g_a", "h_a", "h_s", "g_s"), IMAGE)
    assert found.symbols.ravel().tolist() == [0, 1, 0, -1, 2]
    assert found.restored.ravel().tolist() == [0, 64, 0, -64, 128]
    assert found.hyper is not None
    assert found.hyper.ravel().tolist() == [7]
    assert found.symbols.dtype == found.restored.dtype == np.int16


def test_mean_scale_hyperprior_codes_the_distance() -> None:
    run = transforms(g_a=latents(100, -100), h_a=latents(7), h_s=latents(1, 1, 90, 30))
    found = encode(run, ("g_a", "h_a", "h_s", "g_s"), IMAGE)
    assert found.symbols.ravel().tolist() == [0, -2]
    assert found.restored.ravel().tolist() == [90, 30 - 128]


def test_without_h_s_the_distance_is_to_zero() -> None:
    found = encode(transforms(g_a=latents(64), h_a=latents(7)), ("g_a", "h_a"), IMAGE)
    assert found.symbols.ravel().tolist() == [1]


def test_distances_beyond_16_bits() -> None:
    run = transforms(g_a=latents(32767, -32768), h_a=latents(0), h_s=latents(1, 1, -32768, 32767))
    found = encode(run, ("g_a", "h_a", "h_s", "g_s"), IMAGE)
    assert found.symbols.ravel().tolist() == [1024, -1024]
    assert found.restored.ravel().tolist() == [32767, -32768]


def test_restore_saturates() -> None:
    found = restore(latents(600, -600, 1), latents(0, 0, -1))
    assert found.dtype == np.int16
    assert found.ravel().tolist() == [32767, -32768, 63]


def test_predicted_means() -> None:
    assert predicted_means(latents(1, 2, 3), 3) is None
    means = predicted_means(latents(1, 2, 3, 4), 2)
    assert means is not None
    assert means.ravel().tolist() == [3, 4]
