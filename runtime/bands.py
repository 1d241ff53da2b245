"""Frames as streams of bands of rows through the steps of a function, as through the hardware: no
step holds more rows than it needs, so that memory does not grow with the height of a frame.

A band is [h, W, C]: pixel-major, as frames lie in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import starmap, tee

import numpy as np

from .arithmetic import Array
from .steps import Convolve, PixelStep, Step


@dataclass(frozen=True)
class Node:
    """A step, and which values it takes: 0 is the function's argument, i the result of node i."""

    step: Step
    inputs: tuple[int, ...]


def run_in_bands(
    nodes: Sequence[Node], bands: Sequence[Array], threads: int | None
) -> tuple[Iterator[Array], int]:
    """The bands of the last node's value, and the rows of all of them, for the bands of the
    argument."""
    readers = [sum(node.inputs.count(i) for node in nodes) for i in range(len(nodes))]
    streams = [list(tee(bands, readers[0]))]
    heights = [sum(map(len, bands))]
    for number, node in enumerate(nodes, start=1):
        sources, height = [streams[i].pop() for i in node.inputs], heights[node.inputs[0]]
        if isinstance(node.step, Convolve):
            result, height = node.step.bands(sources[0], height), node.step.height(height)
        else:
            result = _pixel_by_pixel(node.step, sources, threads)
        copies = readers[number] if number < len(nodes) else 1
        streams.append(list(tee(result, copies)) if copies > 1 else [result])
        heights.append(height)
    return streams[-1][0], heights[-1]


def _pixel_by_pixel(
    step: PixelStep, sources: Sequence[Iterator[Array]], threads: int | None
) -> Iterator[Array]:
    def result(*bands: Array) -> Array:
        frames = [band.transpose(2, 0, 1)[np.newaxis] for band in bands]
        return step(threads, *frames)[0].transpose(1, 2, 0)

    if len(sources) == 1:
        return map(result, sources[0])  # which keeps no band while later steps run
    return starmap(result, _side_by_side(sources))


def _side_by_side(sources: Sequence[Iterable[Array]]) -> Iterator[list[Array]]:
    """Bands of all sources, cut so that those of a group are the same rows."""
    streams = [iter(source) for source in sources]
    held = [next(stream, None) for stream in streams]
    while all(band is not None for band in held):
        bands = [band for band in held if band is not None]
        rows = min(map(len, bands))
        yield [band[:rows] for band in bands]
        held = [
            band[rows:] if len(band) > rows else next(stream, None)
            for band, stream in zip(bands, streams, strict=True)
        ]
