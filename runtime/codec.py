"""What a codec does between its transforms: symbols, and latents restored from them, in integers.

A transform is given as a function of its name and a frame, so that the same codec runs on the
interpreter, on compiled C++, or on a board. Without a hyperprior the encoder's latent already is
the symbols. With one, latents are fixed-point numbers with 6 fractional bits, and the symbols are
their distance from the predicted means, rounded half up.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from .arithmetic import Array, piecewise, round_shift, saturate

FRACTION_BITS = 6
INT16 = np.dtype(np.int16)
LOW, HIGH = -(1 << 15), (1 << 15) - 1

Transforms: TypeAlias = Callable[[str, Array], Array]


@dataclass(frozen=True)
class Latents:
    """What an encoder makes of an image (all int16 [1, C, H, W]).

    `symbols` are coded; `hyper` are the symbols of the hyperprior, and `scales` what it predicts of
    the latent, in steps of 2^-6; `restored` is what the decoder's synthesis transform is given.
    """

    symbols: Array
    hyper: Array | None
    restored: Array
    scales: Array | None = None


@dataclass(frozen=True)
class Prediction:
    """What @h_s says of a latent (int16 [1, C, H, W], in steps of 2^-6): scales, and means, which
    are 0 where it predicts none."""

    scales: Array
    means: Array


def predict(run: Transforms, hyper: Array, channels: int) -> Prediction:
    """What the symbols of the hyperprior say of a latent of so many channels."""
    parameters = run("h_s", hyper)
    scales, means = parameters[:, :channels], predicted_means(parameters, channels)
    return Prediction(scales, np.zeros_like(scales) if means is None else means)


def predicted_means(parameters: Array, channels: int) -> Array | None:
    """The means among the outputs of @h_s for a latent of so many channels: its upper half, or
    none where it predicts scales alone."""
    return parameters[:, channels:] if parameters.shape[1] == 2 * channels else None


def encode(run: Transforms, functions: Collection[str], image: Array) -> Latents:
    """The latents of an image (uint8 [1, 3, H, W]), for a codec that has these functions."""
    latent = run("g_a", image)
    if "h_a" not in functions:
        return Latents(latent, None, latent)
    hyper = run("h_a", latent)
    scales, centre = None, np.zeros_like(latent)
    if "h_s" in functions:
        prediction = predict(run, hyper, latent.shape[1])
        scales, centre = prediction.scales, prediction.means
    symbols = piecewise(_symbols, INT16, latent, centre)
    return Latents(symbols, hyper, restore(symbols, centre), scales)


def restore(symbols: Array, means: Array) -> Array:
    """Latents from symbols and means (both int16), as the synthesis transform takes them."""
    return piecewise(_restored, INT16, symbols, means)


def _symbols(latent: Array, means: Array) -> Array:
    distance = latent.astype(np.int64) - means
    return saturate(round_shift(distance, FRACTION_BITS), LOW, HIGH, INT16)


def _restored(symbols: Array, means: Array) -> Array:
    return saturate((symbols.astype(np.int64) << FRACTION_BITS) + means, LOW, HIGH, INT16)
