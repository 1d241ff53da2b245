"""How far predictions are from measurements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ...dialects.coefficients import Coefficients
from ..targets.calibration import ACTORS, CORE, RESOURCES, Comparison, Spread
from .fit import fit
from .reports import Amounts
from .samples import Sample
from .terms import FITTED


@dataclass(frozen=True)
class Trial:
    """A sample, what the fitted model predicts of it, and what a model predicts that was fitted
    without it (a core: without its actors); None if nothing was left to fit that one to."""

    sample: Sample
    predicted: Amounts
    left_out: Amounts | None

    @property
    def comparison(self) -> Comparison:
        """The trial, as a target file keeps it."""
        subject, measured = self.sample.subject, self.sample.measured
        pairs = {name: (self.predicted[name], measured[name]) for name in RESOURCES}
        return Comparison(subject.core, subject.name, subject.kind, self.sample.source, **pairs)


def trials(
    samples: Sequence[Sample], fitted: Coefficients, start: Coefficients
) -> tuple[Trial, ...]:
    """A trial of every sample; the fits without samples begin at `start`, as the whole one did."""
    return tuple(
        Trial(sample, predict(sample, fitted), _left_out(sample, samples, start))
        for sample in samples
    )


def predict(sample: Sample, model: Coefficients) -> Amounts:
    """What the cost model says of a sample."""
    cost = sample.subject.cost(model)
    return Amounts(cost.dsp, cost.bram36, cost.lut, cost.ff)


def _left_out(sample: Sample, samples: Sequence[Sample], start: Coefficients) -> Amounts | None:
    subject = sample.subject
    rest = [
        other
        for other in actors(samples)
        if other is not sample and (subject.kind != CORE or other.subject.core != subject.core)
    ]
    return predict(sample, fit(rest, start).coefficients) if rest else None


def actors(samples: Sequence[Sample]) -> list[Sample]:
    """The samples of actors and ports."""
    return [sample for sample in samples if sample.subject.kind != CORE]


def spreads(tried: Sequence[Trial]) -> dict[str, dict[str, Spread]]:
    """The errors of every class, of all actors and ports together, and of whole cores."""
    kinds: dict[str, list[Trial]] = {}
    for trial in tried:
        kinds.setdefault(trial.sample.subject.kind, []).append(trial)
    cores = kinds.pop(CORE, [])
    kinds |= {ACTORS: [trial for trial in tried if trial not in cores], CORE: cores}
    return {
        kind: {name: _spread(found, name) for name in RESOURCES}
        for kind, found in kinds.items()
        if found
    }


def _spread(tried: Sequence[Trial], resource: str) -> Spread:
    errors = [_error(t.predicted, t.sample.measured, resource) for t in tried]
    left_out = list(_left_out_errors(tried, resource)) if resource in FITTED else []
    return Spread(
        len(errors),
        _rms(errors),
        max(errors, key=abs),
        _rms(left_out) if len(left_out) == len(errors) else None,
    )


def _left_out_errors(tried: Sequence[Trial], resource: str) -> Iterator[float]:
    for trial in tried:
        if trial.left_out is not None:
            yield _error(trial.left_out, trial.sample.measured, resource)


def _error(predicted: Amounts, measured: Amounts, resource: str) -> float:
    """The error relative to what was measured, or to 1 where that was nothing."""
    return (predicted[resource] - measured[resource]) / max(measured[resource], 1)


def _rms(errors: Sequence[float]) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))
