"""The nn dialect: the layers of a codec's transforms on NCHW tensors with batch size 1.

The same ops stand for the float program (f32) and for the integer one, where `nn.conv2d` and
`nn.conv_transpose2d` give exact accumulators of the width that interval analysis has proven.
"""

import numpy as np
from xdsl.dialects.builtin import (
    DenseArrayBase,
    Float32Type,
    Float64Type,
    FloatAttr,
    IntegerAttr,
    IntegerType,
    StringAttr,
    TensorType,
)
from xdsl.ir import Dialect, SSAValue
from xdsl.irdl import (
    IRDLOperation,
    ParsePropInAttrDict,
    irdl_op_definition,
    operand_def,
    opt_operand_def,
    opt_prop_def,
    prop_def,
    result_def,
    traits_def,
)
from xdsl.traits import Pure
from xdsl.utils.exceptions import VerifyException

from .quant import frame_channels, verify_per_channel, verify_same_shape
from .tensors import Array, shape_of, type_of
from .window import Window

NumericTensor = TensorType[Float32Type | IntegerType]

MAX_KERNEL = 9
STRIDES = (1, 2, 4)


def verify_window(name: str, window: Window) -> None:
    """Kernels from 1×1 to 9×9, strides 1, 2 and 4, transposed outputs of stride × input."""
    if not 1 <= window.kernel <= MAX_KERNEL:
        raise VerifyException(f"{name}: kernel must be in 1..{MAX_KERNEL}, found {window.kernel}")
    if window.stride not in STRIDES:
        raise VerifyException(f"{name}: stride must be 1, 2 or 4, found {window.stride}")
    if not 0 <= window.padding < window.kernel:
        raise VerifyException(
            f"{name}: padding must be in 0..{window.kernel - 1}, found {window.padding}"
        )
    if window.transposed and not 0 <= window.output_padding < window.stride:
        raise VerifyException(
            f"{name}: the output must be {window.stride} times the input, which padding "
            f"{window.padding} does not allow for kernel {window.kernel}"
        )


def verify_frames(
    name: str, window: Window, channels: tuple[int, int], input: SSAValue, result: SSAValue
) -> None:
    """The result of a convolution from channels[0] to channels[1] has the shape it must have."""
    if (found := frame_channels(name, input)) != channels[0]:
        raise VerifyException(
            f"{name}: input has {found} channels, the weight expects {channels[0]}"
        )
    expected = (1, channels[1], *(window.output_size(size) for size in shape_of(input)[2:]))
    if shape_of(result) != expected:
        raise VerifyException(f"{name}: result must be {expected}, found {shape_of(result)}")


def verify_elements(name: str, *values: SSAValue | None) -> None:
    """All values are f32, or all are integers."""
    elements = [type_of(value).element_type for value in values if value is not None]
    if len({isinstance(element, IntegerType) for element in elements}) != 1:
        found = ", ".join(str(element) for element in elements)
        raise VerifyException(f"{name}: expected all f32 or all integers, found {found}")


def verify_scales(name: str, scales: Array, channels: int) -> None:
    """One positive scale for each output channel."""
    if scales.shape != (channels,) or not (scales > 0).all():
        raise VerifyException(
            f"{name}: weight_scale must have a positive number for each of the {channels} output "
            f"channels, found {scales.tolist()}"
        )


class _Convolution(IRDLOperation):
    input = operand_def(NumericTensor)
    weight = operand_def(NumericTensor)
    bias = opt_operand_def(NumericTensor)
    stride = prop_def(IntegerAttr)
    padding = prop_def(IntegerAttr)
    layer = prop_def(StringAttr)
    weight_bits = opt_prop_def(IntegerAttr)
    weight_scale = opt_prop_def(DenseArrayBase[Float64Type])
    result = result_def(NumericTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = (
        "$input `,` $weight (`,` `bias` $bias^)? attr-dict `:` functional-type(operands, results)"
    )

    def window_of(self, transposed: bool) -> Window:
        """The geometry of the window; the kernel is the weight's last dimension."""
        return Window(
            shape_of(self.weight)[-1],
            self.stride.value.data,
            self.padding.value.data,
            transposed,
        )

    @property
    def scales(self) -> Array | None:
        """What one step of each output channel's integer weights is worth, where that is decided:
        float64 [out]."""
        if self.weight_scale is None:
            return None
        return np.array(self.weight_scale.get_values(), np.float64)

    def verify_convolution(self, transposed: bool) -> None:
        """What both kinds share."""
        shape = shape_of(self.weight)
        if len(shape) != 4 or shape[2] != shape[3]:
            raise VerifyException(f"{self.name}: weight must have a square kernel, found {shape}")
        window = self.window_of(transposed)
        channels = (shape[0], shape[1]) if transposed else (shape[1], shape[0])
        verify_window(self.name, window)
        verify_elements(self.name, self.input, self.weight, self.bias, self.result)
        verify_frames(self.name, window, channels, self.input, self.result)
        if self.bias is not None:
            verify_per_channel(self.name, "bias", self.bias, channels[1])
        if self.weight_bits is not None and not 2 <= self.weight_bits.value.data <= 16:
            raise VerifyException(
                f"{self.name}: weight_bits must be in 2..16, found {self.weight_bits.value.data}"
            )
        if self.scales is not None:
            verify_scales(self.name, self.scales, channels[1])


@irdl_op_definition
class Conv2dOp(_Convolution):
    """Cross-correlation with zero padding, weight [out, in, k, k]:
    result[o, y, x] = bias[o] + Σ weight[o, i, ky, kx] · input[i, y·s − p + ky, x·s − p + kx].

    ```
    %y = nn.conv2d %x, %w, bias %b {layer = "g_a.0", stride = 2 : i64, padding = 2 : i64}
        : (tensor<1x3x16x16xf32>, tensor<8x3x5x5xf32>, tensor<8xf32>) -> tensor<1x8x8x8xf32>
    ```
    """

    name = "nn.conv2d"

    @property
    def window(self) -> Window:
        """The geometry of the window."""
        return self.window_of(transposed=False)

    def verify_(self) -> None:
        self.verify_convolution(transposed=False)


@irdl_op_definition
class ConvTranspose2dOp(_Convolution):
    """Transposed convolution whose output is exactly stride × input, weight [in, out, k, k]:
    result[o, Y, X] = bias[o] + Σ weight[i, o, ky, kx] · input[i, (Y + p − ky)/s, (X + p − kx)/s]
    over the taps whose input position is whole and inside.

    ```
    %y = nn.conv_transpose2d %x, %w {layer = "g_s.0", stride = 2 : i64, padding = 2 : i64}
        : (tensor<1x8x8x8xf32>, tensor<8x3x5x5xf32>) -> tensor<1x3x16x16xf32>
    ```
    """

    name = "nn.conv_transpose2d"

    @property
    def window(self) -> Window:
        """The geometry of the window."""
        return self.window_of(transposed=True)

    def verify_(self) -> None:
        self.verify_convolution(transposed=True)


class _Elementwise(IRDLOperation):
    input = operand_def(NumericTensor)
    layer = prop_def(StringAttr)
    result = result_def(NumericTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        verify_same_shape(self.name, self.input, self.result)
        verify_elements(self.name, self.input, self.result)


@irdl_op_definition
class ReluOp(_Elementwise):
    """max(input, 0).

    ```
    %y = nn.relu %x {layer = "h_a.1"} : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
    ```
    """

    name = "nn.relu"


@irdl_op_definition
class LeakyReluOp(_Elementwise):
    """input where it is positive, slope · input elsewhere.

    ```
    %y = nn.leaky_relu %x {layer = "h_a.1", slope = 0.01 : f64}
        : (tensor<1x4x8x8xf32>) -> tensor<1x4x8x8xf32>
    ```
    """

    name = "nn.leaky_relu"

    slope = prop_def(FloatAttr)

    def verify_(self) -> None:
        super().verify_()
        if not 0.0 <= self.slope.value.data < 1.0:
            raise VerifyException(
                f"{self.name}: slope must be in [0, 1), found {self.slope.value.data}"
            )


@irdl_op_definition
class AbsOp(_Elementwise):
    """|input|.

    ```
    %y = nn.abs %x {layer = "h_a.abs"} : (tensor<1x4x8x8xi16>) -> tensor<1x4x8x8xui16>
    ```
    """

    name = "nn.abs"


@irdl_op_definition
class BiasOp(IRDLOperation):
    """Adds one number to each channel: result[c, y, x] = input[c, y, x] + bias[c].

    ```
    %y = nn.bias %x, %b {layer = "g_s.median"}
        : (tensor<1x4x8x8xf32>, tensor<4xf32>) -> tensor<1x4x8x8xf32>
    ```
    """

    name = "nn.bias"

    input = operand_def(NumericTensor)
    bias = operand_def(NumericTensor)
    layer = prop_def(StringAttr)
    result = result_def(NumericTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        verify_same_shape(self.name, self.input, self.result)
        verify_elements(self.name, self.input, self.bias, self.result)
        verify_per_channel(self.name, "bias", self.bias, frame_channels(self.name, self.input))


@irdl_op_definition
class AddOp(IRDLOperation):
    """lhs + rhs, of one shape; in integers of one scale, with a result wide enough.

    ```
    %z = nn.add %x, %y {layer = "g_a.add"}
        : (tensor<1x4x8x8xi8>, tensor<1x4x8x8xi8>) -> tensor<1x4x8x8xi9>
    ```
    """

    name = "nn.add"

    lhs = operand_def(NumericTensor)
    rhs = operand_def(NumericTensor)
    layer = prop_def(StringAttr)
    result = result_def(NumericTensor)

    traits = traits_def(Pure())
    irdl_options = (ParsePropInAttrDict(),)
    assembly_format = "operands attr-dict `:` functional-type(operands, results)"

    def verify_(self) -> None:
        verify_same_shape(self.name, self.lhs, self.rhs, self.result)
        verify_elements(self.name, self.lhs, self.rhs, self.result)


Nn = Dialect("nn", [AbsOp, AddOp, BiasOp, Conv2dOp, ConvTranspose2dOp, LeakyReluOp, ReluOp], [])
