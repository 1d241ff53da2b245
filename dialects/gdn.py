"""The gdn dialect: generalised divisive normalisation (Ballé et al., ICLR 2016 and 2017).

`gdn.normalize` is the layer in real numbers, `gdn.core` what the hardware computes: the same map on
integers, with the norm in up to 48 bits, normalised by its leading zeros, and a table with linear
interpolation for the reciprocal, root, or reciprocal root of its 18-bit mantissa.
"""

from enum import auto

from xdsl.dialects.builtin import (
    BoolAttr,
    Float32Type,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
)
from xdsl.dialects.utils import EnumAttribute
from xdsl.ir import Dialect, SpacedOpaqueSyntaxAttribute, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_attr_definition,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.str_enum import StrEnum

from .quant import (
    MAX_SHIFT,
    frame_channels,
    verify_per_channel,
    verify_requantizer,
    verify_same_shape,
)
from .tensors import shape_of

FloatTensor = TensorType[Float32Type]
IntegerTensor = TensorType[IntegerType]

NORM_BITS = 48
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


@irdl_op_definition
class NormalizeOp(IRDLOperation):
    """GDN and its inverse on f32: with n_i = β_i + Σ_j γ_ij f(x_j), f(x) = x² for l2, |x| for l1,
    the result is x_i / √n_i (l2) or x_i / n_i (l1); inverse: x_i · √n_i or x_i · n_i.

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
    layer = prop_def(StringAttr)
    result = result_def(FloatTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        channels = frame_channels(self.name, self.input)
        verify_parameters(self.name, channels, self.beta, self.gamma)
        verify_same_shape(self.name, self.input, self.result)


@irdl_op_definition
class CoreOp(IRDLOperation):
    """GDN in integers, requantisation included.

    n_i = β_i + Σ_j γ_ij f(x_j) lies in [1, 2^48); e is its bit length (l1), rounded up to an even
    number (l2); m = ⌊n_i · 2^(18−e)⌋; r = 2^16 · g(m/2^18) with g the reciprocal root (l2), root
    (l2 inverse), reciprocal (l1) or identity (l1 inverse); k = e/2 (l2) or e (l1);
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


Gdn = Dialect("gdn", [CoreOp, NormalizeOp], [NormAttr])
