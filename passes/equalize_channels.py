"""`equalize-channels`: every channel of a tensor uses its bits; what is computed stays."""

from dataclasses import dataclass, field

import numpy as np
from xdsl.context import Context
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from ..dialects import gdn, nn
from ..dialects.gdn import Norm
from ..dialects.tensors import array_of
from ..runtime.arithmetic import Array
from .calibrate import Calibrate
from .constants import replace_constant

LARGEST_FACTOR = 64.0


@dataclass
class Magnitudes:
    """The largest magnitude seen in each channel of each value."""

    largest: dict[SSAValue, Array] = field(default_factory=dict[SSAValue, Array])

    def observe(self, value: SSAValue, array: Array) -> None:
        """Takes note of a frame [1, C, H, W]."""
        if isinstance(value.owner, ConstantOp):
            return
        found: Array = np.abs(array).max(axis=(0, 2, 3))
        before: Array = self.largest.get(value, found)
        self.largest[value] = np.maximum(found, before)


@dataclass(frozen=True)
class EqualizeChannels(ModulePass):
    """Scales the channels between two layers by factors that cancel (cross-layer equalisation,
    Nagel et al., ICCV 2019), for every value that flows from a GDN, or from a convolution through
    nothing but a ReLU, into one convolution alone.

    With r the largest magnitude of a channel on the calibration images and w the largest weight
    that reads it, the factor is w^b / r^(1−b). With the `balance` b = 1/2 both ranges spread alike;
    below that values spread less than weights, which can make up for each other's rounding, and
    other images than those leave their ranges more often. `images` and `limit` are those of
    `calibrate`.
    """

    name = "equalize-channels"

    balance: float = 0.5
    images: str = ""
    limit: int = 4

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if not 0 <= self.balance <= 1:
            raise PassFailedException(
                f"equalize-channels: balance must be in 0..1, found {self.balance}"
            )
        magnitudes = Magnitudes()
        Calibrate(self.images, self.limit).measure(op, magnitudes.observe)
        for reader in list(op.walk()):
            if isinstance(reader, nn.Conv2dOp | nn.ConvTranspose2dOp):
                _equalize(reader, magnitudes.largest, self.balance)


def _equalize(
    reader: nn.Conv2dOp | nn.ConvTranspose2dOp, largest: dict[SSAValue, Array], balance: float
) -> None:
    value = reader.input
    writer = _writer(value)
    if writer is None or value not in largest:
        return
    weight = array_of(reader.weight)
    axis = 0 if reader.window.transposed else 1
    reach = np.abs(weight).max(axis=tuple(i for i in range(4) if i != axis))
    factor = _factors(reach.astype(np.float64), largest[value].astype(np.float64), balance)
    replace_constant(reader, reader.weight, weight / _along(factor, axis, 4))
    if isinstance(writer, gdn.NormalizeOp):
        _scale_normalization(writer, factor)
    else:
        _scale_convolution(writer, factor)


def _writer(value: SSAValue) -> nn.Conv2dOp | nn.ConvTranspose2dOp | gdn.NormalizeOp | None:
    """The layer whose rows can absorb the factors of a value's channels, if there is one."""
    while len(list(value.uses)) == 1:
        owner = value.owner
        if isinstance(owner, gdn.NormalizeOp | nn.Conv2dOp | nn.ConvTranspose2dOp):
            return owner
        if not isinstance(owner, nn.ReluOp | nn.LeakyReluOp):
            return None
        value = owner.input
    return None


def _factors(reach: Array, largest: Array, balance: float) -> Array:
    """w^b / r^(1−b) per channel, 1 where either is zero, their geometric mean 1, at most 64."""
    known = (reach > 0) & (largest > 0)
    if not known.any():
        return np.ones(len(reach))
    weights, values = (np.log(np.where(known, side, 1.0)) for side in (reach, largest))
    exponent = balance * weights - (1 - balance) * values
    factor = np.exp(exponent - exponent[known].mean())
    return np.where(known, np.clip(factor, 1 / LARGEST_FACTOR, LARGEST_FACTOR), 1.0)


def _scale_normalization(op: gdn.NormalizeOp, factor: Array) -> None:
    """Multiplies each channel of a GDN's result: the factor goes into its norm."""
    power = factor ** (2 if op.norm.data is Norm.L2 else 1)
    rows = power if op.inverse.value.data else 1 / power
    replace_constant(op, op.beta, array_of(op.beta) * rows)
    replace_constant(op, op.gamma, array_of(op.gamma) * _along(rows, 0, 2))


def _scale_convolution(op: nn.Conv2dOp | nn.ConvTranspose2dOp, factor: Array) -> None:
    axis = 1 if op.window.transposed else 0
    replace_constant(op, op.weight, array_of(op.weight) * _along(factor, axis, 4))
    if op.bias is not None:
        replace_constant(op, op.bias, array_of(op.bias) * factor)


def _along(vector: Array, axis: int, dimensions: int) -> Array:
    """A vector, shaped to broadcast along one axis."""
    return vector.reshape([-1 if i == axis else 1 for i in range(dimensions)])
