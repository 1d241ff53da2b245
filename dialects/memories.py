"""Where arrays and FIFOs live, and what that takes of an UltraScale+ device.

All figures are modelled: the shapes of a block RAM and of a LUT are the device's (UG573, UG574),
how a tool cuts an array into them is the obvious way.
"""

from dataclasses import dataclass

from .stream_types import FifoType, Memory, WindowsType, ceil_div

BRAM18_SHAPES = ((512, 36), (1024, 18), (2048, 9), (4096, 4), (8192, 2), (16384, 1))
LUT_DEPTH = 64
MUX_DEPTH = 256
LUTRAM_DEPTH = 2048
SRL_DEPTH = 32
SRL_BITS = 1024
LUT_PER_BRAM18 = 64
FIFO_LUT = 12
FIFO_FF = 16


@dataclass(frozen=True)
class Resources:
    """What something takes of a device; `bram18` counts halves of a 36 Kbit block."""

    dsp: int = 0
    bram18: int = 0
    lut: int = 0
    ff: int = 0

    @property
    def bram36(self) -> float:
        """Blocks of 36 Kbit, in halves."""
        return self.bram18 / 2

    def __add__(self, other: "Resources") -> "Resources":
        return Resources(
            self.dsp + other.dsp,
            self.bram18 + other.bram18,
            self.lut + other.lut,
            self.ff + other.ff,
        )

    def __mul__(self, count: int) -> "Resources":
        return Resources(self.dsp * count, self.bram18 * count, self.lut * count, self.ff * count)


def bram18_blocks(depth: int, bits: int) -> int:
    """Halves of block RAM for `depth` words of `bits` bits, all in the one shape that fits best."""
    return min(ceil_div(depth, d) * ceil_div(bits, w) for d, w in BRAM18_SHAPES)


def lutram_luts(depth: int, bits: int) -> int:
    """LUTs that hold `depth` words of `bits` bits: 64 words of one bit each, four of them joined
    by the slice's own multiplexers and every four of those by a LUT more."""
    return (ceil_div(depth, LUT_DEPTH) + (ceil_div(depth, MUX_DEPTH) - 1) // 3) * bits


def memory_for(depth: int, bits: int) -> Memory:
    """Where an array should live: a single word in registers, a small or flat one in LUTs, as long
    as a half block RAM saves at most 64 of them (the device has 150 for each), else block RAM."""
    if depth == 1:
        return Memory.REGISTERS
    if lutram_luts(depth, bits) <= LUT_PER_BRAM18 * bram18_blocks(depth, bits):
        return Memory.LUTRAM
    return Memory.BRAM


def memory_choices(depth: int, bits: int) -> tuple[Memory, ...]:
    """Where an array may live: as `memory_for` says, and if that is block RAM, in LUTs as well as
    long as it is not too deep to be fast."""
    kind = memory_for(depth, bits)
    if kind is Memory.BRAM and depth <= LUTRAM_DEPTH:
        return (kind, Memory.LUTRAM)
    return (kind,)


def memory_cost(kind: Memory, depth: int, bits: int) -> Resources:
    """An array of `depth` words of `bits` bits with one read and one write port."""
    match kind:
        case Memory.BRAM:
            return Resources(bram18=bram18_blocks(depth, bits))
        case Memory.LUTRAM:
            return Resources(lut=lutram_luts(depth, bits), ff=bits)
        case Memory.REGISTERS:
            return Resources(lut=bits * (depth - 1), ff=bits * depth)


def fifo_memory(depth: int, bits: int) -> Memory:
    """Where a FIFO should live: shift registers (`registers`) as far as Vitis HLS would take them
    itself, 2 words or 1,024 bits, then as an array."""
    if depth <= 2 or depth * bits <= SRL_BITS:
        return Memory.REGISTERS
    return memory_for(depth, bits)


def fifo_cost(fifo: FifoType | WindowsType) -> Resources:
    """A FIFO: one LUT for every 32 words of a bit in shift registers, an array otherwise, and its
    counters."""
    bits = fifo.word_bits
    kind = fifo_memory(fifo.depth, bits)
    control = Resources(lut=FIFO_LUT, ff=FIFO_FF)
    if kind is Memory.REGISTERS:
        return control + Resources(lut=ceil_div(fifo.depth, SRL_DEPTH) * bits, ff=bits)
    return control + memory_cost(kind, fifo.depth, bits)
