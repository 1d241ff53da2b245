"""What the two kinds of engine are, apart from their ops: the numbers that cycles and cost need.

`balance-pipeline` weighs thousands of shapes of one engine against each other; describing them by
plain numbers keeps it from building an op for each.
"""

from dataclasses import dataclass
from typing import TypeAlias

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import SSAValue
from xdsl.utils.hints import isa

from ..runtime.gdn_cores import TABLE, Form, LaneCost, form_of
from .drain import fewest_steps, set_words
from .gdn import NORM_BITS, Norm
from .gdn_cores import core_of, number_of
from .gdn_products import count_live, nonzero_bits
from .stream import ConvolveOp, MacOp, NormalizeOp
from .stream_checks import fifo_type, windows_type
from .stream_types import IntegerTensor, ceil_div
from .tensors import array_of, shape_of
from .window import Window

Engine: TypeAlias = MacOp | ConvolveOp

DEFAULT_LANE = TABLE.forms[Form.L2].cost


@dataclass(frozen=True)
class Parallelism:
    """What an engine takes side by side: `po` output channels, `pi` input channels, `taps` kernel
    rows, `pixels` neighbours of a row; `fold` is the number of words in which the output channels
    leave, one a step."""

    po: int
    pi: int
    taps: int = 1
    pixels: int = 1
    fold: int = 1

    @property
    def factors(self) -> int:
        """Products a cycle that are added up to one sum."""
        return self.pi * self.taps

    @property
    def sums(self) -> int:
        """Sums side by side."""
        return self.po * self.pixels

    @property
    def products(self) -> int:
        """Multiply-accumulates a cycle."""
        return self.sums * self.factors

    @property
    def lanes(self) -> int:
        """Channels of a word of the result."""
        return self.po // self.fold


@dataclass(frozen=True)
class ConvolutionShape:
    """A convolution from a frame of `inputs` × `height` × `width` to `outputs` channels."""

    window: Window
    inputs: int
    outputs: int
    height: int
    width: int
    activation: IntegerType
    weight: IntegerType
    accumulator_bits: int
    output_bits: int

    @property
    def pixels(self) -> int:
        """Pixels for each of which the engine takes all of its steps: output pixels of a
        convolution, input pixels (with all phases) of a transposed one."""
        if self.window.transposed:
            return self.height * self.width
        return self.output_pixels

    @property
    def output_pixels(self) -> int:
        """Pixels of a frame of the output."""
        return self.window.output_size(self.height) * self.window.output_size(self.width)

    @property
    def macs(self) -> int:
        """Useful multiply-accumulates of a frame, padding counted, inserted zeros not."""
        return self.pixels * self.window.kernel**2 * self.inputs * self.outputs

    def input_groups(self, parallelism: Parallelism) -> int:
        """Words of a pixel of the input."""
        return ceil_div(self.inputs, parallelism.pi)

    def output_groups(self, parallelism: Parallelism) -> int:
        """Groups of outputs that are summed up one after the other."""
        return ceil_div(self.outputs, parallelism.po)

    def result_words(self, parallelism: Parallelism) -> int:
        """Words of a pixel of the result."""
        return ceil_div(self.outputs, parallelism.lanes)

    def set_words(self, parallelism: Parallelism) -> int:
        """Words in which a set of finished sums leaves."""
        p = parallelism
        return set_words(self.window, p.pixels, self.outputs, p.po, p.lanes)

    def fewest_steps(self, parallelism: Parallelism) -> int:
        """The fewest steps from one finished set of sums to the next."""
        p = parallelism
        return fewest_steps(self.window, p.taps, p.pixels, self.input_groups(p))

    def weight_words(self, parallelism: Parallelism) -> int:
        """Depth of each output lane's weight memory: every phase, output group, step and input
        group, `taps` × `pi` weights a word."""
        steps = sum(self.window.pixel_steps(parallelism.taps))
        return steps * self.output_groups(parallelism) * self.input_groups(parallelism)

    def weight_word_bits(self, parallelism: Parallelism) -> int:
        """Bits of a word of weights."""
        return parallelism.taps * parallelism.pi * self.weight.width.data


@dataclass(frozen=True)
class NormalizeShape:
    """A GDN core over `channels` channels of `pixels` pixels. `lane` is what its implementation
    takes for a lane, `nonzero` where γ is not zero (`gdn_products.nonzero_bits`)."""

    channels: int
    pixels: int
    input: IntegerType
    gamma_bits: int
    norm: Norm
    output_bits: int
    norm_bits: int = NORM_BITS
    drop: int = 0
    lane: LaneCost = DEFAULT_LANE
    nonzero: bytes = b""

    @property
    def macs(self) -> int:
        """Useful multiply-accumulates of a frame: the norms."""
        return self.pixels * self.channels**2

    def products(self, parallelism: Parallelism) -> int:
        """Multipliers of the norms, without those whose products are always zero."""
        return count_live(self.nonzero, self.channels, parallelism.po, parallelism.pi)

    def input_groups(self, parallelism: Parallelism) -> int:
        """Words of a pixel of the input."""
        return ceil_div(self.channels, parallelism.pi)

    def output_groups(self, parallelism: Parallelism) -> int:
        """Groups of outputs that are summed up one after the other."""
        return ceil_div(self.channels, parallelism.po)

    def result_words(self, parallelism: Parallelism) -> int:
        """Words of a pixel of the result."""
        return ceil_div(self.channels, parallelism.lanes)


def element_of(value: SSAValue) -> IntegerType:
    """The element type of an integer tensor; `ValueError` if the value is none."""
    if not isa(value.type, IntegerTensor):
        raise ValueError(f"expected a tensor of integers, found {value.type}")
    return value.type.element_type


def convolution_shape(op: Engine) -> ConvolutionShape:
    """The convolution that an engine computes."""
    frame, result = windows_type(op.input).frame, fifo_type(op.result).frame
    _, inputs, height, width = frame.get_shape()
    accumulator = op.accumulator if isinstance(op, ConvolveOp) else result.element_type
    return ConvolutionShape(
        op.window.window,
        inputs,
        result.get_shape()[1],
        height,
        width,
        frame.element_type,
        element_of(op.weight),
        accumulator.width.data,
        result.element_type.width.data,
    )


def convolution_parallelism(op: Engine) -> Parallelism:
    """The parallelism that an engine's types have."""
    windows, lanes = windows_type(op.input), fifo_type(op.result).lanes
    outputs = op.outputs if isinstance(op, ConvolveOp) else None
    po = outputs.value.data if outputs else lanes
    return Parallelism(po, windows.lanes, windows.taps, windows.pixels, po // lanes)


def normalize_shape(op: NormalizeOp) -> NormalizeShape:
    """The GDN core that an actor computes."""
    input, result = fifo_type(op.input), fifo_type(op.result)
    return NormalizeShape(
        shape_of(op.gamma)[0],
        input.pixels,
        input.frame.element_type,
        element_of(op.gamma).width.data,
        op.norm.data,
        result.frame.element_type.width.data,
        number_of(op, "norm_bits", NORM_BITS),
        number_of(op, "drop", 0),
        lane_of(op),
        nonzero_bits(array_of(op.gamma)) if isinstance(op.gamma.owner, ConstantOp) else b"",
    )


def lane_of(op: NormalizeOp) -> LaneCost:
    """What the implementation of a GDN core takes for a lane; nothing for inverse l1."""
    form = form_of(op.norm.data is Norm.L2, bool(op.inverse.value.data))
    return core_of(op).approximation(form).cost if form else LaneCost(0)


def normalize_parallelism(op: NormalizeOp) -> Parallelism:
    """The parallelism that an actor's types have."""
    lanes = fifo_type(op.result).lanes
    po = op.outputs.value.data if op.outputs else lanes
    return Parallelism(po, fifo_type(op.input).lanes, fold=po // lanes)
