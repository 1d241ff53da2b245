"""A float program that loses channels: what each would cost, and the fit of what is left."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from ...dialects import gdn
from ...dialects.quant import PIXEL_SCALE
from ...dialects.tensors import shape_of
from ...passes.prune_channels import weak_channels
from ...passes.pruning.choice import Candidate, candidates_of
from ...passes.pruning.curvature import Sensitivity, Trace, measure, trace
from ...passes.pruning.groups import (
    HYPER_LATENT,
    LATENT,
    Convolution,
    Group,
    boundary_values,
    codec_groups,
    group_of,
)
from ...passes.pruning.refit import Whole, refit, whole_layers
from ...passes.pruning.work import layer_macs
from ...passes.round_weights import convolutions
from ...runtime.arithmetic import Array
from ..published import Curve
from ..rates import EntropyModel
from .loss import Loss
from .rates import Rates


@dataclass
class Removal:
    """A float program on the way to fewer channels, measured on images (uint8 [1, 3, H, W]). `kept`
    are the channels of the whole program that are left, by layer."""

    module: ModuleOp
    images: Sequence[Array]
    entropy: EntropyModel | None
    curve: Curve
    kept: dict[str, Array] = field(default_factory=dict[str, Array])

    def __post_init__(self) -> None:
        for group in codec_groups(self.module):
            for writer in group.writers:
                self.kept[writer.layer.data] = np.arange(shape_of(writer.result)[1])
            for norm in group.norms:
                self.kept[norm.layer.data] = np.arange(group.channels)
        self.channels, self.layer_macs = layer_channels(self.module), layer_macs(self.module)
        traces = self.traces()
        self.loss = Loss(traces, self.rates, self.curve)
        self.layers = [whole_layers(self.module, one.values) for one in traces]
        self.sensitivity = measure(self.module, traces, self.loss.curvatures)

    @property
    def macs(self) -> int:
        """The products of the whole program, each function counted once."""
        return sum(self.layer_macs.values())

    @property
    def pixels(self) -> int:
        """The pixels of the frame that these are for."""
        functions = {op.sym_name.data: op for op in self.module.ops if isinstance(op, FuncOp)}
        return math.prod(shape_of(functions["g_a"].args[0])[2:])

    @property
    def coded_channels(self) -> Array:
        """The channels that are left of those that an entropy bottleneck codes."""
        hyper = self.coded(HYPER_LATENT)
        return hyper if len(hyper) else self.coded(LATENT)

    @property
    def frames(self) -> list[Array]:
        """The images in 0..1."""
        return [image.astype(np.float32) * np.float32(PIXEL_SCALE) for image in self.images]

    def traces(self) -> list[Trace]:
        """The program as it is on every image."""
        return [trace(self.module, frame) for frame in self.frames]

    @property
    def rates(self) -> Rates | None:
        """The entropy model of what is left."""
        if self.entropy is None:
            return None
        kinds = {"g_a": LATENT, "h_a": HYPER_LATENT}
        return Rates(self.entropy, {name: self.coded(kind) for name, kind in kinds.items()})

    def coded(self, kind: str) -> Array:
        """The latents or hyper-latents that are left."""
        values = boundary_values(self.module, kind)
        group = boundary_group(self.module, kind)
        if group is None:
            return np.arange(shape_of(values[0])[1] if values else 0)
        return self.kept[group.name]

    def candidates(self) -> list[Candidate]:
        """Every group whose channels may go, and what each costs. The bits of a latent are not
        counted in its favour: with them, the model would become one of fewer bits and less quality,
        and only look as good as before along the slope of a curve."""
        groups, traces = prunable_groups(self.module), self.traces()
        latent = boundary_group(self.module, LATENT)
        free = {} if latent is None else {latent.name: idle_latents(latent, traces)}
        return candidates_of(groups, traces, self._sensitivity(), free)

    def remove(self, gone: Mapping[str, Array]) -> None:
        """Removes channels, by the name of their group."""
        for name, channels in gone.items():
            group = next(one for one in codec_groups(self.module) if one.name == name)
            left = np.setdiff1d(np.arange(group.channels), channels)
            for writer in group.writers:
                layer = writer.layer.data
                self.kept[layer] = self.kept[layer][group.rows(left, len(self.kept[layer]))]
            for norm in group.norms:
                self.kept[norm.layer.data] = self.kept[norm.layer.data][left]
            group.keep(left)

    def remove_weak(self, threshold: float) -> None:
        """Removes what `prune-channels` would remove with a threshold."""
        for name in [op.layer.data for op in convolutions(self.module)]:
            writer = next(o for o in convolutions(self.module) if o.layer.data == name)
            group = group_of(writer)
            if group is not None and len(weak := weak_channels(group, threshold)):
                self.remove({name: weak})

    def fit(self) -> None:
        """Fits the layers that are left to what the whole program has there."""
        refit(self.module, self.frames, Whole(self.layers, self.kept))

    def _sensitivity(self) -> Sensitivity:
        """The whole program's sensitivity to what is left."""
        whole = self.sensitivity
        channels = {
            name: each[np.ix_(self.kept[name], self.kept[name])] if name in self.kept else each
            for name, each in whole.channels.items()
        }
        norms = {name: each[self.kept[name]] for name, each in whole.norms.items()}
        return Sensitivity(channels, whole.pixels, norms)


def layer_channels(module: ModuleOp) -> dict[str, int]:
    """The channels of what each convolution and GDN gives."""
    layers = (op for op in module.walk() if isinstance(op, Convolution | gdn.NormalizeOp))
    return {op.layer.data: shape_of(op.result)[1] for op in layers}


def boundary_group(module: ModuleOp, kind: str) -> Group | None:
    """The group of the latents or the hyper-latents, if the module has one."""
    boundary = set(boundary_values(module, kind))
    return next((g for g in codec_groups(module) if boundary.intersection(g.values)), None)


def idle_latents(latent: Group, traces: Sequence[Trace]) -> Array:
    """The latents whose symbol is always the median, and that 0, so that the decoder reads nothing
    from them: booleans [channels]. (Another median reaches the decoder's layers, but for the
    borders, where padding has none: such a latent is no constant to fold.)"""
    read = [op for op in latent.readers if op.layer.data.startswith("g_s.")]
    seen = [one.values[op.input] for one in traces for op in read]
    return np.all([~frame.any(axis=(0, 2, 3)) for frame in seen], axis=0)


def prunable_groups(module: ModuleOp) -> list[Group]:
    """The groups whose channels may go. Hyper-latents stay, which take few products; and so do
    latents with predicted means, of which CompressAI's hyper-synthesis has a multiple inside."""
    hyper = set(boundary_values(module, HYPER_LATENT))
    return [
        group
        for group in codec_groups(module)
        if group.readers
        and not hyper.intersection(group.values)
        and all(shape_of(value)[1] == group.channels for value in group.values)
    ]
