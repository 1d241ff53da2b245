"""Which channels must go together, read off the IR.

The output channels of a convolution flow through everything that works on single channels, or mixes
channels of one place (GDN), into the next convolutions. A latent flows on into other functions:
what @g_a gives is what @h_a and @g_s are given, and @h_s gives numbers for each of its channels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue
from xdsl.rewriter import Rewriter

from ...dialects import gdn, nn
from ...dialects.tensors import array_of, shape_of, tensor_type, type_of
from ...runtime.arithmetic import Array
from ..constants import replace_constant

Convolution: TypeAlias = nn.Conv2dOp | nn.ConvTranspose2dOp
Ties: TypeAlias = Mapping[SSAValue, Sequence[SSAValue]]

LATENT, HYPER_LATENT = "latent", "hyper-latent"
BOUNDARIES = {
    LATENT: (("g_a", "result"), ("h_a", "argument"), ("h_s", "result"), ("g_s", "argument")),
    HYPER_LATENT: (("h_a", "result"), ("h_s", "argument")),
}


@dataclass
class Group:
    """The values that share the output channels of one convolution, and every op that has a row or
    a column for each of them.

    What has a multiple of so many channels, as a hyperprior's scales and means, has one row of
    each channel in each part. The first writer counts the channels.
    """

    writers: list[Convolution]
    values: list[SSAValue] = field(default_factory=list[SSAValue])
    norms: list[gdn.NormalizeOp] = field(default_factory=list[gdn.NormalizeOp])
    offsets: list[nn.BiasOp] = field(default_factory=list[nn.BiasOp])
    readers: list[Convolution] = field(default_factory=list[Convolution])

    @property
    def writer(self) -> Convolution:
        """The convolution whose output channels these are."""
        return self.writers[0]

    @property
    def name(self) -> str:
        """The layer of the writer."""
        return self.writer.layer.data

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return shape_of(self.writer.result)[1]

    def written(self) -> Array:
        """The norm of what each channel is made of; a channel with norm 0 is always 0."""
        weight = array_of(self.writer.weight).astype(np.float64)
        others = tuple(i for i in range(4) if i != output_axis(self.writer))
        squares = np.square(weight).sum(axis=others)
        if self.writer.bias is not None:
            squares = squares + np.square(array_of(self.writer.bias).astype(np.float64))
        for offset in self.offsets:
            squares = squares + np.square(array_of(offset.bias).astype(np.float64))
        return np.sqrt(squares)

    def read(self) -> Array:
        """The norm of what other channels make of each channel; one with norm 0 has no effect."""
        squares = np.zeros(self.channels)
        for reader in self.readers:
            weight = array_of(reader.weight).astype(np.float64)
            others = tuple(i for i in range(4) if i != 1 - output_axis(reader))
            squares += np.square(weight).sum(axis=others)
        for norm in self.norms:
            gamma = array_of(norm.gamma).astype(np.float64)
            squares += np.square(gamma - np.diag(np.diag(gamma))).sum(axis=0)
        return np.sqrt(squares)

    def silence(self, channels: Array) -> None:
        """Makes the channels of the given indices 0, and keeps them."""
        writer = self.writer
        weight = array_of(writer.weight).copy()
        np.moveaxis(weight, output_axis(writer), 0)[channels] = 0
        replace_constant(writer, writer.weight, weight)
        if writer.bias is not None:
            bias = array_of(writer.bias).copy()
            bias[channels] = 0
            replace_constant(writer, writer.bias, bias)

    def rows(self, kept: Array, length: int) -> Array:
        """The rows of the channels `kept` among `length`, which may be a multiple of all."""
        parts = range(length // self.channels)
        return np.concatenate([kept + part * self.channels for part in parts])

    def keep(self, kept: Array) -> None:
        """Keeps the channels of the given indices alone, everywhere."""
        values = {value: self.rows(kept, shape_of(value)[1]) for value in self.values}
        for writer in self.writers:
            rows = values[writer.result]
            weight = array_of(writer.weight).take(rows, output_axis(writer))
            replace_constant(writer, writer.weight, weight)
            if writer.bias is not None:
                replace_constant(writer, writer.bias, array_of(writer.bias).take(rows))
        for norm in self.norms:
            replace_constant(norm, norm.beta, array_of(norm.beta).take(kept))
            gamma = array_of(norm.gamma).take(kept, 0).take(kept, 1)
            replace_constant(norm, norm.gamma, gamma)
        for offset in self.offsets:
            replace_constant(offset, offset.bias, array_of(offset.bias).take(kept))
        for reader in self.readers:
            weight = array_of(reader.weight).take(kept, 1 - output_axis(reader))
            replace_constant(reader, reader.weight, weight)
        functions = {function_of(value) for value in values}
        for value, rows in values.items():
            old = type_of(value)
            shape = (1, len(rows), *old.get_shape()[2:])
            Rewriter.replace_value_with_new_type(
                value, tensor_type(old.element_type, shape, old.encoding)
            )
        for function in functions:
            function.update_function_type()


def function_of(value: SSAValue) -> FuncOp:
    """The function that a value is in."""
    owner = value.owner
    function = owner.parent_op()
    assert isinstance(function, FuncOp)
    return function


def output_axis(op: Convolution) -> int:
    """The axis of a weight that counts output channels."""
    return 1 if op.window.transposed else 0


def group_of(writer: Convolution, ties: Ties | None = None) -> Group | None:
    """The group of a convolution's output channels; none where they leave the function for
    something that is not among `ties`, or meet those of another convolution in a sum."""
    flood = _Flood(Group([]), ties or {})
    flood.add_writer(writer)
    return flood.group if flood.run() else None


def codec_groups(module: ModuleOp) -> list[Group]:
    """All groups of a module, latents and hyper-latents included, in the order of its ops."""
    ties = boundary_ties(module)
    groups: list[Group] = []
    seen: set[Operation] = set()
    for op in module.walk():
        if isinstance(op, Convolution) and op not in seen:
            group = group_of(op, ties)
            if group is not None:
                groups.append(group)
                seen.update(group.writers)
    return groups


def boundary_values(module: ModuleOp, kind: str) -> list[SSAValue]:
    """The arguments and results of functions that are a codec's latent or hyper-latent, or have
    numbers for each of its channels; none where the codec is not whole."""
    functions = {op.sym_name.data: op for op in module.ops if isinstance(op, FuncOp)}
    whole = {"g_a", "g_s"} if kind == LATENT else {"h_a", "h_s"}
    if not whole <= functions.keys():
        return []
    found: list[SSAValue] = []
    for name, side in BOUNDARIES[kind]:
        if name in functions:
            function = functions[name]
            returned = function.get_return_op()
            assert returned is not None
            found.append(function.args[0] if side == "argument" else returned.arguments[0])
    return found


def boundary_ties(module: ModuleOp) -> dict[SSAValue, list[SSAValue]]:
    """For each value at a boundary those that have the same channels."""
    ties: dict[SSAValue, list[SSAValue]] = {}
    for kind in BOUNDARIES:
        values = boundary_values(module, kind)
        ties |= {value: values for value in values}
    return ties


@dataclass
class _Flood:
    """Goes from value to value as long as channels stay channels."""

    group: Group
    ties: Ties
    waiting: list[SSAValue] = field(default_factory=list[SSAValue])

    def add_writer(self, op: Convolution) -> None:
        self.group.writers.append(op)
        self.waiting.append(op.result)

    def run(self) -> bool:
        """Whether the whole group was found."""
        while self.waiting:
            value = self.waiting.pop()
            if value in self.group.values:
                continue
            self.group.values.append(value)
            self.waiting += self.ties.get(value, ())
            if not self._upwards(value):
                return False
            if not all(self._downwards(use.operation, value) for use in value.uses):
                return False
        return True

    def _upwards(self, value: SSAValue) -> bool:
        match value.owner:
            case nn.Conv2dOp() | nn.ConvTranspose2dOp() as op:
                if op not in self.group.writers:
                    self.add_writer(op)
            case (
                gdn.NormalizeOp() | nn.BiasOp() | nn.ReluOp() | nn.LeakyReluOp() | nn.AbsOp() as op
            ):
                self.waiting.append(op.input)
            case Operation():
                return False
            case _:
                return value in self.ties
        return True

    def _downwards(self, user: Operation, value: SSAValue) -> bool:
        match user:
            case nn.Conv2dOp() | nn.ConvTranspose2dOp():
                self.group.readers.append(user)
                return True
            case ReturnOp():
                return value in self.ties
            case gdn.NormalizeOp():
                self.group.norms.append(user)
            case nn.BiasOp():
                self.group.offsets.append(user)
            case nn.ReluOp() | nn.LeakyReluOp() | nn.AbsOp():
                pass
            case _:
                return False
        self.waiting.append(user.results[0])
        return True
