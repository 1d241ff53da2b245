"""Samples of a design, and the fit of coefficients to them."""

from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from licc.backends.calibrate import CalibrationError
from licc.backends.calibrate.fit import fit
from licc.backends.calibrate.reports import Amounts, Report
from licc.backends.calibrate.samples import Sample, match
from licc.backends.calibrate.spreads import actors, predict, spreads, trials
from licc.backends.calibrate.subjects import port_widths
from licc.backends.report import build_report
from licc.backends.targets import load_target
from licc.backends.targets.calibration import CORE, PORT
from licc.dialects.coefficients import NAMES, UNCALIBRATED, Coefficients
from licc.tests.unit.calibration import codec, measure, subjects, undetermined

TRUTH = Coefficients(**{name: 3.0 + 7 * n for n, name in enumerate(NAMES)})
SOME = Amounts(1, 1, 1, 1)


def report(*names: str, top: str = "g_a", **more) -> Report:
    modules = tuple((name, SOME) for name in names)
    return Report(Path("csynth.xml"), "Vitis HLS", "", modules, top, **more)


def matched(*reports: Report):
    return match(reports, subjects(), port_widths(codec()))


def test_an_actor_is_known_by_its_instance() -> None:
    names = ("mac", "convolve_g_a_0_convolve_s", "convolve_g_a_0_convolve_Pipeline_steps")
    found = matched(report(*names))
    (sample,) = found.samples
    assert (sample.subject.name, sample.subject.kind) == ("g_a_0_convolve", "convolve")
    assert sample.subject.core == "g_a"
    assert found.unknown == ("mac",)
    assert "g_a_0_line_buffer" in found.missing
    assert not any(name.startswith("g_s") for name in found.missing)


@pytest.mark.parametrize(
    "name",
    [
        "convolve_g_a_0_convolve",
        "g_a_0_convolve",
        "g_a_convolve_g_a_0_convolve_s",
        "g_a_g_a_0_convolve",
    ],
)
def test_other_names_of_an_actor(name: str) -> None:
    (sample,) = matched(report(name)).samples
    assert sample.subject.name == "g_a_0_convolve"


def test_ports_and_cores() -> None:
    found = matched(report("read_axis_g_a_read_axis_s", "g_a"))
    assert [sample.subject.kind for sample in found.samples] == [PORT, CORE]


def test_the_same_report_twice_is_one() -> None:
    once = report("g_a_0_convolve")
    assert len(matched(once, once).samples) == 1


def test_two_measurements_of_one_actor() -> None:
    more = replace(report("g_a_0_convolve"), modules=(("g_a_0_convolve", SOME * 2),))
    with pytest.raises(CalibrationError, match="g_a_0_convolve is measured twice, and differently"):
        matched(report("g_a_0_convolve"), more)


def test_a_report_of_another_design() -> None:
    with pytest.raises(CalibrationError, match="no module of the design is in it; it has a, b, c"):
        matched(report("a", "b", "c", "d"))
    for port in ("in_TDATA", "out_r_TDATA"):
        with pytest.raises(CalibrationError, match=f"its port {port} has 7 bits, that of g_a has"):
            matched(report("g_a_0_convolve", port_bits={port: 7}))


def test_cores_alone_determine_nothing() -> None:
    with pytest.raises(CalibrationError, match="without -flatten"):
        matched(report("g_a"))


def test_a_core_takes_what_its_report_says() -> None:
    totals = build_report(codec(), load_target("zcu102"), 200.0, (256, 256), {})["engines"]
    cores = [subject.cost(UNCALIBRATED) for subject in subjects() if subject.kind == CORE]
    for name in ("dsp", "bram36", "lut", "ff"):
        used = sum(engine["resources"][name]["used"] for engine in totals.values())
        assert used == sum(getattr(cost, name) for cost in cores)


def test_terms_are_the_model() -> None:
    """The model is linear, as the fit takes it to be: its parts are rounded, so to some units."""
    values = np.array([getattr(TRUTH, name) for name in NAMES])
    for subject in subjects():
        cost, terms = subject.cost(TRUTH), subject.terms
        lut, ff = terms.factors @ values + terms.fixed
        assert (lut, ff) == pytest.approx((cost.lut, cost.ff), rel=1e-6, abs=0.5)


def test_fit_recovers_what_the_reports_were_made_with() -> None:
    samples = measure(TRUTH)
    found = fit(actors(samples), UNCALIBRATED)
    assert set(found.kept) == undetermined(actors(samples))
    for name in set(NAMES) - set(found.kept):
        assert getattr(found.coefficients, name) == pytest.approx(getattr(TRUTH, name), rel=1e-5)
    errors = spreads(trials(samples, found.coefficients, UNCALIBRATED))
    for name in ("lut", "ff"):
        for kind in errors.values():
            assert kind[name].rms == pytest.approx(0, abs=1e-4)
            assert kind[name].left_out == pytest.approx(0, abs=1e-4)


def test_errors_are_those_of_the_noise() -> None:
    rng = np.random.default_rng(0)

    def noisy(subject, amounts: Amounts) -> Amounts:
        return replace(amounts, lut=round(amounts.lut * rng.lognormal(0, 0.1)))

    samples = measure(TRUTH, noisy)
    found = fit(actors(samples), UNCALIBRATED)
    errors = spreads(trials(samples, found.coefficients, UNCALIBRATED))["actors"]
    assert 0.05 < errors["lut"].rms < 0.15
    assert errors["lut"].rms < errors["lut"].left_out < 0.2
    assert abs(errors["lut"].worst) > errors["lut"].rms
    assert errors["ff"].rms < 1e-3


def test_coefficients_never_go_below_zero() -> None:
    samples = measure(TRUTH, lambda subject, amounts: replace(amounts, lut=1))
    found = fit(actors(samples), UNCALIBRATED)
    assert min(asdict(found.coefficients).values()) == 0


def test_coefficients_without_samples_are_kept() -> None:
    samples = [s for s in measure(TRUTH) if s.subject.kind == "width_converter"]
    found = fit(samples, UNCALIBRATED)
    assert set(found.kept) == undetermined(samples)
    assert 0 < len(found.kept) < len(NAMES)
    for name in NAMES:
        whose = UNCALIBRATED if name in found.kept else TRUTH
        assert getattr(found.coefficients, name) == pytest.approx(getattr(whose, name), rel=1e-5)


def test_two_samples_are_too_few() -> None:
    samples = [s for s in measure(TRUTH) if s.subject.kind == "normalize"][:2]
    assert fit(samples, UNCALIBRATED).kept == NAMES
    assert fit(samples, UNCALIBRATED).coefficients == UNCALIBRATED


def test_a_left_out_core_is_predicted_without_its_actors() -> None:
    samples = measure(TRUTH)
    one_core = [s for s in samples if s.subject.core == "g_a"]
    tried = trials(one_core, TRUTH, UNCALIBRATED)
    assert spreads(tried)[CORE]["lut"].left_out is None
    (core,) = (t for t in trials(samples, TRUTH, UNCALIBRATED) if t.sample in one_core[-1:])
    assert core.left_out == predict(core.sample, TRUTH)


def test_structure_is_compared_and_not_fitted() -> None:
    def doubled(subject, amounts: Amounts) -> Amounts:
        return replace(amounts, dsp=2 * amounts.dsp)

    samples: list[Sample] = measure(TRUTH, doubled)
    errors = spreads(trials(samples, TRUTH, UNCALIBRATED))
    assert errors["convolve"]["dsp"].worst == pytest.approx(-0.5)
    assert errors["convolve"]["dsp"].left_out is None
    assert errors["width_converter"]["dsp"].worst == 0
