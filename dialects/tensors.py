"""Tensor types and constants as NumPy sees them.

A constant is bytes: `constant` packs an array without a detour through Python numbers, `array_of`
gives a view of it. Integers of 1–8 bits take one byte an element, up to 16 bits two, and so on.
"""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import (
    BytesAttr,
    DenseIntOrFPElementsAttr,
    Float32Type,
    IntegerType,
    NoneAttr,
    Signedness,
    TensorType,
    f32,
)
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

Array: TypeAlias = NDArray[Any]
ElementType: TypeAlias = IntegerType | Float32Type
Tensor: TypeAlias = TensorType[IntegerType | Float32Type]


def is_signed(element: IntegerType) -> bool:
    """`i8` and `si8` are signed, `ui8` is not."""
    return element.signedness.data is not Signedness.UNSIGNED


def integer_type(bits: int, signed: bool = True) -> IntegerType:
    """`i<bits>` or `ui<bits>`."""
    return IntegerType(bits, Signedness.SIGNLESS if signed else Signedness.UNSIGNED)


def integer_range(element: IntegerType) -> tuple[int, int]:
    """The lowest and the highest value of an integer type."""
    bits = element.width.data
    if is_signed(element):
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1


def container(element: Attribute) -> np.dtype[Any]:
    """The NumPy dtype that holds one element: the smallest of 8, 16, 32 and 64 bits, or float32."""
    if isinstance(element, Float32Type):
        return np.dtype(np.float32)
    if not isa(element, IntegerType) or not 1 <= element.width.data <= 64:
        raise ValueError(f"licc has no NumPy container for elements of type {element}")
    size = next(size for size in (1, 2, 4, 8) if element.width.data <= 8 * size)
    return np.dtype(f"{'i' if is_signed(element) else 'u'}{size}")


def tensor_type(
    element: ElementType, shape: tuple[int, ...], encoding: Attribute | None = None
) -> Tensor:
    """`tensor<shape x element, encoding>`."""
    return TensorType(element, shape, encoding or NoneAttr())


def type_of(value: SSAValue) -> Tensor:
    """The ranked tensor type of a value; `ValueError` if it has another type."""
    if not isa(value.type, Tensor):
        raise ValueError(f"expected a tensor of integers or f32, found {value.type}")
    return value.type


def shape_of(value: SSAValue) -> tuple[int, ...]:
    """The shape of a tensor value."""
    return type_of(value).get_shape()


def constant(
    values: Array, element: ElementType = f32, encoding: Attribute | None = None
) -> ConstantOp:
    """`arith.constant dense<…>` of an array, whose values must fit the element type."""
    if isinstance(element, IntegerType) and values.size:
        low, high = integer_range(element)
        if values.min() < low or values.max() > high:
            raise ValueError(f"values {values.min()}…{values.max()} do not fit {element}")
    data = np.ascontiguousarray(values, container(element)).tobytes()
    type = tensor_type(element, values.shape, encoding)
    return ConstantOp(DenseIntOrFPElementsAttr(type, BytesAttr(data)))


def array_of_attribute(dense: DenseIntOrFPElementsAttr[Any]) -> Array:
    """A dense constant as a read-only array of its type's container; splats are expanded."""
    shape = dense.get_shape()
    flat = np.frombuffer(dense.data.data, container(dense.get_element_type()))
    if flat.size == 1:
        return np.broadcast_to(flat, shape) if shape else flat.reshape(())
    if flat.size != np.prod(shape, dtype=np.int64):
        raise VerifyException(f"constant of {dense.type} holds {flat.size} values")
    return flat.reshape(shape)


def array_of(value: SSAValue) -> Array:
    """The constant behind a value, as a read-only array; `ValueError` if it is not constant."""
    if isinstance(value.owner, ConstantOp) and isinstance(
        value.owner.value, DenseIntOrFPElementsAttr
    ):
        return array_of_attribute(value.owner.value)
    raise ValueError(f"expected a constant, found a result of {value.owner}")
