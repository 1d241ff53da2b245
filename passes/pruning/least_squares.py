"""The weights of a linear layer that fit best on images that they were not fitted to."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...runtime.arithmetic import Array
from .linear import solve

PULLS = (0.1, 1.0, 10.0)


@dataclass(frozen=True)
class Moments:
    """Of a layer's inputs x [n] and wanted outputs y [out] on some images: E[x xᵀ] [n, n], E[y xᵀ]
    [out, n], E[x] and E[y]."""

    moment: Array
    cross: Array
    mean: Array
    wanted: Array

    def error(self, fit: "Fit") -> float:
        """E|V x + b − y|², but for what does not depend on the fit."""
        weight, bias = fit.weight, fit.bias
        squares = np.vdot(weight @ self.moment, weight) - 2 * np.vdot(weight, self.cross)
        return float(squares + bias @ (bias + 2 * (weight @ self.mean - self.wanted)))


@dataclass(frozen=True)
class Fit:
    """A weight [out, n] and a bias [out]."""

    weight: Array
    bias: Array


def best_fit(weight: Array, bias: Array, sides: Sequence[Moments], has_bias: bool) -> Fit:
    """The least E|V x + b − y|² + d |V − W|² over all sides together, d a multiple of the mean
    variance of x: the one whose fits to all sides but one have the least error on that. Where no
    fit is better there than W and the old bias, these stay."""
    old = Fit(weight, bias)
    if len(sides) < 2:
        return old
    errors = [sum(side.error(old) for side in sides)]
    for pull in PULLS:
        error = 0.0
        for i, side in enumerate(sides):
            others = [*sides[:i], *sides[i + 1 :]]
            error += side.error(_fit(weight, bias, others, pull, has_bias))
        errors.append(error)
    best = int(np.argmin(errors))
    return _fit(weight, bias, sides, PULLS[best - 1], has_bias) if best else old


def _fit(weight: Array, bias: Array, sides: Sequence[Moments], pull: float, has_bias: bool) -> Fit:
    moment, cross, mean, wanted = (
        np.mean([getattr(side, name) for side in sides], axis=0)
        for name in ("moment", "cross", "mean", "wanted")
    )
    if has_bias:
        moment = moment - np.outer(mean, mean)
        cross = cross - np.outer(wanted, mean)
    size = len(moment)
    strength = pull * float(np.trace(moment)) / size
    if not strength > 0:
        return Fit(weight, bias)
    damped = moment + strength * np.eye(size)
    found = solve(damped, (cross + strength * weight).T).T
    return Fit(found, wanted - found @ mean if has_bias else bias)
