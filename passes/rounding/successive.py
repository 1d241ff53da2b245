"""Weights rounded one after the other, each making up for the errors of those before it.

For one linear layer with inputs of second moment H, the output error of a rounding Ŵ is
tr((Ŵ − W) H (Ŵ − W)ᵀ). Column by column, in descending order of H's diagonal, every weight is
rounded to the nearest step, and its error is passed on to the columns that are not rounded yet in
the way that increases the output error least (Frantar et al., "OPTQ", ICLR 2023, eqs. 2 to 4; the
optimal update is that of Hassibi and Stork, 1993).
"""

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from ...runtime.arithmetic import Array

DAMPING = 0.3
SHRINKS = np.linspace(1.0, 0.5, 26)
BLOCK = 64


def channel_scales(weight: Array, power: Array, highest: int) -> Array:
    """The scale [rows] of each row of a weight [rows, n] with which plain rounding to
    −highest..highest gives the least squared error, each column weighted by `power` [n]."""
    largest = np.abs(weight).max(axis=1)
    start = np.where(largest > 0, largest / highest, 1.0)
    best, least = start, np.full(len(weight), np.inf)
    for shrink in SHRINKS:
        scale = start * shrink
        error = weight - nearest(weight, scale, highest)
        loss = np.square(error) @ power
        best, least = np.where(loss < least, scale, best), np.minimum(loss, least)
    return best


def nearest(weight: Array, scale: Array, highest: int) -> Array:
    """Each row's nearest multiples of its scale, half up."""
    steps = scale[:, np.newaxis]
    return np.clip(np.floor(weight / steps + 0.5), -highest, highest) * steps


def round_successively(weight: Array, moment: Array, scale: Array, highest: int) -> Array:
    """A weight [rows, n] on the steps of each row's scale, for inputs of second moment [n, n]."""
    order = np.argsort(-np.diag(moment), kind="stable")
    left = weight[:, order].astype(np.float64)
    factor = _inverse_factor(moment[np.ix_(order, order)])
    result = np.empty_like(left)
    for start in range(0, left.shape[1], BLOCK):
        block = slice(start, min(start + BLOCK, left.shape[1]))
        errors = np.zeros((len(left), block.stop - start))
        for column in range(start, block.stop):
            whole = nearest(left[:, [column]], scale, highest)[:, 0]
            result[:, column] = whole
            error = (left[:, column] - whole) / factor[column, column]
            errors[:, column - start] = error
            left[:, column : block.stop] -= np.outer(error, factor[column, column : block.stop])
        left[:, block.stop :] -= errors @ factor[block, block.stop :]
    back = np.empty_like(result)
    back[:, order] = result
    return back


def _inverse_factor(moment: Array) -> Array:
    """The upper Cholesky factor of the inverse of a damped second moment."""
    size = len(moment)
    damped = moment.astype(np.float64)
    mean = float(np.trace(damped)) / size
    damped = damped + (DAMPING * mean if mean > 0 else 1.0) * np.eye(size)
    inverse_root = solve_triangular(cholesky(damped, lower=True), np.eye(size), lower=True)
    return cholesky(inverse_root.T @ inverse_root, lower=False)
