"""The torch dialect: what torch-mlir hands over, as far as licc raises it to nn and gdn.

The ops carry torch's own names and operands, so that their generic text is valid for torch-mlir
too. Two discardable attributes name the origin: `module`, the path of the module in the model, and
`source`, the torch op that was called there. Any other torch op parses as an unregistered op and is
reported by its name. While a module is being raised its tensors are builtin tensors, hence
`TENSOR`.
"""

from xdsl.dialects.builtin import (
    BoolAttr,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    FloatAttr,
    IntegerAttr,
    TensorType,
)
from xdsl.ir import Attribute, Dialect
from xdsl.irdl import (
    AnyAttr,
    IRDLOperation,
    base,
    irdl_op_definition,
    operand_def,
    prop_def,
    result_def,
    traits_def,
    var_operand_def,
)
from xdsl.traits import ConstantLike, Pure

from .torch_types import BoolType, FloatType, IntType, ListType, NoneType, VTensorType

TENSOR = base(VTensorType) | base(TensorType[Attribute])


class Constant(IRDLOperation):
    """A constant of torch's own types."""

    result = result_def()
    traits = traits_def(Pure(), ConstantLike())


@irdl_op_definition
class LiteralOp(Constant):
    """A constant tensor."""

    name = "torch.vtensor.literal"
    value = prop_def(base(DenseIntOrFPElementsAttr) | base(DenseResourceAttr))


@irdl_op_definition
class ConstantIntOp(Constant):
    """A Python int."""

    name = "torch.constant.int"
    value = prop_def(IntegerAttr)


@irdl_op_definition
class ConstantFloatOp(Constant):
    """A Python float."""

    name = "torch.constant.float"
    value = prop_def(FloatAttr)


@irdl_op_definition
class ConstantBoolOp(Constant):
    """A Python bool."""

    name = "torch.constant.bool"
    value = prop_def(BoolAttr)


@irdl_op_definition
class ConstantNoneOp(Constant):
    """Python's None."""

    name = "torch.constant.none"


@irdl_op_definition
class ListConstructOp(IRDLOperation):
    """A Python list of its operands."""

    name = "torch.prim.ListConstruct"
    elements = var_operand_def(AnyAttr())
    result = result_def(ListType)
    traits = traits_def(Pure())


@irdl_op_definition
class ConvolutionOp(IRDLOperation):
    """A convolution [out, in, k, k] or, transposed, [in, out, k, k]; lists are (rows, columns)."""

    name = "torch.aten.convolution"
    input = operand_def(TENSOR)
    weight = operand_def(TENSOR)
    bias = operand_def()
    stride = operand_def(ListType)
    padding = operand_def(ListType)
    dilation = operand_def(ListType)
    transposed = operand_def(BoolType)
    output_padding = operand_def(ListType)
    groups = operand_def(IntType)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


class Unary(IRDLOperation):
    """An op whose first operand is its tensor.

    An op with further operands repeats the inherited ones: xDSL puts an op's own operands first.
    """

    input = operand_def(TENSOR)
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class ReluOp(Unary):
    """max(input, 0)."""

    name = "torch.aten.relu"


@irdl_op_definition
class AbsOp(Unary):
    """|input|."""

    name = "torch.aten.abs"


@irdl_op_definition
class SqrtOp(Unary):
    """√input."""

    name = "torch.aten.sqrt"


@irdl_op_definition
class RsqrtOp(Unary):
    """1 / √input."""

    name = "torch.aten.rsqrt"


@irdl_op_definition
class ReciprocalOp(Unary):
    """1 / input."""

    name = "torch.aten.reciprocal"


@irdl_op_definition
class ViewOp(Unary):
    """The same elements in another shape."""

    name = "torch.aten.view"
    input = operand_def(TENSOR)
    size = operand_def(ListType)


@irdl_op_definition
class UnsqueezeOp(Unary):
    """The same elements with a new dimension of size 1 at position dim."""

    name = "torch.aten.unsqueeze"
    input = operand_def(TENSOR)
    dim = operand_def(IntType)


class Binary(IRDLOperation):
    """An elementwise op of two tensors, or of a tensor and a scalar, which broadcast."""

    lhs = operand_def(TENSOR)
    rhs = operand_def()
    result = result_def(TENSOR)
    traits = traits_def(Pure())


@irdl_op_definition
class MaximumOp(Binary):
    """max(lhs, rhs)."""

    name = "torch.aten.maximum"


@irdl_op_definition
class MinimumOp(Binary):
    """min(lhs, rhs)."""

    name = "torch.aten.minimum"


@irdl_op_definition
class PowTensorScalarOp(Binary):
    """lhs to the power of a Python number."""

    name = "torch.aten.pow.Tensor_Scalar"


@irdl_op_definition
class MulTensorOp(Binary):
    """lhs · rhs."""

    name = "torch.aten.mul.Tensor"


@irdl_op_definition
class MulScalarOp(Binary):
    """lhs · a Python number."""

    name = "torch.aten.mul.Scalar"


@irdl_op_definition
class DivTensorOp(Binary):
    """lhs / rhs."""

    name = "torch.aten.div.Tensor"


@irdl_op_definition
class AddTensorOp(Binary):
    """lhs + alpha · rhs."""

    name = "torch.aten.add.Tensor"
    lhs = operand_def(TENSOR)
    rhs = operand_def()
    alpha = operand_def()


@irdl_op_definition
class SubTensorOp(Binary):
    """lhs - alpha · rhs."""

    name = "torch.aten.sub.Tensor"
    lhs = operand_def(TENSOR)
    rhs = operand_def()
    alpha = operand_def()


Torch = Dialect(
    "torch",
    [
        AbsOp,
        AddTensorOp,
        ConstantBoolOp,
        ConstantFloatOp,
        ConstantIntOp,
        ConstantNoneOp,
        ConvolutionOp,
        DivTensorOp,
        ListConstructOp,
        LiteralOp,
        MaximumOp,
        MinimumOp,
        MulScalarOp,
        MulTensorOp,
        PowTensorScalarOp,
        ReciprocalOp,
        ReluOp,
        RsqrtOp,
        SqrtOp,
        SubTensorOp,
        UnsqueezeOp,
        ViewOp,
    ],
    [BoolType, FloatType, IntType, ListType, NoneType, VTensorType],
)
