"""Random coefficients are found again in the reports that they make."""

from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licc.backends.calibrate.fit import fit
from licc.backends.calibrate.spreads import actors, predict
from licc.dialects.coefficients import NAMES, UNCALIBRATED, Coefficients
from licc.tests.unit.calibration import measure, undetermined


def coefficients(values: st.SearchStrategy[float]) -> st.SearchStrategy[Coefficients]:
    return st.builds(Coefficients, **dict.fromkeys(NAMES, values))


@settings(max_examples=20, deadline=None)
@given(coefficients(st.integers(0, 500).map(float)))
def test_whole_numbers_come_back(truth: Coefficients) -> None:
    samples = actors(measure(truth))
    found = fit(samples, UNCALIBRATED)
    assert set(found.kept) == undetermined(samples)
    again, expected = (
        {name: value for name, value in asdict(model).items() if name not in found.kept}
        for model in (found.coefficients, truth)
    )
    assert again == pytest.approx(expected, rel=1e-4, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(coefficients(st.floats(0.1, 500)))
def test_others_come_back_as_far_as_rounding_lets_them(truth: Coefficients) -> None:
    samples = actors(measure(truth))
    found = fit(samples, UNCALIBRATED)
    for sample in samples:
        again = predict(sample, found.coefficients)
        assert again.lut == pytest.approx(sample.measured.lut, rel=0.01, abs=3)
        assert again.ff == pytest.approx(sample.measured.ff, rel=0.01, abs=3)
