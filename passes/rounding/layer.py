"""The rounding of one convolution, from what its taps see in the float and the integer program."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...dialects.window import Window
from ...runtime.arithmetic import Array
from .samples import Phase, patches, phases_of, positions
from .successive import channel_scales, round_successively

MOST_PATCHES = 2048
DAMPING = 0.05


@dataclass(frozen=True)
class Moments:
    """Over the windows of one phase, flattened to n taps: E[x xᵀ] and E[r xᵀ] [n, n], E[x] and E[r]
    [n], with x the real values that the integer program's numbers stand for, and r what the float
    program has there."""

    phase: Phase
    moment: Array
    cross: Array
    mean: Array
    real_mean: Array


@dataclass(frozen=True)
class Rounded:
    """A weight in its own shape, on steps of `scale` [out], and what to add to the bias [out]."""

    weight: Array
    scale: Array
    shift: Array


def moments_of(
    window: Window, frames: Sequence[Array], reals: Sequence[Array]
) -> tuple[Moments, ...]:
    """The moments of every phase over frames [1, C, H, W] of both programs."""
    found: list[Moments] = []
    for phase in phases_of(window):
        sides: list[Array] = []
        for side in (frames, reals):
            parts = [
                patches(frame, window, phase, positions(window, frame.shape, MOST_PATCHES, number))
                for number, frame in enumerate(side)
            ]
            sides.append(np.concatenate(parts, axis=1))
        x, r = sides
        moment, cross = (side @ x.T / np.float32(x.shape[1]) for side in (x, r))
        found.append(Moments(phase, moment, cross, x.mean(axis=1), r.mean(axis=1)))
    return tuple(found)


def round_layer(weight: Array, window: Window, moments: Sequence[Moments], bits: int) -> Rounded:
    """A weight in `bits` bits with which the integer program gives what the float program gives
    with the real one, as nearly as the moments tell.

    First the real weight that fits best behind values that are rounded already, by least squares
    with a pull towards the old one; then its successive rounding; last the bias, so that
    the mean stays.
    """
    axis = 1 if window.transposed else 0
    kernels = np.moveaxis(weight.astype(np.float64), axis, 0)
    highest = (1 << (bits - 1)) - 1
    fitted, power = kernels.copy(), np.zeros(kernels.shape[1:])
    for each in moments:
        part = (slice(None), slice(None), *each.phase.kernel_indices)
        old = kernels[part]
        fitted[part] = _best_fit(old.reshape(len(old), -1), each).reshape(old.shape)
        power[part[1:]] = np.diag(each.moment).reshape(old.shape[1:])
    scale = channel_scales(fitted.reshape(len(fitted), -1), power.reshape(-1), highest)
    rounded, shift = np.zeros_like(kernels), np.zeros(len(kernels))
    for each in moments:
        part = (slice(None), slice(None), *each.phase.kernel_indices)
        real, target = (array[part].reshape(len(kernels), -1) for array in (kernels, fitted))
        found = round_successively(target, each.moment, scale, highest)
        rounded[part] = found.reshape(rounded[part].shape)
        shift += (real @ each.real_mean - found @ each.mean) / len(moments)
    return Rounded(np.moveaxis(rounded, 0, axis), scale, shift)


def _best_fit(weight: Array, moments: Moments) -> Array:
    """V [out, n] with the least E|V x − W r|² + d |V − W|², d a share of x's mean power."""
    size = len(moments.moment)
    pull = DAMPING * float(np.trace(moments.moment)) / size * np.eye(size)
    if not pull.any():
        return weight
    moment, cross = (one.astype(np.float64) + pull for one in (moments.moment, moments.cross))
    return np.linalg.solve(moment, cross.T @ weight.T).T
