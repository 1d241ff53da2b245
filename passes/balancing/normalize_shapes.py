"""The ways to build a GDN core: its norms, its scaling, and what follows it."""

from collections.abc import Iterator

from ...dialects.coefficients import Coefficients
from ...dialects.cost import converter_cost
from ...dialects.engine import NormalizeShape, Parallelism
from ...dialects.memories import SRL_DEPTH, Resources, fifo_cost, memory_choices
from ...dialects.normalize_cost import normalize_cost
from ...dialects.pipelines import CONVERTER
from ...dialects.schedule import normalize_cycles
from ...dialects.stream_types import FifoType, IntegerTensor, Memory, Multiplier
from .leaving import normalize_leaving_cost
from .shapes import (
    MAX_PIECES,
    Normalization,
    Shape,
    conversion_bound,
    fits_word,
    folds,
    lane_counts,
    requantizers_cost,
)


def normalize_shapes(work: Normalization, model: Coefficients) -> Iterator[Shape]:
    """All shapes of a GDN core."""
    shape = work.shape
    width = max(shape.input.width.data, shape.gamma_bits)
    lanes = [n for n in lane_counts(shape.channels, even=False) if fits_word(n, width)]
    for pi in lanes:
        frame = IntegerTensor(shape.input, (1, shape.channels, 1, 1))
        fifo = FifoType(frame, pi, SRL_DEPTH)
        before = converter_cost(fifo, fifo, model) + fifo_cost(fifo, CONVERTER)
        for po in lanes:
            parallelism = folded(shape, po, pi)
            if 2 * kept_values(shape, parallelism) > MAX_PIECES:
                continue
            cycles = max(normalize_cycles(shape, parallelism), leaving_cycles(shape, parallelism))
            for gamma, cost in core_costs(work, parallelism, model):
                total = cost + before
                yield Shape(parallelism, None, Multiplier.DSP, gamma, gamma, cycles, total)


def folded(shape: NormalizeShape, po: int, pi: int) -> Parallelism:
    """The parallelism with the narrowest words in which results leave in time, without making what
    follows slower than the core if possible."""
    able = [Parallelism(po, pi, fold=fold) for fold in folds(po)]
    able = [each for each in able if each.fold <= shape.input_groups(each)]
    for each in able:
        if leaving_cycles(shape, each) <= normalize_cycles(shape, each):
            return each
    return able[-1]


def kept_values(shape: NormalizeShape, parallelism: Parallelism) -> int:
    """Values of a pixel that a core keeps, filled up to whole groups."""
    p = parallelism
    return max(shape.input_groups(p) * p.pi, shape.output_groups(p) * p.po)


def leaving_cycles(shape: NormalizeShape, parallelism: Parallelism) -> int:
    """Cycles of a frame in a width converter behind a core."""
    return conversion_bound(shape.pixels, shape.result_words(parallelism))


def core_costs(
    work: Normalization, parallelism: Parallelism, model: Coefficients
) -> Iterator[tuple[Memory, Resources]]:
    """A GDN core with gamma in every memory, and what follows it."""
    shape = work.shape
    depth = shape.output_groups(parallelism) * shape.input_groups(parallelism)
    behind = requantizers_cost(work.requantizers, parallelism.lanes, model)
    behind += normalize_leaving_cost(shape, parallelism)
    for memory in memory_choices(depth, parallelism.pi * shape.gamma_bits):
        yield memory, normalize_cost(shape, parallelism, memory, model) + behind
