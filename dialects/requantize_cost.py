"""What requantisers take: an adder, the choice of a multiplier, a product, saturation; and the
constants (`backends/rtl/library/licc_requantize_word.sv`).
"""

from dataclasses import dataclass

from xdsl.dialects.builtin import IntegerType

from . import stream
from .circuits import saturate_luts, saturate_registers
from .coefficients import UNCALIBRATED, Coefficients
from .engine import element_of
from .memories import Resources, rom_cost
from .pipelines import DSP_WIDE_BITS, requantizer_pipeline, sum_bits
from .stream_checks import fifo_type
from .stream_types import Memory, ceil_div
from .tensors import array_of, is_signed

MULTIPLIER_BITS = 17
LOWER_BITS = 17  # of a product of two slices
PRODUCT_BITS = 65


@dataclass(frozen=True)
class Requantizer:
    """From sums of `channels` channels to `output`: bits of a sum and of a bias; two
    multipliers where negative sums have one of their own that is not zero."""

    channels: int
    sums: int
    bias: int
    output: IntegerType
    shift: int
    multipliers: int = 1

    @property
    def biased(self) -> int:
        """Bits of a sum with its bias."""
        return max(self.sums, self.bias) + 1

    def cost(self, lanes: int, model: Coefficients = UNCALIBRATED) -> Resources:
        """What so many lanes take, and the marks that go with a word through them."""
        words = ceil_div(self.channels, lanes)
        bias = rom_cost(Memory.LUTRAM, words, lanes * self.bias)
        multiplier = rom_cost(Memory.LUTRAM, words, lanes * MULTIPLIER_BITS)
        wide = self.biased > DSP_WIDE_BITS
        form = (PRODUCT_BITS - self.shift, self.output.width.data, is_signed(self.output))
        added = max(self.sums, self.bias) + MULTIPLIER_BITS + saturate_luts(*form)
        kept = self.sums + self.biased + 2 * MULTIPLIER_BITS + saturate_registers(*form)
        upper = self.biased - LOWER_BITS + MULTIPLIER_BITS + 1 + LOWER_BITS if wide else 0
        lane = Resources(
            2 * lanes if wide else lanes,
            lut=round(model.requantize_lut * lanes * added),
            ff=round(model.requantize_ff * lanes * (kept + upper)),
        )
        marks = Resources(ff=round(model.control_ff * requantizer_pipeline(self.biased)))
        return bias + multiplier * self.multipliers + lane + marks


def requantizer_of(op: stream.ConvolveOp | stream.RequantizeOp) -> Requantizer:
    """The requantiser of an op."""
    output = fifo_type(op.result).frame
    return Requantizer(
        output.get_shape()[1],
        sum_bits(op),
        element_of(op.bias).width.data,
        output.element_type,
        op.shift.value.data,
        2 if op.negative and array_of(op.negative).any() else 1,
    )
