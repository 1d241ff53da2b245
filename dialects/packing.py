"""Several products in one DSP slice, and the proof that their sums can be taken apart.

A slice multiplies 27 by 18 bits, signed, and adds up in 48. Weights of `outputs` channels and the
activations of `pixels` pixels are joined to one factor each,

    W = Σ_o w_o · 2^(F · pixels · o),   X = Σ_p x_p · 2^(F · p),   F = 18 (two products), 11 (four),

so that the product holds w_o · x_p in field number o · pixels + p, of F bits. A sum of such
products is taken apart from the lowest field up: the low F bits as a signed number are its sum, and
what is left without them, shifted down by F, holds the others. That is exact as long as every field
but the highest stays in [−2^(F−1), 2^(F−1)) (two products: AMD WP486; four: AMD WP521).
"""

from dataclasses import dataclass

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IntAttr, IntegerType
from xdsl.ir import Attribute, ParametrizedAttribute, SSAValue
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

from .stream_types import parse_fields, print_fields
from .tensors import Array, array_of, integer_range, type_of

WIDE_FACTOR_BITS, NARROW_FACTOR_BITS = 27, 18
LONGEST_CHAIN = 64


@dataclass(frozen=True)
class Packing:
    """How many output channels and pixels share a slice."""

    outputs: int = 1
    pixels: int = 1

    @property
    def products(self) -> int:
        """Products of a slice in a cycle."""
        return self.outputs * self.pixels

    @property
    def field_bits(self) -> int:
        """Bits of a field."""
        return 18 if self.products == 2 else 11

    @property
    def weight_bits(self) -> int:
        """Bits of the port that the weights take: the wide one if several are joined."""
        return WIDE_FACTOR_BITS if self.outputs > 1 else NARROW_FACTOR_BITS

    @property
    def activation_bits(self) -> int:
        """Bits of the port that the activations take."""
        return NARROW_FACTOR_BITS if self.outputs > 1 else WIDE_FACTOR_BITS

    def fits_ports(self, weight: int, activation: int) -> bool:
        """Whether factors of at most these magnitudes fit the ports once joined."""
        spacing = 1 << (self.field_bits * self.pixels)
        widest = {self.weight_bits: weight * (spacing + 1 if self.outputs > 1 else 1)}
        next_pixel = (1 << self.field_bits) + 1 if self.pixels > 1 else 1
        widest[self.activation_bits] = activation * next_pixel
        return all(value < 1 << (bits - 1) for bits, value in widest.items())


FORMS = (Packing(2, 1), Packing(1, 2), Packing(2, 2))


@irdl_attr_definition
class PackingAttr(ParametrizedAttribute):
    """A form of packing, and how many products are added up before the sums are taken apart:
    `#stream.packing<outputs = 2, pixels = 1, chain = 4>`."""

    name = "stream.packing"

    output_count: IntAttr
    pixel_count: IntAttr
    chain_length: IntAttr

    def __init__(self, packing: Packing, chain: int):
        super().__init__(IntAttr(packing.outputs), IntAttr(packing.pixels), IntAttr(chain))

    @property
    def packing(self) -> Packing:
        """The form."""
        return Packing(self.output_count.data, self.pixel_count.data)

    @property
    def chain(self) -> int:
        """Products added up before the sums are taken apart."""
        return self.chain_length.data

    def verify(self) -> None:
        if self.packing not in FORMS:
            raise VerifyException(
                f"{self.name}: outputs and pixels must be 2 and 1, 1 and 2, or 2 and 2, found "
                f"{self.output_count.data} and {self.pixel_count.data}"
            )

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            return parse_fields(parser, ("outputs", "pixels", "chain"))

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            print_fields(
                printer,
                {
                    "outputs": self.output_count,
                    "pixels": self.pixel_count,
                    "chain": self.chain_length,
                },
            )


def largest(element: IntegerType) -> int:
    """The largest magnitude of an integer type."""
    return max(abs(value) for value in integer_range(element))


def weight_sums(weight: Array, transposed: bool) -> tuple[int, ...]:
    """For n = 1, 2, …: the sum of the n largest magnitudes of a weight [Cout, Cin, K, K] ([Cin,
    Cout, K, K] if transposed), in the output channel where it is largest. No n products of one
    channel add up to more than that times the largest activation."""
    channels = weight.swapaxes(0, 1) if transposed else weight
    rows = np.abs(channels.reshape(len(channels), -1).astype(np.int64))
    kept = min(LONGEST_CHAIN, rows.shape[1])
    top = np.sort(np.partition(rows, rows.shape[1] - kept)[:, -kept:])[:, ::-1]
    return tuple(int(n) for n in top.cumsum(axis=1).max(axis=0))


def sums_of(weight: SSAValue, transposed: bool) -> tuple[int, ...]:
    """`weight_sums` of a constant; of a weight that is none, what its type allows."""
    if isinstance(weight.owner, ConstantOp):
        return weight_sums(array_of(weight), transposed)
    element = type_of(weight).element_type
    assert isinstance(element, IntegerType)
    return tuple(n * largest(element) for n in range(1, LONGEST_CHAIN + 1))


def longest_chain(packing: Packing, sums: tuple[int, ...], activation: IntegerType) -> int:
    """How many products a chain may have, 0 if not one: the most n for which `sums[n - 1]` times
    the largest activation stays below 2^(F−1)."""
    if not packing.fits_ports(sums[0], largest(activation)):
        return 0
    limit = 1 << (packing.field_bits - 1)
    return sum(total * largest(activation) < limit for total in sums)


def most_products(weight: IntegerType, activation: IntegerType) -> int:
    """Products that a slice can do in a cycle with factors of these types, whatever their values
    (weights symmetric)."""
    bound = ((1 << (weight.width.data - 1)) - 1,)
    able = [form.products for form in FORMS if longest_chain(form, bound, activation)]
    return max(able, default=1)
