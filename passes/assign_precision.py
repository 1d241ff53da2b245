"""`assign-precision`: how many bits every weight and every value gets."""

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, IntegerType, ModuleOp, i64
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects import gdn, nn
from ..dialects.quant import LATENT_SCALE, RangeAttr, UniformAttr, scale_of
from ..dialects.tensors import Tensor, integer_range, integer_type, tensor_type, type_of

WIRES = (nn.BiasOp, nn.LeakyReluOp, nn.ReluOp)
LAYERS = (*WIRES, gdn.NormalizeOp, nn.AbsOp, nn.AddOp, nn.Conv2dOp, nn.ConvTranspose2dOp)
LIMITS = {"weights": (2, 16), "activations": (4, 16), "normalization": (8, 16)}


def is_wire(value: SSAValue) -> bool:
    """Whether a value exists only inside a requantiser: what a convolution gives to the bias and
    the activation behind it."""
    uses = list(value.uses)
    if len(uses) != 1 or not isinstance(uses[0].operation, WIRES):
        return False
    owner = value.owner
    if isinstance(owner, nn.BiasOp | nn.LeakyReluOp | nn.ReluOp):
        return is_wire(owner.input)
    return isinstance(owner, nn.Conv2dOp | nn.ConvTranspose2dOp)


@dataclass(frozen=True)
class AssignPrecision(ModulePass):
    """Gives every convolution `weights` bits and every stored value an integer format.

    Values get `activations` bits, the inputs of a GDN `normalization` bits (0: the larger of 12 and
    `activations`), unsigned where calibration saw nothing negative, with the scale that just holds
    the calibrated range. Latents, symbols and pixels keep the formats of the codec's interfaces.
    """

    name = "assign-precision"

    weights: int = 8
    activations: int = 8
    normalization: int = 0

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        wide = self.normalization or max(12, self.activations)
        given = {"weights": self.weights, "activations": self.activations, "normalization": wide}
        for what, bits in given.items():
            low, high = LIMITS[what]
            if not low <= bits <= high:
                raise PassFailedException(
                    f"assign-precision: {what} must be in {low}..{high}, found {bits}"
                )
        for inner in list(op.walk()):
            if isinstance(inner, nn.Conv2dOp | nn.ConvTranspose2dOp):
                inner.weight_bits = IntegerAttr(self.weights, i64)
            for value in _stored(inner):
                Rewriter.replace_value_with_new_type(value, self._format(value, wide))

    def _format(self, value: SSAValue, wide: int) -> Tensor:
        type = type_of(value)
        shape, owner = type.get_shape(), value.owner
        if isinstance(owner, nn.AbsOp | nn.BiasOp) and not is_wire(owner.input):
            encoding = _inherited(owner)
        else:
            normalized = any(isinstance(use.operation, gdn.NormalizeOp) for use in value.uses)
            encoding = _uniform(value, wide if normalized else self.activations)
        return tensor_type(type.element_type, shape, encoding)


def _stored(op: Operation) -> Iterator[SSAValue]:
    """The results of an op that have no format yet and need one."""
    if not isinstance(op, LAYERS):
        return
    for value in op.results:
        if not isinstance(type_of(value).encoding, UniformAttr) and not is_wire(value):
            yield value


def _uniform(value: SSAValue, bits: int) -> UniformAttr:
    encoding = type_of(value).encoding
    if not isinstance(encoding, RangeAttr):
        raise PassFailedException(
            f"assign-precision: {value.owner} has no calibrated range; run calibrate first"
        )
    low, high = encoding.bounds
    storage = integer_type(bits, signed=low < 0)
    lowest, highest = integer_range(storage)
    scale = max(high / highest, low / lowest if lowest else 0.0)
    return UniformAttr(storage, scale or 1.0)


def _inherited(op: nn.AbsOp | nn.BiasOp) -> UniformAttr:
    """The format of |x|, or of a symbol with its median: that of the input, unsigned or finer."""
    storage: IntegerType = integer_type(16)
    scale = scale_of(op.input.type)
    if isinstance(op, nn.AbsOp):
        return UniformAttr(integer_type(16, signed=False), scale)
    return UniformAttr(storage, min(scale, LATENT_SCALE))
