"""Counters of actors: how many bits they have, and how many the sums and comparisons with them.

Every actor goes through its steps by counters: of columns, rows, groups of channels, words. Their
widths follow from the shapes alone. The SystemVerilog (`backends/rtl/library`, the modules called
`…_steps` and `…_position`) says what is counted here.
"""

from dataclasses import dataclass

from .coefficients import UNCALIBRATED, Coefficients
from .engine import ConvolutionShape, NormalizeShape, Parallelism
from .memories import Resources, index_bits
from .schedule import row_schedule
from .stream_types import FifoType, WindowsType, ceil_div
from .window import Window

COUNTER_LUTS = 4
STEP_LUTS = 10  # of what decides whether a step is taken
CHEAP_WORDS = 3  # besides one for each bit, what a LUT chooses among


@dataclass(frozen=True)
class Control:
    """Counters up to so many (one of 1 is none), bits of other registers that steps are counted
    with, bits of sums and comparisons, and bits of what is told to the pipeline."""

    counts: tuple[int, ...] = ()
    kept: int = 0
    sums: int = 0
    told: int = 0

    @property
    def registers(self) -> int:
        """Bits of all registers."""
        return sum(map(index_bits, self.counts)) + self.kept + self.told

    @property
    def logic(self) -> int:
        """LUTs, about: a counter is a chain of carries, and takes few however long it is."""
        return COUNTER_LUTS * sum(count > 1 for count in self.counts) + self.sums


def ring_rows(window: Window) -> int:
    """Rows that a line buffer holds: kernel + stride, or the window's and one more where it is
    transposed."""
    low, high = window.offsets
    return high - low + 2 if window.transposed else window.kernel + window.stride


def line_buffer_control(window: Window, windows: WindowsType, ring_words: int) -> Control:
    """The steps of a line buffer, and its places in a ring of which a memory has so many words."""
    _, _, height, width = windows.frame.get_shape()
    rows, groups, taps = row_schedule(window, height), windows.groups, windows.taps
    row_words, columns = width * groups, window.grid_size(width) // windows.pixels
    reads = columns * windows.repeat * groups * sum(window.pixel_steps(taps))
    steps = max(reads, rows.most_rows * row_words)
    # Steps: two credits, words to fill and words ahead, the row that is reached.
    credit, fill = index_bits(steps + 1) + 2, index_bits(rows.prologue * row_words + 1) + 1
    row = index_bits(height + rows.phases * rows.step + 32) + 2
    # Places: of the next word, and of the window's pixel.
    column = index_bits(width + columns * rows.step * windows.pixels + 32) + 2
    slot, address = index_bits(ring_rows(window)), index_bits(ring_words) + 1
    counts = (
        *(steps, rows.phases, row_words, rows.step * groups, windows.pixels, ring_rows(window)),
        *(groups, windows.repeat, window.phases, window.phases, columns),
        *(window.kernel + 1, window.kernel + 1),
    )
    return Control(
        counts,
        kept=2 * credit + 2 * fill + 2 * row + column + 3 * address + 2 * slot,
        sums=2 * credit
        + 2 * fill
        + (5 + taps) * row
        + 2 * address
        + windows.pixels * (column + 2 * address)
        + 2 * window.kernel * window.phases,
        # An address to write, and those to read; each tap's slot, and each neighbour's bank.
        told=(windows.pixels + 1) * (address + 1) + 2 * taps * (slot + 1 if taps > 1 else 1),
    )


def engine_control(shape: ConvolutionShape, parallelism: Parallelism) -> Control:
    """The steps of an engine: the place in the window, the group, phases, column, row, the
    weights' index and the one a row begins with, the word that leaves."""
    window, p = shape.window, parallelism
    depth, words = shape.weight_words(p), shape.result_words(p)
    counts = (
        *(shape.output_groups(p), window.phases, window.phases),
        *(window.grid_size(shape.width) // p.pixels, window.grid_size(shape.height)),
        *(words, shape.set_words(p) + 2),
    )
    index = index_bits(depth)
    return Control(counts, kept=3 * index, sums=2 * index + STEP_LUTS)


def normalize_control(shape: NormalizeShape, parallelism: Parallelism) -> Control:
    """The steps of a GDN core: groups in and out, both, pixels, the word that leaves."""
    p = parallelism
    groups = (shape.input_groups(p), shape.output_groups(p))
    counts = (*groups, groups[0] * groups[1], shape.pixels + 1, shape.result_words(p), p.fold + 2)
    return Control(counts, sums=STEP_LUTS)


def converter_control(input: FifoType, output: FifoType) -> Control:
    """The steps of a width converter: what has come of a pixel, and what has gone, now and a step
    before."""
    channels = input.frame.get_shape()[1]
    padded = max(ceil_div(channels, n) * n for n in (input.lanes, output.lanes))
    count = index_bits(padded + output.lanes + 1) + 1
    steps = max(input.words_per_pixel, output.words_per_pixel)
    return Control((steps,), kept=3 * count, sums=3 * count)


def actor_loop(control: Control, word_bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """The loop of an actor: its handshake, its counters, and the registers of its words."""
    return Resources(
        lut=round(model.loop_lut + model.control_lut * control.logic),
        ff=round(model.loop_ff + model.control_ff * control.registers + model.word_ff * word_bits),
    )


def select_cost(words: int, word_bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """A multiplexer that chooses one of some words by an index, compared with each number."""
    inputs = 0 if words < 2 else max(1, words - CHEAP_WORDS)
    return Resources(lut=round(model.select_lut * inputs * word_bits))
