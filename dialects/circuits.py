"""What the small circuits of the RTL's library take, counted from their SystemVerilog: counters,
delays, trees of adders, choices among words, saturation (`backends/rtl/library`).
"""

from functools import cache

from .memories import Resources, index_bits
from .stream_types import ceil_div

LUT_INPUTS = 6
LONGEST_SHIFT = 32  # cycles that a LUT delays a bit
PLAIN_CYCLES = 2  # a longer delay is a shift register
CHOICES = 4  # words among which a LUT chooses a bit


@cache
def counter_luts(count: int) -> int:
    """LUTs of a `licc_counter`: what increments, and what knows the last number; the chain of
    carries is free."""
    bits = index_bits(count)
    return 2 * bits if bits < 2 else 4 + (bits - 3) // 2 if bits > 2 else 4


@cache
def equal_luts(bits: int) -> int:
    """LUTs that compare so many bits with a constant."""
    return ceil_div(max(1, bits - 1), LUT_INPUTS - 1)


def negation_luts(bits: int) -> int:
    """LUTs that negate a number of so many bits where it is below 0: an inverter and a choice for
    each bit but the sign and the lowest, which stays."""
    return 2 * bits - 2


@cache
def select_luts(words: int) -> int:
    """LUTs for every bit of a `licc_select`: a tree whose nodes choose among four words."""
    if words == 1:
        return 0
    groups, rest = divmod(words, CHOICES)
    return groups + (rest > 1) + select_luts(groups + (rest > 0))


def delay_cost(bits: int, cycles: int) -> Resources:
    """A `licc_delay`: registers up to two cycles, then shift registers in LUTs."""
    if cycles <= PLAIN_CYCLES:
        return Resources(ff=bits * cycles)
    return Resources(lut=bits * ceil_div(cycles, LONGEST_SHIFT))


@cache
def tree_registers(count: int) -> int:
    """Registers for every bit of a `licc_tree` of so many numbers: pairs are added up until one is
    left. It has an adder less than numbers."""
    return 0 if count == 1 else ceil_div(count, 2) + tree_registers(ceil_div(count, 2))


@cache
def saturate_luts(bits: int, output_bits: int, signed: bool) -> int:
    """LUTs of a `licc_saturate` from so many bits to a result: each bit of the result that is kept
    or replaced, and what finds out whether the bits above are the sign."""
    kept = output_bits - signed
    above = bits - 1 - kept
    if above <= 0:
        return 0
    if above < LUT_INPUTS:
        return kept + 1
    return kept + (round(0.45 * above) if signed else ceil_div(above, LUT_INPUTS - 1) + 2)


def saturate_registers(bits: int, output_bits: int, signed: bool) -> int:
    """Registers of a `licc_saturate`; bits that repeat the sign are one."""
    return min(output_bits, bits if signed else bits - 1)
