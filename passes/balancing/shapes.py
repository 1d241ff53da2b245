"""What `balance-pipeline` chooses among: a way to build an engine; and what is to be built."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...dialects.coefficients import Coefficients
from ...dialects.engine import ConvolutionShape, NormalizeShape, Parallelism
from ...dialects.memories import Resources
from ...dialects.packing import PackingAttr
from ...dialects.requantize_cost import Requantizer
from ...dialects.stream_types import Memory, Multiplier, ceil_div

MAX_WORD_BITS = 8192
MAX_PIECES = 1024


@dataclass(frozen=True)
class Shape:
    """One way to build an engine: its parallelism, how products share DSP slices or that they are
    made of LUTs, where its line buffer and its weights live, its cycles of a frame, and its cost
    with all that belongs to it."""

    parallelism: Parallelism
    packing: PackingAttr | None
    products: Multiplier
    buffer: Memory
    weights: Memory
    cycles: int
    cost: Resources

    @property
    def dsp(self) -> int:
        """DSP slices."""
        return self.cost.dsp

    @property
    def bram18(self) -> int:
        """Halves of block RAM."""
        return self.cost.bram18

    @property
    def lut(self) -> int:
        """LUTs."""
        return self.cost.lut

    @property
    def ff(self) -> int:
        """Registers."""
        return self.cost.ff


@dataclass(frozen=True)
class Convolution:
    """What is to be built of a convolution: the engine, the sums of its largest weights
    (`packing.weight_sums`; none: its products are not packed), whether it requantises, and the
    requantisers in and behind it."""

    shape: ConvolutionShape
    sums: tuple[int, ...]
    fused: bool
    requantizers: tuple[Requantizer, ...]


@dataclass(frozen=True)
class Normalization:
    """What is to be built of a GDN: the core, and the requantisers behind it."""

    shape: NormalizeShape
    requantizers: tuple[Requantizer, ...]


def lane_counts(channels: int, even: bool) -> list[int]:
    """⌈C/k⌉ for every k, in descending order; with `even`, also each of them rounded up to even."""
    counts = {ceil_div(channels, k) for k in range(1, channels + 1)}
    if even:
        counts |= {count + count % 2 for count in counts}
    return sorted(counts, reverse=True)


def fits_word(lanes: int, bits: int) -> bool:
    """Whether a word of so many lanes can be built."""
    return lanes <= MAX_PIECES and lanes * bits <= MAX_WORD_BITS


def requantizers_cost(
    requantizers: Iterable[Requantizer], lanes: int, model: Coefficients
) -> Resources:
    """Requantisers of so many lanes."""
    return sum((each.cost(lanes, model) for each in requantizers), Resources())


def conversion_bound(pixels: int, words: int) -> int:
    """Most cycles of a width converter behind a FIFO in which a pixel takes so many words, but for
    those that it takes to write: see `schedule.converter_cycles`."""
    return pixels * (words + (words > 1))


def folds(po: int) -> list[int]:
    """In how many words `po` lanes can leave, in descending order."""
    return [fold for fold in range(po, 0, -1) if po % fold == 0]
