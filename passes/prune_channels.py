"""`prune-channels`: removes channels that nothing depends on, or little."""

from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects import gdn, nn
from ..dialects.tensors import array_of, tensor_type, type_of
from ..runtime.arithmetic import Array
from .constants import replace_constant

Convolution: TypeAlias = nn.Conv2dOp | nn.ConvTranspose2dOp


@dataclass
class Group:
    """The values that share the output channels of one convolution, and every op that has a row or
    a column for each of them."""

    writer: Convolution
    values: list[SSAValue] = field(default_factory=list[SSAValue])
    norms: list[gdn.NormalizeOp] = field(default_factory=list[gdn.NormalizeOp])
    offsets: list[nn.BiasOp] = field(default_factory=list[nn.BiasOp])
    readers: list[Convolution] = field(default_factory=list[Convolution])

    @property
    def channels(self) -> int:
        """How many channels there are."""
        return type_of(self.writer.result).get_shape()[1]

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

    def weak(self, threshold: float) -> Array:
        """The channels of which one of both norms is at most `threshold`; not all may be."""
        weakest = np.minimum(self.written(), self.read())
        if weakest.max() <= threshold:
            raise PassFailedException(
                f"prune-channels: threshold {threshold} would remove every channel of "
                f"{self.writer.layer.data}; the strongest has norm {weakest.max():.3g}"
            )
        return np.flatnonzero(weakest <= threshold)

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

    def keep(self, kept: Array) -> None:
        """Keeps the channels of the given indices alone, everywhere."""
        writer = self.writer
        weight = array_of(writer.weight)
        replace_constant(writer, writer.weight, weight.take(kept, output_axis(writer)))
        if writer.bias is not None:
            replace_constant(writer, writer.bias, array_of(writer.bias).take(kept))
        for norm in self.norms:
            replace_constant(norm, norm.beta, array_of(norm.beta).take(kept))
            gamma = array_of(norm.gamma).take(kept, 0).take(kept, 1)
            replace_constant(norm, norm.gamma, gamma)
        for offset in self.offsets:
            replace_constant(offset, offset.bias, array_of(offset.bias).take(kept))
        for reader in self.readers:
            weight = array_of(reader.weight).take(kept, 1 - output_axis(reader))
            replace_constant(reader, reader.weight, weight)
        for value in self.values:
            old = type_of(value)
            shape = (1, len(kept), *old.get_shape()[2:])
            Rewriter.replace_value_with_new_type(
                value, tensor_type(old.element_type, shape, old.encoding)
            )


def output_axis(op: Convolution) -> int:
    """The axis of a weight that counts output channels."""
    return 1 if op.window.transposed else 0


def group_of(writer: Convolution) -> Group | None:
    """The group of a convolution's output channels; none where they leave the function, or meet
    those of another convolution in a sum."""
    group = Group(writer)
    waiting: list[SSAValue] = [writer.result]
    while waiting:
        value = waiting.pop()
        group.values.append(value)
        for use in value.uses:
            match use.operation:
                case nn.Conv2dOp() | nn.ConvTranspose2dOp() as reader:
                    group.readers.append(reader)
                    continue
                case gdn.NormalizeOp() as following:
                    group.norms.append(following)
                case nn.BiasOp() as following:
                    group.offsets.append(following)
                case nn.ReluOp() | nn.LeakyReluOp() | nn.AbsOp() as following:
                    pass
                case _:
                    return None
            waiting.append(following.result)
    return group


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
            if isinstance(writer, nn.Conv2dOp | nn.ConvTranspose2dOp):
                self._prune(writer)

    def _prune(self, writer: Convolution) -> None:
        group = group_of(writer)
        if group is None:
            return
        weak = group.weak(self.threshold)
        if len(weak):
            group.keep(np.setdiff1d(np.arange(group.channels), weak))
