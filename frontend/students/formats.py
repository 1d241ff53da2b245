"""What the compiler would make of a student: formats and pruned channels. Uses no torch."""

from collections.abc import Mapping
from dataclasses import dataclass

from ...runtime.arithmetic import Array


@dataclass(frozen=True)
class Format:
    """Numbers `scale` · n with whole n in `lowest`..`highest`."""

    scale: float
    lowest: int
    highest: int


@dataclass(frozen=True)
class Formats:
    """What `quantize` would round and `prune-channels` remove, by the names of layers, as in
    `g_a.0`.

    `values` has the format of what a layer gives. `weights` has the bits of a convolution's
    weights, which are symmetric, on a scale for each output channel. `tensors` are the weights
    that these formats are for, by layer and name, with effective beta and gamma for a GDN: they
    compute what the student computes, in channels that use their bits alike. `pruned` are the
    output channels of convolutions that `prune-channels` would remove.
    """

    values: Mapping[str, Format]
    weights: Mapping[str, int]
    tensors: Mapping[str, Mapping[str, Array]]
    pruned: Mapping[str, Array]
