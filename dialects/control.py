"""Counters of actors: how many bits they have, and how many the sums and comparisons with them.

Every actor goes through its steps by counters: of columns, rows, groups of channels, words. Their
widths follow from the shapes alone. The SystemVerilog (`backends/rtl/library`, the modules called
`…_steps` and `…_position`) says what is counted here.
"""

from dataclasses import dataclass
from math import gcd

from .circuits import counter_luts
from .coefficients import UNCALIBRATED, Coefficients
from .engine import ConvolutionShape, NormalizeShape, Parallelism
from .memories import Resources, index_bits
from .pipelines import CONVERTER
from .schedule import row_schedule
from .stream_types import FifoType, WindowsType, ceil_div
from .window import Window

STEP_LUTS = 13  # of what decides whether an engine takes a step
NORMALIZE_LUTS = 18
CONVERTER_LUTS = 6
LINE_LUTS, PLACE_LUTS = 20, 3
PLACES_LUTS = 1.6  # for every bit of an address, and of the offset of a tap
TAP_LUTS = 0.75  # for every bit of a row that is compared, and of a slot that wraps
MARGIN = 32  # of rows and columns beyond a frame


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
        """LUTs."""
        return sum(map(counter_luts, self.counts)) + self.sums


def some_bits(count: int) -> int:
    """Bits of an index of so many words, of which a module has one at least."""
    return max(1, index_bits(count))


def even_bits(number: int) -> int:
    """Lower bits of a number that are zero."""
    return (number & -number).bit_length() - 1 if number else 0


def ring_rows(window: Window) -> int:
    """Rows that a line buffer holds: kernel + stride, or the window's and one more where it is
    transposed."""
    low, high = window.offsets
    return high - low + 2 if window.transposed else window.kernel + window.stride


def line_buffer_control(window: Window, windows: WindowsType, ring_words: int) -> Control:
    """The steps of a line buffer, and its places in a ring of which a memory has so many words."""
    parts = (
        line_steps(window, windows),
        ring_position(window, windows, ring_words),
        window_position(window, windows, ring_words),
    )
    return Control(
        tuple(count for part in parts for count in part.counts),
        *(sum(getattr(part, name) for part in parts) for name in ("kept", "sums", "told")),
    )


def grid_step(window: Window) -> int:
    """Input rows (columns) from one pixel of the grid to the next."""
    return 1 if window.transposed else window.stride


def line_steps(window: Window, windows: WindowsType) -> Control:
    """When a line buffer takes words and sends windows: `licc_line_steps`. A credit that only
    gains multiples of a power of two has no lower bits."""
    _, _, height, width = windows.frame.get_shape()
    rows, row_words = row_schedule(window, height), width * windows.groups
    columns = window.grid_size(width) // windows.pixels
    reads = columns * windows.repeat * windows.groups * sum(window.pixel_steps(windows.taps))
    steps, prologue = max(reads, rows.most_rows * row_words), rows.prologue * row_words
    credit, fill = index_bits(steps + 1) + 2, index_bits(prologue + 1) + 1
    row = index_bits(height + rows.phases * rows.step + rows.reach + rows.step + 2) + 2
    early = index_bits(prologue + 1) - even_bits(row_words)
    varied = credit + row if rows.most_rows > 1 else 0
    return Control(
        (steps, rows.phases),
        kept=2 * fill + 2 * credit - even_bits(gcd(reads, steps)) + row,
        sums=LINE_LUTS + 2 * (fill + credit + row + early) + varied,
    )


def ring_position(window: Window, windows: WindowsType, ring_words: int) -> Control:
    """Where a line buffer keeps the next word: `licc_ring_position`. Rows follow each other in a
    memory that holds all of them, else each has its own."""
    width, step_words = windows.frame.get_shape()[3], grid_step(window) * windows.groups
    address = index_bits(ring_words) + 1
    counts = (width * windows.groups, step_words, windows.pixels, ring_rows(window))
    block, aligned = address - even_bits(step_words), step_words == 1 << even_bits(step_words)
    if windows.taps > 1:
        place = 0 if aligned else index_bits(step_words)
        return Control(counts, kept=block, sums=place + PLACE_LUTS)
    row = address - even_bits(ring_words // ring_rows(window))
    place = 0 if aligned else block
    return Control(counts, kept=row + block, sums=2 * row + block + place + PLACE_LUTS)


def window_position(window: Window, windows: WindowsType, ring_words: int) -> Control:
    """Which words make the next window: `licc_window_position`, and what of it goes with the words
    through the ring."""
    _, _, height, width = windows.frame.get_shape()
    taps, pixels, step = windows.taps, windows.pixels, grid_step(window)
    columns = window.grid_size(width) // pixels
    column = index_bits(width + columns * step * pixels + MARGIN) + 2
    row = index_bits(height + height * step + MARGIN) + 2
    slot, address = index_bits(ring_rows(window)), index_bits(ring_words) + 1
    tap = index_bits(window.kernel + 1)
    even = even_bits(step) + even_bits(step * pixels) + even_bits(step * windows.groups)
    place = (1 if taps > 1 else 2) * tap + row + column + address + 2 * slot - even
    banks = pixels * index_bits(pixels)
    now = pixels * address + pixels + taps + taps * slot + banks
    later = pixels + taps + taps * slot + 8 * pixels + banks
    reach = index_bits(window.offsets[1] - window.offsets[0] + 1)
    wraps = 0 if ring_rows(window) == 1 << slot else slot
    return Control(
        (windows.groups, windows.repeat, window.phases, columns, window.phases),
        kept=place,
        sums=2 * tap
        + 2 * slot
        + round(TAP_LUTS * taps * (row - even_bits(step) + wraps))
        + round(pixels * (column + address * (1 if taps > 1 else PLACES_LUTS * reach))),
        told=now + later,
    )


def engine_control(shape: ConvolutionShape, parallelism: Parallelism) -> Control:
    """The steps of an engine, `licc_engine_steps`: groups, phases, columns, rows, words; the place
    in the window, the weights' index and the one a row begins with, the words that are left."""
    window, p = shape.window, parallelism
    depth, words = shape.weight_words(p), shape.result_words(p)
    index = some_bits(depth)
    return Control(
        (
            *(shape.output_groups(p), window.phases, window.phases, words),
            *(window.grid_size(shape.width) // p.pixels, window.grid_size(shape.height)),
        ),
        kept=index_bits(depth + 1) + 2 * index + index_bits(shape.set_words(p) + 2) + 1,
        sums=STEP_LUTS + 2 * index,
    )


def normalize_control(shape: NormalizeShape, parallelism: Parallelism) -> Control:
    """The steps of a GDN core, `licc_normalize_steps`: groups in and out, both, pixels, words; the
    words that are left, whether it drains, and which of two pixels is read."""
    p = parallelism
    ins, outs, words = shape.input_groups(p), shape.output_groups(p), shape.result_words(p)
    left = index_bits(max(p.fold, words - (outs - 1) * p.fold) + 2)
    return Control(
        (ins, outs, ins * outs, shape.pixels + 1, words), kept=left + 2, sums=NORMALIZE_LUTS
    )


@dataclass(frozen=True)
class Conversion:
    """A width converter of `channels`: words that become wider leave at once, so that a ring of the
    lanes that words in and out share is enough; else a whole pixel is kept."""

    channels: int
    inputs: int
    outputs: int

    @property
    def ring(self) -> bool:
        """Whether less than a pixel is kept."""
        shared = self.inputs * self.outputs // gcd(self.inputs, self.outputs)
        return self.inputs < self.outputs and shared < self.channels

    @property
    def slots(self) -> tuple[int, int]:
        """Words in and words out that are kept."""
        if not self.ring:
            return ceil_div(self.channels, self.inputs), ceil_div(self.channels, self.outputs)
        unit = gcd(self.inputs, self.outputs)
        return self.outputs // unit, self.inputs // unit


def converter_control(input: FifoType, output: FifoType) -> Control:
    """The steps of a width converter, `licc_convert_width`: words in, words out, where they lie,
    and what has come and not gone."""
    channels = input.frame.get_shape()[1]
    shape = Conversion(channels, input.lanes, output.lanes)
    ins, outs = shape.slots
    words = (input.words_per_pixel, output.words_per_pixel)
    unit = gcd(input.lanes, output.lanes)
    held = index_bits(output.lanes // unit) if input.lanes < output.lanes else 0
    padded = channels % output.lanes > 0
    return Control(
        (max(words), *words, *((ins, outs) if shape.ring else ())),
        kept=2 + held + some_bits(outs) + padded + CONVERTER,
        sums=CONVERTER_LUTS + 2 * held + (ins if ins > 1 else 0),
    )


def actor_loop(control: Control, word_bits: int, model: Coefficients = UNCALIBRATED) -> Resources:
    """The loop of an actor: its handshake, its counters, and the registers of its words."""
    return Resources(
        lut=round(model.loop_lut + model.control_lut * control.logic),
        ff=round(model.loop_ff + model.control_ff * control.registers + model.word_ff * word_bits),
    )
