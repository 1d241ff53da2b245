"""Fits the coefficients of the cost model to what synthesis measured.

The fit minimises the sum of the squared relative errors over coefficients from 0 on (non-negative
least squares; Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23). Errors of what
takes next to nothing, as a port without its FIFO, are relative to `LEAST_AMOUNT`.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from ...dialects.coefficients import NAMES, Coefficients
from .samples import Sample
from .terms import FITTED, Matrix

FEWEST_SAMPLES = 3
LEAST_AMOUNT = 300.0
INDEPENDENT = 0.01
DIGITS = 6
NOTHING = 1e-9


@dataclass(frozen=True)
class Fit:
    """Coefficients, and the names of those that were not fitted: fewer than `FEWEST_SAMPLES`
    samples have them, or what they add cannot be told from what others add."""

    coefficients: Coefficients
    kept: tuple[str, ...]


def fit(samples: Sequence[Sample], start: Coefficients) -> Fit:
    """The coefficients that predict samples best; those that the samples do not determine keep
    their value in `start`."""
    known = np.array(list(asdict(start).values()))
    terms = [sample.subject.terms for sample in samples]
    measured = np.array([[sample.measured[name] for name in FITTED] for sample in samples])
    weights = 1 / np.maximum(measured, LEAST_AMOUNT).reshape(-1)
    factors = np.concatenate([term.factors for term in terms]) * weights[:, None]
    rest = measured.reshape(-1) - np.concatenate([term.fixed for term in terms])
    chosen = _determined(factors, np.array([term.factors.any(axis=0) for term in terms]).sum(0))
    if not chosen:
        return Fit(start, NAMES)
    others = [index for index in range(len(NAMES)) if index not in chosen]
    goal = rest * weights - factors[:, others] @ known[others]
    scale = np.linalg.norm(factors[:, chosen], axis=0)
    found, _ = nnls(factors[:, chosen] / scale, goal)
    values = known.copy()
    values[chosen] = [
        float(f"{value:.{DIGITS}g}") if value > NOTHING else 0.0 for value in found / scale
    ]
    pairs = zip(NAMES, values.tolist(), strict=True)
    return Fit(Coefficients(**dict(pairs)), tuple(NAMES[index] for index in others))


def _determined(factors: Matrix, counts: NDArray[np.int64]) -> list[int]:
    """The columns that enough samples have, and of which a hundredth at least is no combination
    of those chosen before, the more frequent ones first."""
    basis = np.zeros((factors.shape[0], 0))
    chosen: list[int] = []
    for index in sorted(range(len(counts)), key=lambda index: -counts[index]):
        if counts[index] < FEWEST_SAMPLES:
            break
        column = factors[:, index] / np.linalg.norm(factors[:, index])
        column = column - basis @ (basis.T @ column)
        if (left := float(np.linalg.norm(column))) > INDEPENDENT:
            basis = np.column_stack([basis, column / left])
            chosen.append(index)
    return sorted(chosen)
