"""What a float program loses in rate and distortion, and how that depends on what is inside it.

The loss is the relative growth of the rate at equal PSNR, along the slope of the published curve of
the model's family at the model's rate (docs/evaluation.md); the mean over images.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...passes.pruning.curvature import Trace
from ...runtime.arithmetic import Array
from ..published import Curve
from .rates import Rates

DECIBELS = 10 / math.log(10)


@dataclass(frozen=True)
class Loss:
    """Relative to `traces`, those of the whole program on some images. Without `rates` distortion
    alone counts, as much as it would at one bit per pixel."""

    traces: Sequence[Trace]
    rates: Rates | None
    curve: Curve

    @cached_property
    def rate(self) -> float:
        """Bits per pixel of the whole program; 1 without an entropy model."""
        return mean_rate(self.rates, self.traces)

    @cached_property
    def slope(self) -> float:
        """d ln(rate) / d PSNR."""
        return self.curve.slope(self.rate)

    def curvatures(self, traced: Trace) -> Mapping[str, Array]:
        """The second derivative of the loss by what each function of the whole program gives."""
        frame = traced.given["g_a"]
        factor = self.slope * DECIBELS / error_of(traced)
        found = {"g_s": np.float32(2 * factor / frame.size).reshape(1, 1, 1, 1)}
        if self.rates is not None:
            share = np.float32(1 / (self.rate * pixels_of(traced)))
            found |= {name: each * share for name, each in self.rates.curvatures(traced).items()}
        return found

    def percent(self, traces: Sequence[Trace], rates: Rates | None) -> float:
        """How much more rate, in percent, another program takes at the whole one's PSNR; only what
        its PSNR would be worth where there is no entropy model."""
        rate = mean_rate(rates, traces) / self.rate
        lost = -float(np.mean(self.psnr_changes(traces)))
        return 100 * (rate * math.exp(self.slope * lost) - 1)

    def psnr_changes(self, traces: Sequence[Trace]) -> list[float]:
        """The change of PSNR in dB on each image."""
        pairs = zip(traces, self.traces, strict=True)
        return [DECIBELS * math.log(error_of(old) / error_of(new)) for new, old in pairs]


def mean_rate(rates: Rates | None, traces: Sequence[Trace]) -> float:
    """Bits per pixel, estimated by the tables; 1 without an entropy model."""
    if rates is None:
        return 1.0
    bits = [sum(float(part.sum()) for part in rates.bits(one).values()) for one in traces]
    return float(np.mean([b / pixels_of(one) for b, one in zip(bits, traces, strict=True)]))


def error_of(traced: Trace) -> float:
    """The mean squared error of what is decoded."""
    decoded = np.clip(traced.results["g_s"], 0, 1)
    return float(np.mean(np.square(decoded - traced.given["g_a"])))


def pixels_of(traced: Trace) -> int:
    """The pixels of the image."""
    return math.prod(traced.given["g_a"].shape[2:])
