"""From the formats that `assign-precision` decided to integer types, constants and requantisers."""

import numpy as np
from xdsl.dialects.builtin import IntegerAttr, IntegerType, StringAttr, i64
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import PassFailedException

from ...dialects import quant
from ...dialects.quant import ScaleAttr, UniformAttr
from ...dialects.tensors import Tensor, constant, integer_type, tensor_type, type_of
from ...runtime.arithmetic import Array
from .fixed_point import Multipliers, multipliers, narrowest

PRODUCT_BITS = 62


def assigned(value: SSAValue) -> UniformAttr:
    """The integer format of a float value; an error if `assign-precision` gave it none."""
    encoding = type_of(value).encoding
    if not isinstance(encoding, UniformAttr):
        raise PassFailedException(
            f"quantize: {value.owner} has no integer format; run assign-precision first"
        )
    return encoding


def integer_tensor(value: SSAValue) -> Tensor:
    """The integer type that takes the place of a value's float type."""
    format = assigned(value)
    return tensor_type(format.storage, type_of(value).get_shape(), ScaleAttr(format.scale))


def storage_of(value: SSAValue) -> IntegerType | None:
    """The integer element type of a value that is quantised already."""
    element = type_of(value).element_type
    return element if isinstance(element, IntegerType) else None


def integer_attr(value: int) -> IntegerAttr[IntegerType]:
    """An i64 attribute."""
    return IntegerAttr(value, i64)


def bounded_multipliers(layer: str, ratios: Array, limit: int) -> Multipliers:
    """Multipliers for real ratios, whose products with values up to `limit` stay below 2^62."""
    try:
        scale = multipliers(ratios)
    except ValueError as error:
        raise PassFailedException(f"quantize: {layer}: {error}") from error
    if limit * int(scale.values.max()) >> PRODUCT_BITS:
        raise PassFailedException(
            f"quantize: {layer}: sums up to {limit} do not fit a 62-bit product; use fewer bits"
        )
    return scale


def requantizer(
    layer: str,
    sums: SSAValue,
    bias: Array,
    scale: Multipliers,
    slope: float | None,
    result: Tensor,
) -> list[Operation]:
    """A `quant.requantize` of `sums` to the type `result`, behind its constants.

    `slope` is that of a leaky ReLU, 0 for a ReLU, None for none.
    """
    whole = bias.astype(np.int64)
    bias_type = narrowest(whole)
    vectors = [constant(whole, bias_type), constant(scale.values, integer_type(32))]
    if slope is not None:
        below = np.floor(scale.values * slope + 0.5).astype(np.int64)
        vectors.append(constant(below, integer_type(32)))
    op = quant.RequantizeOp.build(
        operands=[
            sums,
            vectors[0].result,
            vectors[1].result,
            vectors[2].result if slope is not None else None,
        ],
        properties={"shift": integer_attr(scale.shift), "layer": StringAttr(layer)},
        result_types=[result],
    )
    return [*vectors, op]
