"""From decided formats to integer types and requantisers."""

import numpy as np
import pytest
from xdsl.dialects import test
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Attribute, SSAValue
from xdsl.utils.exceptions import PassFailedException

from licc.dialects.quant import RangeAttr, RequantizeOp, ScaleAttr, UniformAttr
from licc.dialects.tensors import array_of, f32, integer_type, tensor_type
from licc.passes.quantization.fixed_point import Multipliers
from licc.passes.quantization.formats import (
    assigned,
    bounded_multipliers,
    integer_tensor,
    requantizer,
    storage_of,
)

SHAPE = (1, 2, 4, 4)


def value(element: IntegerType | type(f32), encoding: Attribute | None = None) -> SSAValue:
    """A value of this element type and encoding."""
    return test.TestOp(result_types=[tensor_type(element, SHAPE, encoding)]).results[0]


def test_an_assigned_format_becomes_a_type() -> None:
    given = value(f32, UniformAttr(integer_type(12), 0.5))
    assert assigned(given).scale == 0.5
    assert integer_tensor(given) == tensor_type(integer_type(12), SHAPE, ScaleAttr(0.5))


@pytest.mark.parametrize("encoding", [None, RangeAttr(0, 1), ScaleAttr(0.5)])
def test_a_value_without_a_format(encoding: Attribute | None) -> None:
    with pytest.raises(PassFailedException, match="no integer format; run assign-precision first"):
        assigned(value(f32, encoding))


def test_storage() -> None:
    assert storage_of(value(integer_type(12))) == integer_type(12)
    assert storage_of(value(f32)) is None


def test_products_stay_below_62_bits() -> None:
    ratios = np.array([0.5, 0.25])
    found = bounded_multipliers("g_a.0", ratios, (1 << 46) - 1)
    assert found.values.tolist() == [1 << 16, 1 << 15]
    with pytest.raises(PassFailedException, match=r"g_a\.0: sums up to 7036\d+ do not fit"):
        bounded_multipliers("g_a.0", ratios, 1 << 46)
    with pytest.raises(PassFailedException, match=r"g_a\.0: a factor of 2\.62e\+05 is beyond 17"):
        bounded_multipliers("g_a.0", np.array([2.0**18]), 1)


@pytest.mark.parametrize(("slope", "negative"), [(None, None), (0.0, [0, 0]), (0.01, [1, 655])])
def test_requantizer(slope: float | None, negative: list[int] | None) -> None:
    result = tensor_type(integer_type(8), SHAPE, ScaleAttr(0.5))
    scale = Multipliers(np.array([100, 65535]), 20)
    *_, op = requantizer("g_a.0", value(integer_type(20)), np.array([3, -4]), scale, slope, result)
    assert isinstance(op, RequantizeOp)
    op.verify()
    assert op.layer.data == "g_a.0"
    assert op.shift.value.data == 20
    assert op.result.type == result
    assert array_of(op.bias).tolist() == [3, -4]
    assert op.bias.type == tensor_type(integer_type(3), (2,))
    assert array_of(op.multiplier).tolist() == [100, 65535]
    assert (None if op.negative is None else array_of(op.negative).tolist()) == negative


def test_a_wide_bias() -> None:
    result = tensor_type(integer_type(8), SHAPE, ScaleAttr(0.5))
    scale = Multipliers(np.array([1, 1]), 0)
    wide = np.array([0.0, 2.0**31])
    *_, op = requantizer("g_a.0", value(integer_type(40)), wide, scale, None, result)
    assert array_of(op.bias).tolist() == [0, 1 << 31]
