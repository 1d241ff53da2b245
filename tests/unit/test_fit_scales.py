"""fit-scales: the scale of a value from how its values are spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import PassFailedException

from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.dialects import gdn, nn
from licc.dialects.quant import UniformAttr
from licc.dialects.tensors import integer_range, integer_type, type_of
from licc.passes.fit_scales import BY_SAMPLES, by_error, by_percentile, widest
from licc.passes.value_ranges import ESTIMATORS, parse_ranges, ranges_text
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


def test_every_name_has_an_estimator() -> None:
    assert set(ESTIMATORS) == {"min-max", *BY_SAMPLES}


def test_shares_and_single_layers() -> None:
    before = dict(formats(apply(FORMATS)))
    options = 'estimator="0.5" layers="g_a.1=1.25,g_s.2=min-max,g_a.5=mse" limit=2'
    after = dict(formats(apply(f"{FORMATS}, fit-scales{{{options}}}")))
    assert after["g_a.1"] == 1.25 * before["g_a.1"]
    assert after["g_s.2"] == before["g_s.2"]
    assert after["g_a.0"] == 0.5 * before["g_a.0"]
    assert 0.5 * before["g_a.5"] < after["g_a.5"] < before["g_a.5"]


def test_words_and_options() -> None:
    assert parse_ranges("mse") == {"estimator": ("mse",), "layers": ("",)}
    text = ranges_text({"g_a.1": 0.8, "g_s.3": 1.25})
    assert text == "min-max,g_a.1=0.8,g_s.3=1.25"
    assert parse_ranges(text) == {"estimator": ("min-max",), "layers": ("g_a.1=0.8,g_s.3=1.25",)}


WRONG = {
    "best": "percentile, mse, or a share of min-max from 0.01 to 4, found best; or rate-distortion",
    "5": "from 0.01 to 4, found 5",
    "0": "found 0",
    "": "found nothing",
    "mse,g_a.1": "must be like g_a.1=mse, found g_a.1",
    "mse,g_a.1=": "found nothing",
    "mse,g_a.1=rate-distortion": "found rate-distortion",
    "mse,g_a.1=1,g_a.1=2": "the range of g_a.1 is given twice",
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_words(text: str) -> None:
    with pytest.raises(ValueError, match=WRONG[text]):
        parse_ranges(text)


def test_unknown_layer() -> None:
    with pytest.raises(PassFailedException, match=r"g_a.7 gives no value .* do: g_a.0, g_a.1"):
        apply(f'{FORMATS}, fit-scales{{layers="g_a.7=mse"}}')


def test_min_max_changes_nothing() -> None:
    assert str(apply(f"{FORMATS}, fit-scales{{estimator=min-max}}")) == str(apply(FORMATS))


def test_unknown_estimator() -> None:
    with pytest.raises(PassFailedException, match="must be min-max, percentile, mse, or a share"):
        apply(f"{FORMATS}, fit-scales{{estimator=best}}")
