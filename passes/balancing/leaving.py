"""The FIFO behind an engine, as the balancer counts it: `size-fifos` finds its depth later.

It is taken to hold what evens out the engine's own bursts: a pixel, for a reader that takes one at
once, and what the rows of a transposed convolution differ in length; at least what the shift
register of a LUT holds. What a fork has to keep until its branches meet again is not counted.
"""

from fractions import Fraction
from functools import cache

from ...dialects.engine import ConvolutionShape, NormalizeShape, Parallelism
from ...dialects.memories import SRL_DEPTH, Resources, fifo_cost
from ...dialects.pipelines import REQUANTIZER, array_pipeline, normalize_pipeline
from ...dialects.stream_types import FifoType, IntegerTensor
from ...dialects.tensors import integer_type
from ...dialects.window import Window

LEAST_DEPTH = 2
LONG_CHAIN = 8


def convolution_leaving_cost(shape: ConvolutionShape, parallelism: Parallelism) -> Resources:
    """The FIFO behind a convolution."""
    words = shape.result_words(parallelism)
    row_words = words * shape.window.output_size(shape.width)
    uneven = int(unevenness(shape.window, parallelism.taps) * row_words)
    chain = min(LONG_CHAIN, parallelism.factors)
    pipeline = array_pipeline(parallelism.factors, chain) + REQUANTIZER
    return leaving_cost(parallelism.lanes, shape.output_bits, words + uneven, pipeline)


def normalize_leaving_cost(shape: NormalizeShape, parallelism: Parallelism) -> Resources:
    """The FIFO behind a GDN core."""
    words = shape.result_words(parallelism)
    pipeline = normalize_pipeline(shape, parallelism)
    return leaving_cost(parallelism.lanes, shape.output_bits, words, pipeline)


@cache
def leaving_cost(lanes: int, bits: int, words: int, pipeline: int) -> Resources:
    """A FIFO that evens out so many words of so many lanes, behind a pipeline of so many."""
    frame = IntegerTensor(integer_type(bits), (1, lanes, 1, 1))
    return fifo_cost(FifoType(frame, lanes, max(SRL_DEPTH, LEAST_DEPTH + words)), pipeline)


@cache
def unevenness(window: Window, taps: int) -> Fraction:
    """How many rows of the output a convolution is ahead of an even flow at most: the rows of one
    phase of a transposed convolution take more steps than those of another."""
    row_steps = [
        sum(window.steps(row, column, taps) for column in range(window.phases))
        for row in range(window.phases)
    ]
    elapsed, strays = Fraction(0), [Fraction(0)]
    for row, steps in enumerate(row_steps, 1):
        elapsed += Fraction(steps * window.phases, sum(row_steps))
        strays.append(row - elapsed)
    return max(strays) - min(strays)
