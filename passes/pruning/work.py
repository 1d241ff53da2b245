"""Multiply–accumulates of a float program, and those that go with a channel."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation

from ...dialects import gdn, nn
from ...dialects.tensors import shape_of
from .groups import Convolution, Group


def macs_of(op: Operation) -> int:
    """Products of a convolution or a GDN for the frame of its type; 0 for any other op."""
    match op:
        case nn.Conv2dOp() | nn.ConvTranspose2dOp():
            grid = shape_of(op.input if op.window.transposed else op.result)
            return math.prod(shape_of(op.weight)) * math.prod(grid[2:])
        case gdn.NormalizeOp():
            return math.prod(shape_of(op.gamma)) * math.prod(shape_of(op.result)[2:])
        case _:
            return 0


def layer_macs(module: ModuleOp) -> dict[str, int]:
    """Products of each layer that has any."""
    return {
        op.layer.data: macs_of(op)
        for op in module.walk()
        if isinstance(op, Convolution | gdn.NormalizeOp)
    }


def total_macs(module: ModuleOp) -> int:
    """Products of all functions of a module, each counted once."""
    return sum(layer_macs(module).values())


@dataclass
class Factor:
    """A layer whose products are `unit` times the channels of these groups (the same twice for a
    GDN), and count `weight` each."""

    unit: float
    groups: tuple[int, ...]
    weight: float


@dataclass
class Work:
    """The products of a module while channels of its groups go."""

    channels: list[int]
    factors: list[Factor] = field(default_factory=list[Factor])

    @property
    def total(self) -> float:
        """All products that count."""
        return sum(self.products(factor, self.channels) for factor in self.factors)

    @property
    def least(self) -> float:
        """What is left with one channel in each group."""
        return sum(self.products(factor, [1] * len(self.channels)) for factor in self.factors)

    def products(self, factor: Factor, channels: Sequence[int]) -> float:
        """Those of a layer, for so many channels of each group."""
        return factor.weight * factor.unit * math.prod(channels[group] for group in factor.groups)

    def savings(self) -> list[float]:
        """The products that go with one channel of each group."""
        found = [0.0] * len(self.channels)
        for factor in self.factors:
            for group in set(factor.groups):
                fewer = [n - (i == group) for i, n in enumerate(self.channels)]
                found[group] += self.products(factor, self.channels) - self.products(factor, fewer)
        return found


def work_of(
    module: ModuleOp,
    groups: Sequence[Group],
    channels: Sequence[int],
    weights: Mapping[str, float] | None = None,
) -> Work:
    """The products of a module in terms of its groups, of which so many channels are left; with
    `weights`, each layer's count so much, and those of layers that are not named nothing."""
    memberships: dict[Operation, list[int]] = {}
    for number, group in enumerate(groups):
        for op in (*group.writers, *group.readers):
            memberships.setdefault(op, []).append(number)
        for norm in group.norms:
            memberships.setdefault(norm, []).extend((number, number))
    work = Work(list(channels))
    for op in module.walk():
        if not isinstance(op, Convolution | gdn.NormalizeOp):
            continue
        members = tuple(memberships.get(op, ()))
        unit = macs_of(op) / math.prod(groups[number].channels for number in members)
        weight = 1.0 if weights is None else weights.get(op.layer.data, 0.0)
        work.factors.append(Factor(unit, members, weight))
    return work
