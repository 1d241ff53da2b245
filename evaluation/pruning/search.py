"""Removes channels in rounds: estimate what each costs in rate and distortion, remove those that
cost least for what they save, fit the layers that are left."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from ...dialects.quant import PIXEL_SCALE
from ...passes.pruning.choice import candidates_of, choose
from ...passes.pruning.curvature import Sensitivity, Trace, measure, trace
from ...passes.pruning.groups import Group, codec_groups
from ...passes.pruning.refit import Whole, refit, whole_layers
from ...passes.pruning.work import total_macs, work_of
from ...runtime.arithmetic import Array
from ..published import Curve
from ..rates import EntropyModel
from .rates import Rates

DECIBELS = 10 / math.log(10)


@dataclass
class Removal:
    """A float program on the way to fewer channels. `kept` are the channels of the whole program
    that are left, by layer; the loss is the relative rate at equal PSNR, the mean over images."""

    module: ModuleOp
    images: Sequence[Array]
    entropy: EntropyModel | None
    curve: Curve
    step: Callable[[str], None]
    kept: dict[str, Array] = field(default_factory=dict[str, Array])

    def __post_init__(self) -> None:
        scale = np.float32(PIXEL_SCALE)
        self.frames = [image.astype(np.float32) * scale for image in self.images]
        traces = [trace(self.module, frame) for frame in self.frames]
        self.layers = [whole_layers(self.module, one.values) for one in traces]
        for group in codec_groups(self.module):
            for writer in group.writers:
                count = self.layers[0][writer.layer.data].shape[1]
                self.kept[writer.layer.data] = np.arange(count)
            for norm in group.norms:
                self.kept[norm.layer.data] = np.arange(group.channels)
        self.rate = self.mean_rate(traces)
        self.slope = self.curve.slope(self.rate)
        self.errors = [error_of(one) for one in traces]
        self.step("measuring how rate and distortion depend on each layer")
        self.sensitivity = measure(self.module, self.frames, self.curvatures)

    @property
    def rates(self) -> Rates | None:
        """The entropy model of what is left."""
        if self.entropy is None:
            return None
        return Rates(self.entropy, {name: self.latents(name) for name in ("g_a", "h_a")})

    def latents(self, function: str) -> Array:
        """The channels of a function's result that are left."""
        layers = [name for name in self.kept if name.startswith(f"{function}.")]
        convolutions = [name for name in layers if self.layers[0][name].ndim == 4]
        return self.kept[convolutions[-1]] if convolutions else np.zeros(0, np.int64)

    def mean_rate(self, traces: Sequence[Trace]) -> float:
        """Bits per pixel; 1 where there is no entropy model."""
        if self.rates is None:
            return 1.0
        bits = [sum(float(one.sum()) for one in self.rates.bits(t).values()) for t in traces]
        return float(np.mean([b / pixels_of(f) for b, f in zip(bits, self.frames, strict=True)]))

    def curvatures(self, traced: Trace) -> Mapping[str, Array]:
        """The second derivative of the loss by what each function gives."""
        frame = traced.given["g_a"]
        factor = self.slope * DECIBELS / error_of(traced)
        found = {"g_s": np.float32(2 * factor / frame.size).reshape(1, 1, 1, 1)}
        if self.rates is not None:
            share = np.float32(1 / (self.rate * pixels_of(frame)))
            found |= {name: each * share for name, each in self.rates.curvatures(traced).items()}
        return found

    def loss(self) -> float:
        """How much more rate it takes to come to the PSNR of the whole program, as a ratio."""
        traces = [trace(self.module, frame) for frame in self.frames]
        decibels = [
            DECIBELS * math.log(error_of(one) / before)
            for one, before in zip(traces, self.errors, strict=True)
        ]
        rate = self.mean_rate(traces) / self.rate
        return rate * math.exp(self.slope * float(np.mean(decibels))) - 1

    def round(self, target: float, weights: Mapping[str, float] | None = None) -> None:
        """Removes channels until `target` products are left, and fits the rest."""
        groups = codec_groups(self.module)
        traces = [trace(self.module, frame) for frame in self.frames]
        found = candidates_of(groups, traces, self.left(), self.bits(traces, groups))
        gone = choose(found, work_of(self.module, groups, weights), target)
        for group, channels in zip(groups, gone, strict=True):
            if len(channels):
                self.remove(group.name, channels)
        refit(self.module, self.frames, Whole(self.layers, self.kept))

    def remove(self, name: str, channels: Array) -> None:
        """Removes channels of the group whose first writer has a name."""
        group = next(one for one in codec_groups(self.module) if one.name == name)
        kept = np.setdiff1d(np.arange(group.channels), channels)
        for writer in group.writers:
            layer = writer.layer.data
            self.kept[layer] = self.kept[layer][group.rows(kept, len(self.kept[layer]))]
        for norm in group.norms:
            self.kept[norm.layer.data] = self.kept[norm.layer.data][kept]
        group.keep(kept)

    def left(self) -> Sensitivity:
        """The sensitivity of what is left."""
        whole = self.sensitivity
        return Sensitivity(
            {
                name: each[np.ix_(self.kept[name], self.kept[name])] if name in self.kept else each
                for name, each in whole.channels.items()
            },
            whole.pixels,
            {name: each[self.kept[name]] for name, each in whole.norms.items()},
        )

    def bits(self, traces: Sequence[Trace], groups: Sequence[Group]) -> dict[str, Array]:
        """The part of the loss that each latent's bits are, by the name of the group."""
        if self.rates is None:
            return {}
        found: dict[str, Array] = {}
        per_image = [self.rates.bits(one) for one in traces]
        for group in groups:
            function = group.name.split(".")[0]
            if function not in per_image[0] or len(group.readers) == 0:
                continue
            if len(self.kept[group.name]) != len(per_image[0][function]):
                continue
            if self.latents(function) is not self.kept[group.name]:
                continue
            shares = [
                bits[function] / (pixels_of(frame) * self.rate)
                for bits, frame in zip(per_image, self.frames, strict=True)
            ]
            found[group.name] = np.mean(shares, axis=0)
        return found


def error_of(traced: Trace) -> float:
    """The mean squared error of what is decoded."""
    decoded = np.clip(traced.results["g_s"], 0, 1)
    return float(np.mean(np.square(decoded - traced.given["g_a"])))


def pixels_of(frame: Array) -> int:
    """The pixels of an image [1, 3, H, W]."""
    return frame.shape[2] * frame.shape[3]


def prune_to(removal: Removal, share: float, rounds: int) -> None:
    """Rounds until a share of the products is left."""
    whole = total_macs(removal.module)
    for number in range(1, rounds + 1):
        target = whole * (1 - (1 - share) * number / rounds)
        removal.round(target)
        removal.step(f"round {number} of {rounds}: {total_macs(removal.module) / whole:.1%} left")
