"""`assign-precision`: how many bits every weight and every value gets."""

from collections.abc import Iterator
from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr, i64
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects import gdn, nn
from ..dialects.quant import LATENT_SCALE, RangeAttr, UniformAttr, scale_of
from ..dialects.tensors import integer_range, integer_type, tensor_type, type_of
from .layer_bits import LayerBits, parse_layers

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


def is_inherited(value: SSAValue) -> bool:
    """Whether the format of a value follows from that of another: |x|, and a symbol with its
    median."""
    owner = value.owner
    return isinstance(owner, nn.AbsOp | nn.BiasOp) and not is_wire(owner.input)


@dataclass(frozen=True)
class AssignPrecision(ModulePass):
    """Gives every convolution `weights` bits and every stored value an integer format.

    Values get `activations` bits, the inputs of a GDN `normalization` bits (0: the larger of 12 and
    `activations`), unsigned where calibration saw nothing negative, with the scale that just holds
    the calibrated range. Latents, symbols and pixels keep the formats of the codec's interfaces.
    `layers` says otherwise of single layers, as in `g_a.0=w9, g_a.1=a10`: w are the bits of the
    layer's weights, a those of what it gives.
    """

    name = "assign-precision"

    weights: int = 8
    activations: int = 8
    normalization: int = 0
    layers: str = ""

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        wide = self.normalization or max(12, self.activations)
        try:
            chosen = parse_layers(self.layers)
        except ValueError as error:
            raise PassFailedException(f"assign-precision: {error}") from error
        given = LayerBits(self.weights, self.activations).said | {"normalization": wide}
        _require_range("", given)
        for layer, bits in chosen.items():
            _require_range(f"{layer}: ", bits.said)
        taken: set[tuple[str, str]] = set()
        for inner in list(op.walk()):
            layer = layer_of(inner)
            bits = chosen.get(layer, LayerBits())
            if isinstance(inner, nn.Conv2dOp | nn.ConvTranspose2dOp):
                inner.weight_bits = IntegerAttr(bits.weights or self.weights, i64)
                taken.add((layer, "weights"))
            for value in _stored(inner):
                if is_inherited(value):
                    format = _inherited(value)
                else:
                    taken.add((layer, "activations"))
                    default = wide if _is_normalized(value) else self.activations
                    format = _uniform(value, bits.activations or default)
                type = type_of(value)
                new = tensor_type(type.element_type, type.get_shape(), format)
                Rewriter.replace_value_with_new_type(value, new)
        _require_taken(chosen, taken)


def layer_of(op: Operation) -> str:
    """The name of an op's layer, empty if it has none."""
    layer = op.properties.get("layer")
    return layer.data if isinstance(layer, StringAttr) else ""


def _require_range(where: str, given: dict[str, int]) -> None:
    for what, bits in given.items():
        low, high = LIMITS[what]
        if not low <= bits <= high:
            raise PassFailedException(
                f"assign-precision: {where}{what} must be in {low}..{high}, found {bits}"
            )


def _require_taken(chosen: dict[str, LayerBits], taken: set[tuple[str, str]]) -> None:
    """Raises if bits were given to a layer that has no use for them."""
    for layer, bits in chosen.items():
        for what in bits.said:
            if (layer, what) not in taken:
                able = sorted(name for name, kind in taken if kind == what)
                raise PassFailedException(
                    f"assign-precision: {layer} has no {what} whose bits are to be chosen; these "
                    f"have: {', '.join(able)}"
                )


def _is_normalized(value: SSAValue) -> bool:
    return any(isinstance(use.operation, gdn.NormalizeOp) for use in value.uses)


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


def _inherited(value: SSAValue) -> UniformAttr:
    """The format of |x|, or of a symbol with its median: that of the input, unsigned or finer."""
    owner = value.owner
    assert isinstance(owner, nn.AbsOp | nn.BiasOp)
    scale = scale_of(owner.input.type)
    if isinstance(owner, nn.AbsOp):
        return UniformAttr(integer_type(16, signed=False), scale)
    return UniformAttr(integer_type(16), min(scale, LATENT_SCALE))
