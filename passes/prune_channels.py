"""`prune-channels`: removes channels that nothing depends on, or little."""

from dataclasses import dataclass

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from ..runtime.arithmetic import Array
from .pruning.groups import Convolution, Group, group_of


def weak_channels(group: Group, threshold: float) -> Array:
    """The channels of which what goes in or what comes out has a norm of at most `threshold`;
    `PassFailedException` where these are all."""
    weakest = np.minimum(group.written(), group.read())
    if weakest.max() <= threshold:
        raise PassFailedException(
            f"prune-channels: threshold {threshold} would remove every channel of "
            f"{group.name}; the strongest has norm {weakest.max():.3g}"
        )
    return np.flatnonzero(weakest <= threshold)


@dataclass(frozen=True)
class PruneChannels(ModulePass):
    """Removes the inner channels whose weights, going in or coming out, have an l2 norm of at most
    `threshold`: output rows of the convolution with their bias, rows and columns of the GDN behind
    it, input columns of the next layers.

    With threshold 0 the removal is exact: such a channel is always zero, or nothing reads it. The
    channels of pixels, latents and hyper-latents stay.
    """

    name = "prune-channels"

    threshold: float = 0.0

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.threshold < 0:
            raise PassFailedException(
                f"prune-channels: threshold must not be negative, found {self.threshold}"
            )
        for writer in list(op.walk()):
            if isinstance(writer, Convolution):
                self._prune(writer)

    def _prune(self, writer: Convolution) -> None:
        group = group_of(writer)
        if group is None:
            return
        weak = weak_channels(group, self.threshold)
        if len(weak):
            group.keep(np.setdiff1d(np.arange(group.channels), weak))
