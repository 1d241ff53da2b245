"""Latents as slices of bytes, and back.

The symbols of a latent [1, C, H, W] in the order channel, row, column are cut into slices of at
most 2^17. Each is coded on its own, so that slices can be decoded in any order, or at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from .arithmetic import Array
from .bitstream import Bytes
from .codec import Latents, Transforms, predict, restore
from .entropy import EntropyModel, TableCoder
from .errors import BitstreamError

SLICE_SYMBOLS = 1 << 17


@dataclass(frozen=True)
class LatentShapes:
    """The shapes [1, C, H, W] of the latent and, with a hyperprior, of the hyper-latent."""

    latent: tuple[int, int, int, int]
    hyper: tuple[int, int, int, int] | None

    @property
    def slices(self) -> int:
        """How many slices there are."""
        return _slice_count(self.latent) + (_slice_count(self.hyper) if self.hyper else 0)


def _slice_count(shape: tuple[int, ...]) -> int:
    return -(-int(np.prod(shape)) // SLICE_SYMBOLS)


@dataclass(frozen=True)
class LatentCoder:
    """Codes latents by an entropy model: slices of the hyper-latent, if there is one, then those of
    the latent."""

    entropy: EntropyModel

    @cached_property
    def _bottleneck(self) -> TableCoder:
        return TableCoder(self.entropy.bottleneck)

    @cached_property
    def _conditional(self) -> TableCoder:
        assert self.entropy.conditional is not None
        return TableCoder(self.entropy.conditional.tables)

    def encode(self, latents: Latents) -> tuple[bytes, ...]:
        """The slices of an image's latents."""
        if self.entropy.conditional is None:
            return self._encode_bottleneck(latents.symbols)
        assert latents.hyper is not None
        assert latents.scales is not None
        rows = self.entropy.conditional.rows(latents.scales)
        hyper = self._encode_bottleneck(latents.hyper)
        return *hyper, *_encode(self._conditional, latents.symbols, rows)

    def decode(self, slices: Sequence[Bytes], shapes: LatentShapes, run: Transforms) -> Array:
        """What the synthesis transform is given for an image; `run` runs @h_s. `BitstreamError`
        names the slice that is wrong, of the `shapes.slices` that are expected."""
        conditional = self.entropy.conditional
        if conditional is None:
            return self._decode_bottleneck(slices, shapes.latent)
        assert shapes.hyper is not None
        count = _slice_count(shapes.hyper)
        hyper = self._decode_bottleneck(slices[:count], shapes.hyper)
        prediction = predict(run, hyper, shapes.latent[1])
        rows = conditional.rows(prediction.scales)
        symbols = _decode(self._conditional, slices[count:], rows, count)
        return restore(symbols, prediction.means)

    def _encode_bottleneck(self, symbols: Array) -> tuple[bytes, ...]:
        return _encode(self._bottleneck, symbols, self.entropy.bottleneck_rows(symbols.shape))

    def _decode_bottleneck(self, slices: Sequence[Bytes], shape: tuple[int, ...]) -> Array:
        return _decode(self._bottleneck, slices, self.entropy.bottleneck_rows(shape), 0)


def _encode(coder: TableCoder, symbols: Array, rows: Array) -> tuple[bytes, ...]:
    flat, flat_rows = symbols.ravel(), rows.ravel()
    parts = [slice(i, i + SLICE_SYMBOLS) for i in range(0, flat.size, SLICE_SYMBOLS)]
    return tuple(coder.encode(flat[part], flat_rows[part]) for part in parts)


def _decode(coder: TableCoder, slices: Sequence[Bytes], rows: Array, before: int) -> Array:
    flat = rows.ravel()
    symbols = np.empty(flat.size, np.int16)
    for number, data in enumerate(slices):
        part = slice(number * SLICE_SYMBOLS, (number + 1) * SLICE_SYMBOLS)
        try:
            symbols[part] = coder.decode(data, flat[part])
        except BitstreamError as error:
            raise BitstreamError(f"is damaged: slice {before + number + 1} {error}") from error
    return symbols.reshape(rows.shape)
