"""fit-scales: the scale of a value from how its values are spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import PassFailedException

from licc.cli_numbers import RANGES
from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.dialects import gdn, nn
from licc.dialects.quant import UniformAttr
from licc.dialects.tensors import integer_range, integer_type, type_of
from licc.passes.fit_scales import ESTIMATORS, by_error, by_percentile, widest
from licc.runtime.arithmetic import Array
from licc.tests.random_codecs import factorized

FORMATS = "calibrate{limit=2}, assign-precision{activations=5}"


def squared_error(samples: Array, format: UniformAttr, scale: float) -> float:
    steps = np.clip(np.floor(samples / scale + 0.5), *integer_range(format.storage))
    return float(np.square(steps * scale - samples).sum())


@given(st.integers(0, 999), st.integers(4, 10), st.booleans())
def test_scales_of_samples(seed: int, bits: int, signed: bool) -> None:
    samples = np.random.default_rng(seed).standard_t(3, 500)
    samples = samples if signed else np.abs(samples)
    format = UniformAttr(integer_type(bits, signed=signed), 1.0)
    low, high = integer_range(format.storage)
    whole = widest(samples, format)
    assert samples.max() <= high * whole * (1 + 1e-12)
    assert samples.min() >= low * whole * (1 + 1e-12)
    assert by_percentile(samples, format) <= whole
    best = by_error(samples, format)
    assert squared_error(samples, format, best) <= squared_error(samples, format, whole)


def test_an_outlier_is_given_up() -> None:
    samples = np.append(np.linspace(-1, 1, 100_000), 10.0)
    format = UniformAttr(integer_type(8), 1.0)
    assert widest(samples, format) == 10 / 127
    assert by_percentile(samples, format) == pytest.approx(1 / 127, rel=0.01)
    assert by_error(samples, format) < 8 / 127


def test_zeros_have_a_scale() -> None:
    format = UniformAttr(integer_type(8), 1.0)
    assert by_error(np.zeros(3), format) > 0


def formats(module: ModuleOp) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    for op in module.walk():
        if isinstance(op, nn.Conv2dOp | nn.ConvTranspose2dOp | gdn.NormalizeOp | nn.BiasOp):
            encoding = type_of(op.result).encoding
            if isinstance(encoding, UniformAttr):
                found.append((op.layer.data, encoding.scale))
    return found


def apply(text: str) -> ModuleOp:
    module = factorized(64)
    Pipeline(make_pipeline(text, {}, known_passes())).apply(module)
    return module


@pytest.mark.parametrize("estimator", ["mse", "percentile"])
def test_only_chosen_formats_change(estimator: str) -> None:
    """Pixels, symbols and what follows from them keep their scales; no other's gets larger."""
    before = formats(apply(FORMATS))
    after = formats(apply(f"{FORMATS}, fit-scales{{estimator={estimator} limit=2}}"))
    assert [name for name, _ in before] == [name for name, _ in after]
    changed = [(x, y) for (_, x), (_, y) in zip(before, after, strict=True) if x != y]
    assert changed
    assert all(y < x * (1 + 1e-6) for x, y in changed)
    fixed = {"g_a.7", "g_s.0", "g_s.3"}
    assert [x for x in before if x[0] in fixed] == [x for x in after if x[0] in fixed]


def test_the_command_knows_all_estimators() -> None:
    assert set(RANGES) == set(ESTIMATORS)


def test_min_max_changes_nothing() -> None:
    assert str(apply(f"{FORMATS}, fit-scales{{estimator=min-max}}")) == str(apply(FORMATS))


def test_unknown_estimator() -> None:
    with pytest.raises(PassFailedException, match="one of min-max, mse, percentile, found best"):
        apply(f"{FORMATS}, fit-scales{{estimator=best}}")
