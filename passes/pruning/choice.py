"""Which channels go next: those with the least growth of the loss for what they save."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from xdsl.ir import Operation

from ...dialects.tensors import array_of
from ...runtime.arithmetic import Array
from .adjoints import magnitudes_of
from .curvature import Sensitivity, Trace
from .groups import Group
from .saliency import Reader, reader_of
from .work import Work


@dataclass(eq=False)
class Candidate:
    """A group whose channels may go: the models of its readers; what else the loss grows by without
    each channel: [channels]; which channels do nothing: booleans [channels]; and the models of the
    convolutions that write it."""

    group: Group
    readers: list[Reader]
    other: Array
    free: Array
    behind: list[Reader] = field(default_factory=list[Reader])
    costs: Array | None = None

    @property
    def left(self) -> Array:
        """The channels that are left: booleans [channels]."""
        return self.readers[0].left

    def growth(self) -> Array:
        """What the loss grows by without each channel: [channels], below 0 for those that do
        nothing alone, infinite for what is gone."""
        if self.costs is None:
            self.costs = np.full(len(self.left), np.inf)
            alone = sum((reader.costs() for reader in self.readers), np.zeros(self.left.sum()))
            self.costs[self.left] = alone + self.other[self.left]
            self.costs[self.left & self.free] = -1
        return self.costs

    @property
    def gone(self) -> Array:
        """The channels that were taken out."""
        return np.flatnonzero(~self.left)

    def remove(self, channel: int) -> None:
        """Takes a channel out."""
        for reader in self.readers:
            reader.remove(channel)
        for reader in self.behind:
            parts = range(channel, len(reader.curvature), self.group.channels)
            reader.forget(np.array(parts))
        self.costs = None


def candidates_of(
    groups: Sequence[Group],
    traces: Sequence[Trace],
    sensitivity: Sensitivity,
    free: Mapping[str, Array],
) -> list[Candidate]:
    """All groups, priced on the same program. `free` are the channels that do nothing, by the name
    of their group."""
    models: dict[Operation, Reader] = {}
    for group in groups:
        for op in group.readers:
            frames = [trace.values[op.input] for trace in traces]
            name = op.layer.data
            curvature = sensitivity.channels[name] * sensitivity.pixels[name]
            models[op] = reader_of(op, frames, curvature)
    found: list[Candidate] = []
    for group in groups:
        other = _through_norms(group, traces, sensitivity)
        idle = free.get(group.name, np.zeros(group.channels, bool))
        found.append(Candidate(group, [models[op] for op in group.readers], other, idle))
    for candidate in found:
        candidate.behind = [models[op] for op in candidate.group.writers if op in models]
    return found


def choose(candidates: Sequence[Candidate], work: Work, target: float) -> None:
    """Takes out all channels that do nothing, and others until no more than `target` products are
    left. Every group keeps one channel."""
    while True:
        savings = work.savings()
        best, pick = np.inf, (-1, -1)
        for number, candidate in enumerate(candidates):
            if work.channels[number] == 1 or not savings[number]:
                continue
            growth = candidate.growth()
            channel = int(np.argmin(growth))
            if growth[channel] / savings[number] < best:
                best, pick = growth[channel] / savings[number], (number, channel)
        if pick[0] < 0 or (work.total <= target and best >= 0):
            return
        _take(candidates, *pick)
        work.channels[pick[0]] -= 1


def _take(candidates: Sequence[Candidate], number: int, channel: int) -> None:
    candidates[number].remove(channel)
    for other in candidates:
        if any(reader in candidates[number].behind for reader in other.readers):
            other.costs = None


def _through_norms(group: Group, traces: Sequence[Trace], sensitivity: Sensitivity) -> Array:
    """What the loss grows by because a channel no longer normalises the others, whose β takes over
    the mean of its part."""
    found = np.zeros(group.channels)
    for op in group.norms:
        seen = np.concatenate([magnitudes_of(op, trace.values[op.input]) for trace in traces])
        gamma = array_of(op.gamma).astype(np.float64)
        np.fill_diagonal(gamma, 0)
        weights = sensitivity.norms[op.layer.data]
        found += 0.5 * (weights @ np.square(gamma)) * seen.var(axis=0, dtype=np.float64)
    return found
