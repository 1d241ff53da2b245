"""The gdn dialect: generalised divisive normalisation (Ballé et al., ICLR 2016 and 2017).

`gdn.normalize` is the layer in real numbers, `gdn.core` what the hardware computes: the same map on
integers, with the norm in up to 48 bits, normalised by its leading zeros, and a choice of
implementations for the reciprocal, root, or reciprocal root of its 18-bit mantissa
(`runtime/gdn_cores`).
"""

from enum import auto

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import (
    BoolAttr,
    Float32Type,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Attribute, Dialect, SpacedOpaqueSyntaxAttribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa
from xdsl.utils.str_enum import StrEnum

from ..runtime.gdn_cores import form_of
from .gdn_cores import core_of, number_of
from .quant import (
    MAX_SHIFT,
    frame_channels,
    verify_per_channel,
    verify_requantizer,
    verify_same_shape,
)
from .tensors import array_of, integer_range, shape_of

FloatTensor = TensorType[Float32Type]
IntegerTensor = TensorType[IntegerType]

NORM_BITS = 48
NORM_LIMITS = (16, NORM_BITS)
GAMMA_LIMITS = (2, 16)
SHIFTS = (-MAX_SHIFT, MAX_SHIFT + NORM_BITS)


class Norm(StrEnum):
    """Which norm divides: the root of a sum of squares (l2), or a sum of magnitudes (l1)."""

    L1 = auto()
    L2 = auto()


@irdl_attr_definition
class NormAttr(EnumAttribute[Norm], SpacedOpaqueSyntaxAttribute):
    """`#gdn<norm l1>` or `#gdn<norm l2>`."""

    name = "gdn.norm"


def verify_parameters(name: str, channels: int, beta: SSAValue, gamma: SSAValue) -> None:
    """beta [C] and gamma [C, C] for C channels."""
    verify_per_channel(name, "beta", beta, channels)
    if shape_of(gamma) != (channels, channels):
        raise VerifyException(
            f"{name}: gamma must be {channels} x {channels}, found {shape_of(gamma)}"
        )


def verify_normalizer(name: str, channels: int, multiplier: SSAValue, shift: IntegerAttr) -> None:
    """The requantiser of a GDN core; its shift may be beyond that of others on either side: the
    norm's exponent is added to it or subtracted."""
    verify_requantizer(name, channels, {"multiplier": multiplier}, shift, SHIFTS)


def verify_bits(op: IRDLOperation, name: str, limits: tuple[int, int]) -> None:
    """An optional number of bits, within its limits."""
    low, high = limits
    if not low <= (bits := number_of(op, name, high)) <= high:
        raise VerifyException(f"{op.name}: {name} must be in {low}..{high}, found {bits}")


def verify_core(op: IRDLOperation) -> None:
    """The implementation that an op names is there, and has its form."""
    norm, inverse = op.properties["norm"], op.properties["inverse"]
    assert isinstance(norm, NormAttr)
    assert isinstance(inverse, IntegerAttr)
    try:
        core, form = core_of(op), form_of(norm.data is Norm.L2, bool(inverse.value.data))
        if form:
            core.approximation(form)
    except ValueError as error:
        raise VerifyException(f"{op.name}: {error}") from error


def largest_term(element: IntegerType, l2: bool, drop: int) -> int:
    """The largest f(x) without its lowest `drop` bits."""
    largest = max(abs(value) for value in integer_range(element)) ** (2 if l2 else 1)
    return (largest + ((1 << drop) >> 1)) >> drop


def verify_norms(op: IRDLOperation, frame: Attribute, beta: SSAValue, gamma: SSAValue) -> None:
    """No norm is beyond its bits, for any input, as far as beta and gamma are constants."""
    verify_bits(op, "norm_bits", NORM_LIMITS)
    norm = op.properties["norm"]
    assert isinstance(norm, NormAttr)
    assert isa(frame, IntegerTensor)
    element, l2 = frame.element_type, norm.data is Norm.L2
    terms = element.width.data * (2 if l2 else 1)
    if not 0 <= (drop := number_of(op, "drop", 0)) < terms:
        raise VerifyException(f"{op.name}: drop must be in 0..{terms - 1}, found {drop}")
    if not all(isinstance(value.owner, ConstantOp) for value in (beta, gamma)):
        return
    rows = array_of(gamma).astype(np.int64).sum(axis=1) * largest_term(element, l2, drop)
    largest = int((array_of(beta).astype(np.int64) + rows).max())
    if largest.bit_length() > (bits := number_of(op, "norm_bits", NORM_BITS)):
        raise VerifyException(f"{op.name}: norms of up to {largest} do not fit {bits} bits")


@irdl_op_definition
class NormalizeOp(IRDLOperation):
    """GDN and its inverse on f32: with n_i = β_i + Σ_j γ_ij f(x_j), f(x) = x² for l2, |x| for l1,
    the result is x_i / √n_i (l2) or x_i / n_i (l1); inverse: x_i · √n_i or x_i · n_i. `core`,
    `norm_bits` and `gamma_bits` say what `quantize` makes of it: see `choose-gdn-cores`.

    ```
    %y = gdn.normalize %x, %beta, %gamma {layer = "g_a.1", norm = #gdn<norm l2>}
        : (tensor<1x4x8x8xf32>, tensor<4xf32>, tensor<4x4xf32>) -> tensor<1x4x8x8xf32>
    ```
    """

    name = "gdn.normalize"

    input = operand_def(FloatTensor)
    beta = operand_def(FloatTensor)
    gamma = operand_def(FloatTensor)
    norm = prop_def(NormAttr)
    inverse = prop_def(BoolAttr, default_value=BoolAttr.from_bool(False))
    core = opt_prop_def(StringAttr)
    norm_bits = opt_prop_def(IntegerAttr)
    gamma_bits = opt_prop_def(IntegerAttr)
    layer = prop_def(StringAttr)
    result = result_def(FloatTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        channels = frame_channels(self.name, self.input)
        verify_parameters(self.name, channels, self.beta, self.gamma)
        verify_same_shape(self.name, self.input, self.result)
        verify_core(self)
        verify_bits(self, "norm_bits", NORM_LIMITS)
        verify_bits(self, "gamma_bits", GAMMA_LIMITS)


@irdl_op_definition
class CoreOp(IRDLOperation):
    """GDN in integers, requantisation included.

    n_i = β_i + Σ_j γ_ij f(x_j) lies in [1, 2^norm_bits), norm_bits being 48 if left out, with the
    lowest `drop` bits of f(x_j) rounded away; e is its bit length (l1), rounded up to an even
    number (l2); m = ⌊n_i · 2^(18−e)⌋; r = 2^16 · g(m/2^18) with g the reciprocal root (l2), root
    (l2 inverse), reciprocal (l1) or identity (l1 inverse), by the implementation `core`, `table`
    if left out; k = e/2 (l2) or e (l1);
    result = saturate(round_half_up(x_i · r · multiplier_i / 2^(shift ± k))), + k forward and − k
    inverse, the exponent clamped to 1..62.

    ```
    %y = gdn.core %x, %beta, %gamma, %m {layer = "g_a.1", norm = #gdn<norm l2>, shift = 30 : i64}
        : (tensor<1x4x8x8xi12>, tensor<4xi48>, tensor<4x4xui16>, tensor<4xi32>)
        -> tensor<1x4x8x8xi8>
    ```
    """

    name = "gdn.core"

    input = operand_def(IntegerTensor)
    beta = operand_def(IntegerTensor)
    gamma = operand_def(IntegerTensor)
    multiplier = operand_def(IntegerTensor)
    norm = prop_def(NormAttr)
    inverse = prop_def(BoolAttr, default_value=BoolAttr.from_bool(False))
    shift = prop_def(IntegerAttr)
    core = opt_prop_def(StringAttr)
    norm_bits = opt_prop_def(IntegerAttr)
    drop = opt_prop_def(IntegerAttr)
    layer = prop_def(StringAttr)
    result = result_def(IntegerTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        channels = frame_channels(self.name, self.input)
        verify_parameters(self.name, channels, self.beta, self.gamma)
        verify_normalizer(self.name, channels, self.multiplier, self.shift)
        verify_same_shape(self.name, self.input, self.result)
        verify_core(self)
        verify_norms(self, self.input.type, self.beta, self.gamma)


Gdn = Dialect("gdn", [CoreOp, NormalizeOp], [NormAttr])
