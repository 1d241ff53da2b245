"""Where arrays and FIFOs live, and what that takes of an UltraScale+ device.

All figures are modelled: the shapes of a block RAM and of a LUT are the device's (UG573, UG574).
How arrays are cut into them is what yosys does (docs/rtl.md).
"""

from dataclasses import dataclass
from functools import cache

from .stream_types import FifoType, Memory, WindowsType, ceil_div

BRAM_SHAPES = (  # words, bits, and how many halves of a block that is
    *((512, 36, 1), (1024, 18, 1), (2048, 9, 1), (4096, 4, 1), (8192, 2, 1), (16384, 1, 1)),
    *((512, 72, 2), (1024, 36, 2), (2048, 18, 2), (4096, 9, 2), (8192, 4, 2), (16384, 2, 2)),
    (32768, 1, 2),
)
BYTE = 9  # bits that are written together
HALF_BITS = 256  # bits that are chosen among two pieces, and weigh as much as half a block
FEW_PIECES = 8
LUT_DEPTH = 64
MUX_DEPTH = 256
DEEP_ROM = 1.43  # LUTs for 64 of more than 256 constants
LUTRAM_DEPTH = 2048
SRL_DEPTH = 32
SRL_BITS = 1024
LUT_PER_BRAM18 = 64
RAM_LUTS = 8  # of a primitive with two ports: 32 words of 14 bits, or 64 of 7
FEWEST_DISTINCT = 16
FEW_WORDS = 4
SINGLE_LUT = 4  # of a FIFO of one word
FIFO_LUT = 1.6  # for every bit of a FIFO's counters


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


def bram18_blocks(depth: int, bits: int, constant: bool = False) -> int:
    """Halves of block RAM for `depth` words of `bits` bits."""
    return _cut(depth, bits, constant)[0]


@cache
def _cut(depth: int, bits: int, constant: bool) -> tuple[int, int]:
    """Halves of block RAM, and pieces that words are cut into, each as many as a shape has. Pieces
    lie side by side: what is read at an address is a word of each, of which one is chosen. Few
    halves are wanted, and few bits to choose among."""
    ways: list[tuple[int, int]] = []
    for words, width, halves in BRAM_SHAPES:
        pieces, unit = ceil_div(depth, words), min(BYTE, width)
        # A piece is written by itself, so that it has whole bytes.
        piece = bits if constant or pieces == 1 else ceil_div(bits, unit) * unit
        ways.append((ceil_div(pieces * piece, width) * halves, pieces))
    return min(ways, key=lambda way: (HALF_BITS * way[0] + bits * (way[1] - 1), way[0]))


def piece_luts(pieces: int) -> int:
    """LUTs for every bit that choose among pieces of block RAM: a tree of choices among four, of
    which yosys makes a chain where there are few."""
    if pieces <= FEW_PIECES:
        return 0 if pieces == 1 else max(1, pieces - 3)
    return round((1 << index_bits(pieces)) / 3)


def rom_luts(depth: int, bits: int) -> int:
    """LUTs that hold `depth` constants of `bits` bits: 64 words of one bit each, four of them
    joined by the slice's own multiplexers; what chooses among more of them is not free."""
    pieces = ceil_div(depth, LUT_DEPTH)
    return bits * (pieces if depth <= MUX_DEPTH else round(DEEP_ROM * pieces))


def flat_luts(depth: int, bits: int) -> int:
    """LUTs that `depth` words of `bits` bits take at least, with every four of such fours joined by
    a LUT more."""
    return (ceil_div(depth, LUT_DEPTH) + (ceil_div(depth, MUX_DEPTH) - 1) // 3) * bits


def ram_luts(depth: int, bits: int) -> int:
    """LUTs of `depth` words of `bits` bits with a read and a write port: primitives of eight LUTs,
    and if these are deeper than one, what selects and writes one of them."""
    if depth <= SRL_DEPTH:
        return RAM_LUTS * ceil_div(bits, 14)
    pieces = ceil_div(depth, LUT_DEPTH)
    select = max(1, (pieces - 1) // 2) * bits + pieces if pieces > 1 else 0
    return pieces * RAM_LUTS * ceil_div(bits, 7) + select


def memory_for(depth: int, bits: int) -> Memory:
    """Where an array should live: a single word in registers, a small or flat one in LUTs, as long
    as a half block RAM saves at most 64 of them (the device has 150 for each), else block RAM."""
    if depth == 1:
        return Memory.REGISTERS
    if flat_luts(depth, bits) <= LUT_PER_BRAM18 * bram18_blocks(depth, bits):
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
    """An array of `depth` words of `bits` bits with a read and a write port, read in a cycle."""
    if kind is Memory.BRAM:
        return _blocks(depth, bits, False)
    return Resources(lut=ram_luts(depth, bits), ff=bits)


def _blocks(depth: int, bits: int, constant: bool) -> Resources:
    """Block RAM, and what chooses among its pieces."""
    halves, pieces = _cut(depth, bits, constant)
    return Resources(bram18=halves, lut=piece_luts(pieces) * bits, ff=index_bits(pieces))


def rom_cost(kind: Memory, depth: int, bits: int) -> Resources:
    """An array of constants that are not known, read in a cycle. Where it is logic, columns that
    are the same in all words, as some of few words are, take nothing."""
    same = 2 / 2**depth if depth < FEWEST_DISTINCT and kind is not Memory.BRAM else 0
    return columns_cost(kind, depth, bits * (1 - same))


def columns_cost(kind: Memory, depth: int, columns: float) -> Resources:
    """An array of constants with so many columns that are not the same in all words. Where it is
    logic, columns that are like each other are one."""
    if columns == 0:
        return Resources()
    if kind is Memory.BRAM:
        return _blocks(depth, round(columns), True)
    distinct = distinct_columns(depth, columns)
    if depth <= FEW_WORDS:  # a bit of the index, or set and reset of a register, is most of them
        return Resources(lut=(depth // 2) ** 2 if distinct else 0, ff=distinct)
    return Resources(lut=rom_luts(depth, distinct), ff=distinct)


@cache
def distinct_columns(depth: int, columns: float) -> int:
    """How many of so many columns of constants are not like another one, if they are drawn at
    random from those that are not the same in all words."""
    others = 2**depth - 2
    if depth >= FEWEST_DISTINCT or others == 0:
        return round(columns) if others else 0
    return round(others * (1 - (1 - 1 / others) ** columns))


def fifo_memory(depth: int, bits: int) -> Memory:
    """Where a FIFO should live: shift registers (`registers`) as far as Vitis HLS would take them
    itself, 2 words or 1,024 bits, then as an array."""
    if depth <= 2 or depth * bits <= SRL_BITS:
        return Memory.REGISTERS
    return memory_for(depth, bits)


def index_bits(count: int) -> int:
    """Bits of a number from 0 to count - 1."""
    return (count - 1).bit_length()


def fifo_cost(fifo: FifoType | WindowsType, pipeline: int = 0) -> Resources:
    """A FIFO with its counters, two of places and two of amounts: the words of its depth, and as
    many more as the pipeline of the actor that writes it may hold."""
    words, bits = fifo.depth + pipeline, fifo.word_bits
    if words == 1:
        return Resources(lut=SINGLE_LUT, ff=bits + 2)
    counters = 2 * (index_bits(words) + index_bits(words + 1))
    control = Resources(lut=round(FIFO_LUT * counters), ff=counters)
    if fifo_memory(fifo.depth, bits) is Memory.BRAM:
        return control + memory_cost(Memory.BRAM, words, bits)
    return control + Resources(lut=ram_luts(words, bits))
