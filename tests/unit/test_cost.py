"""The cost model against counts made by hand."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from licc.dialects.array_cost import drain_cost, engine_cost, skew
from licc.dialects.circuits import delay_cost, select_luts, tree_registers
from licc.dialects.control import Conversion
from licc.dialects.cost import converter_cost, line_buffer_bank, line_buffer_cost
from licc.dialects.engine import ConvolutionShape, NormalizeShape, Parallelism
from licc.dialects.gdn import Norm
from licc.dialects.gdn_products import count_live, live_products, nonzero_bits
from licc.dialects.memories import (
    Resources,
    bram18_blocks,
    fifo_cost,
    fifo_memory,
    memory_choices,
    memory_cost,
    memory_for,
    piece_luts,
    ram_luts,
    rom_cost,
)
from licc.dialects.normalize_cost import normalize_cost
from licc.dialects.packing import Packing, PackingAttr
from licc.dialects.requantize_cost import Requantizer
from licc.dialects.stream_types import FifoType, Memory, Multiplier, WindowsType
from licc.dialects.tensors import integer_type
from licc.dialects.window import Window
from licc.runtime.gdn_cores.core import Form
from licc.runtime.gdn_cores.newton import NEWTON
from licc.tests.unit.stream_programs import frame

DOWN = Window(kernel=5, stride=2, padding=2)
I8, I12, I16 = integer_type(8), integer_type(12), integer_type(16)


def convolution(inputs: int = 64, outputs: int = 64) -> ConvolutionShape:
    return ConvolutionShape(DOWN, inputs, outputs, 90, 160, I8, I8, 22, 8)


@pytest.mark.parametrize(
    ("depth", "bits", "blocks"),
    [
        *((512, 36, 1), (513, 36, 2), (512, 37, 2), (1024, 18, 1), (16384, 1, 1), (2048, 40, 5)),
        *((600, 72, 4), (1300, 12, 2), (2049, 9, 2), (4097, 4, 2), (700, 150, 9)),
        # words in pieces that share blocks, each of whole bytes
        *((4125, 117, 30), (1025, 36, 3), (4500, 45, 12), (3000, 24, 5), (8200, 8, 5)),
        *((3300, 100, 21), (2560, 144, 20), (2100, 33, 5)),
    ],
)
def test_bram18_blocks(depth: int, bits: int, blocks: int) -> None:
    """As yosys 0.70 cuts a `licc_ram` of so many words and bits."""
    assert bram18_blocks(depth, bits) == blocks


@pytest.mark.parametrize(
    ("depth", "bits", "blocks"),
    [
        *((5504, 48, 16), (4125, 117, 30), (1300, 12, 1), (1025, 36, 3), (4500, 45, 12)),
        *((3000, 24, 4), (8200, 8, 4), (3300, 100, 20), (2560, 144, 20), (2100, 33, 5)),
        *((1536, 20, 2), (1536, 48, 4), (1100, 64, 6), (2700, 20, 4), (5000, 9, 3), (600, 72, 4)),
        *((6000, 30, 10), (900, 144, 8), (4800, 72, 20), (1600, 160, 18), (10000, 12, 7)),
    ],
)
def test_bram18_blocks_of_constants(depth: int, bits: int, blocks: int) -> None:
    """As yosys 0.70 cuts a `licc_rom` of so many words and bits."""
    assert bram18_blocks(depth, bits, constant=True) == blocks


@pytest.mark.parametrize(
    ("pieces", "luts"), [(1, 0), (3, 1), (5, 2), (7, 4), (9, 5), (13, 5), (25, 11)]
)
def test_luts_that_choose_among_blocks(pieces: int, luts: int) -> None:
    """As yosys 0.70 makes them for a bit of a `licc_rom`; 5.3 and 11.3 for the last two."""
    assert piece_luts(pieces) == luts


def test_memory_kinds() -> None:
    assert memory_for(1, 40) is Memory.REGISTERS
    assert memory_for(64, 40) is Memory.LUTRAM
    assert memory_for(512, 36) is Memory.BRAM
    assert rom_cost(Memory.LUTRAM, 65, 10) == Resources(lut=20, ff=10)
    assert rom_cost(Memory.LUTRAM, 256, 10).lut == 10 * 4
    assert rom_cost(Memory.LUTRAM, 1024, 10).lut == 10 * 23  # as yosys 0.70 makes of a `licc_rom`
    assert memory_choices(64, 40) == (Memory.LUTRAM,)
    assert memory_choices(512, 36) == (Memory.BRAM, Memory.LUTRAM)
    assert memory_choices(4096, 36) == (Memory.BRAM,)
    assert memory_cost(Memory.BRAM, 512, 36) == Resources(bram18=1)


def test_constants_of_few_words_are_often_the_same() -> None:
    assert rom_cost(Memory.REGISTERS, 1, 40) == Resources()
    assert rom_cost(Memory.LUTRAM, 2, 40) == Resources(lut=1, ff=2)
    assert rom_cost(Memory.LUTRAM, 4, 34) == Resources(lut=4, ff=12)
    assert rom_cost(Memory.LUTRAM, 6, 28) == Resources(lut=22, ff=22)
    assert rom_cost(Memory.LUTRAM, 64, 40) == Resources(lut=40, ff=40)


@pytest.mark.parametrize(
    ("depth", "bits", "luts"),
    [
        *((20, 9, 8), (60, 9, 16), (100, 9, 43), (200, 9, 77), (500, 9, 163), (1000, 9, 341)),
        *((20, 40, 24), (60, 40, 48), (100, 40, 138), (200, 40, 236), (500, 40, 512)),
        *((1000, 40, 1078), (1800, 40, 1961)),
    ],
)
def test_memories_in_luts(depth: int, bits: int, luts: int) -> None:
    """What yosys 0.70 makes of a `licc_ram`."""
    assert ram_luts(depth, bits) == pytest.approx(luts, rel=0.1)


@pytest.mark.parametrize(
    ("bits", "depth", "luts", "registers"),
    [
        *((8, 4, 30, 12), (8, 20, 40, 20), (8, 60, 54, 24), (8, 200, 126, 32)),
        *((33, 4, 46, 12), (33, 34, 76, 24), (33, 100, 157, 28), (33, 1000, 959, 40)),
    ],
)
def test_fifos(bits: int, depth: int, luts: int, registers: int) -> None:
    """What yosys 0.70 makes of a `licc_fifo` behind a pipeline of two cycles, in LUTs."""
    fifo = FifoType(frame(1, 8, 8, integer_type(bits)), 1, depth)
    if fifo_memory(depth, bits) is not Memory.BRAM:
        assert fifo_cost(fifo, 2).lut == pytest.approx(luts, rel=0.1)
        assert fifo_cost(fifo, 2).ff == registers


def test_fifo_memory() -> None:
    assert fifo_memory(2, 8192) is Memory.REGISTERS
    assert fifo_memory(16, 64) is Memory.REGISTERS
    assert fifo_memory(64, 64) is Memory.LUTRAM
    assert fifo_memory(2048, 64) is Memory.BRAM
    assert fifo_cost(FifoType(frame(64, 8, 8), 8, 2048)).bram36 == 4
    assert fifo_cost(FifoType(frame(64, 8, 8), 8, 2)).bram18 == 0


def array_cost(
    parallelism: Parallelism,
    packing: PackingAttr | None = None,
    products: Multiplier = Multiplier.DSP,
) -> Resources:
    return engine_cost(convolution(), parallelism, packing, products, Memory.BRAM)


def test_engine_dsp() -> None:
    assert array_cost(Parallelism(4, 8, 5)).dsp == 160
    assert array_cost(Parallelism(4, 8, 5), PackingAttr(Packing(2, 1), 7)).dsp == 80
    assert array_cost(Parallelism(3, 8, 5, pixels=2), PackingAttr(Packing(1, 2), 7)).dsp == 120
    assert array_cost(Parallelism(4, 8, 5, pixels=2), PackingAttr(Packing(2, 2), 7)).dsp == 80


def test_products_in_luts_take_no_slices() -> None:
    plain, in_luts = (array_cost(Parallelism(4, 8), None, kind) for kind in Multiplier)
    assert in_luts.dsp == 0
    assert in_luts.lut - plain.lut >= 4 * 8 * 8 * 8


def test_engine_weights_have_a_memory_for_each_output_lane() -> None:
    parallelism = Parallelism(4, 8, 5)
    depth = 16 * 5 * 8
    assert convolution().weight_words(parallelism) == depth
    assert convolution().weight_word_bits(parallelism) == 320
    blocks = array_cost(parallelism).bram18
    assert blocks == 4 * bram18_blocks(depth, 320)


def test_packing_takes_fewer_adders() -> None:
    packed = array_cost(Parallelism(4, 8, 5), PackingAttr(Packing(2, 1), 7))
    assert packed.lut < array_cost(Parallelism(4, 8, 5)).lut


def test_sums_wait_in_registers_until_they_leave() -> None:
    assert drain_cost(1, 88) == Resources(lut=88, ff=2 * 88)
    assert drain_cost(2, 48) == Resources(lut=3 * 48, ff=3 * 48)
    assert drain_cost(4, 32) == Resources(lut=5 * 32, ff=5 * 32)


def test_delays_of_cascades() -> None:
    """Slice k of a cascade adds k cycles later; the last cascade is shorter, and begins later."""
    assert skew(8, 2) == (4, 0)
    assert skew(7, 7) == (1 + 2, 4)
    assert skew(5, 4) == (1 + 2, 2)
    assert skew(6, 1) == (0, 0)


def test_registers_of_adder_trees() -> None:
    assert [tree_registers(n) for n in (1, 2, 3, 4, 5, 8)] == [0, 1, 3, 3, 6, 7]


def test_line_buffer_banks() -> None:
    one = WindowsType(frame(64, 90, 160), 8, 1)
    five = WindowsType(frame(64, 90, 160), 8, 5)
    assert line_buffer_bank(DOWN, one) == (1, 7 * 160 * 8, 64)
    assert line_buffer_bank(DOWN, five) == (7, 160 * 8, 64)
    up = Window(kernel=5, stride=2, padding=2, transposed=True)
    assert line_buffer_bank(up, one)[1] == 4 * 160 * 8
    pair = WindowsType(frame(64, 90, 162), 8, 5, pixels=2)
    assert line_buffer_bank(DOWN, pair) == (14, 82 * 8, 64)
    assert line_buffer_cost(DOWN, five, Memory.BRAM).bram18 == 7 * bram18_blocks(1280, 64)
    assert line_buffer_cost(DOWN, five, Memory.BRAM).dsp == 0


@pytest.mark.parametrize(("biased", "slices"), [(27, 1), (28, 2)])
def test_requantizer_of_wide_accumulators_takes_two_slices(biased: int, slices: int) -> None:
    assert Requantizer(64, 20, biased - 1, I8, 30).cost(4).dsp == 4 * slices


@pytest.mark.parametrize(
    ("words", "luts"),
    [
        *((1, 0), (2, 1), (4, 1), (5, 2), (6, 3), (8, 3), (9, 3), (10, 4), (13, 4), (16, 5)),
        *((17, 6), (20, 7), (24, 9), (32, 11), (64, 21)),
    ],
)
def test_choices_among_words(words: int, luts: int) -> None:
    """What yosys 0.70 makes of a `licc_select`, for each bit."""
    assert select_luts(words) == luts


def test_longer_delays_are_shift_registers() -> None:
    assert delay_cost(9, 2) == Resources(ff=18)
    assert delay_cost(9, 3) == delay_cost(9, 32) == Resources(lut=9)
    assert delay_cost(9, 33) == Resources(lut=18)


@pytest.mark.parametrize(
    ("channels", "inputs", "outputs", "slots"),
    [
        *((192, 1, 4, (4, 1)), (64, 4, 6, (3, 2)), (7, 3, 8, (3, 1)), (7, 4, 6, (2, 2))),
        *((64, 8, 1, (8, 64)), (6, 8, 8, (1, 1))),
    ],
)
def test_words_that_become_wider_need_no_whole_pixel(
    channels: int, inputs: int, outputs: int, slots: tuple[int, int]
) -> None:
    assert Conversion(channels, inputs, outputs).slots == slots


@pytest.mark.parametrize(
    ("element", "norm", "dsp"),
    [
        (I12, Norm.L2, 4 * 8 + 8 + 4 * 4),
        (I16, Norm.L2, 2 * 4 * 8 + 8 + 4 * 4),
        (I16, Norm.L1, 4 * 8 + 4 * 4),
    ],
)
def test_normalize_dsp(element, norm: Norm, dsp: int) -> None:
    core = NormalizeShape(64, 14400, element, 17, norm, 8)
    assert normalize_cost(core, Parallelism(4, 8), Memory.BRAM).dsp == dsp
    folded = normalize_cost(core, Parallelism(4, 8, fold=4), Memory.BRAM)
    assert folded.dsp == dsp - 3 * 4
    assert folded.lut < normalize_cost(core, Parallelism(4, 8), Memory.BRAM).lut


def test_products_of_zeros_take_no_slices() -> None:
    gamma = np.eye(64, dtype=np.int64)
    core = NormalizeShape(64, 14400, I12, 16, Norm.L2, 8, nonzero=nonzero_bits(gamma))
    for po, pi, live in ((4, 8, 8), (8, 8, 8), (64, 16, 64), (3, 5, 15)):
        assert live_products(gamma, po, pi).sum() == live
        full = replace(core, nonzero=b"")
        costs = [normalize_cost(each, Parallelism(po, pi), Memory.BRAM) for each in (full, core)]
        assert costs[0].dsp - costs[1].dsp == po * pi - live
        assert costs[0].bram18 >= costs[1].bram18


def test_live_products_are_what_some_step_multiplies() -> None:
    """By the definition: γ of every step, lane by lane."""
    gamma = np.random.default_rng(0).integers(0, 5, (7, 7)) // 4
    found = live_products(gamma, 3, 2)
    for output, lane in product(range(3), range(2)):
        steps = gamma[output::3, lane::2]
        assert found[output, lane] == steps.any()
    assert not found.all()
    assert count_live(nonzero_bits(gamma), 7, 3, 2) == found.sum()


def test_cores_and_widths_of_a_normalization() -> None:
    core, parallelism = NormalizeShape(64, 14400, I16, 16, Norm.L2, 8), Parallelism(4, 8, fold=2)
    plain = normalize_cost(core, parallelism, Memory.BRAM)
    lane = NEWTON.forms[Form.L2].cost
    newton = normalize_cost(replace(core, lane=lane), parallelism, Memory.BRAM)
    assert newton.dsp - plain.dsp == 2 * (lane.dsp - 1)
    assert plain.bram18 - newton.bram18 == 2
    assert newton.lut - plain.lut == 2 * (lane.lut - core.lane.lut)
    narrow = normalize_cost(replace(core, norm_bits=32, drop=8), parallelism, Memory.BRAM)
    assert plain.dsp - narrow.dsp == 4 * 8
    assert narrow.lut < plain.lut


def test_normalize_memories() -> None:
    core = NormalizeShape(64, 14400, I12, 17, Norm.L2, 8)
    cost = normalize_cost(core, Parallelism(4, 8), Memory.BRAM)
    assert cost.bram18 == 4 * bram18_blocks(16 * 8, 8 * 17) + 4


def test_wider_words_cost_more() -> None:
    narrow, wide = (FifoType(frame(16, 8, 8), lanes) for lanes in (8, 16))
    assert converter_cost(wide, narrow).lut > converter_cost(narrow, wide).lut  # it selects none
    assert converter_cost(narrow, wide).ff >= 2 * 16 * 8
    assert (Resources(1, 3, 5, 7) + Resources(1, 1, 1, 1)) * 2 == Resources(4, 8, 12, 16)
    assert Resources(bram18=3).bram36 == 1.5
