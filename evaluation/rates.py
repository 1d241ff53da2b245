"""The rate of what a codec makes of an image: with a model's entropy model, or without one."""

from dataclasses import dataclass

import numpy as np

from ..frontend.cdf_tables import (
    BOTTLENECK,
    CONDITIONAL,
    SCALES,
    read_scales,
    read_tables,
    scale_bound,
)
from ..frontend.errors import ModelError
from ..frontend.model import Model
from ..runtime.arithmetic import Array
from ..runtime.entropy import Tables
from .codecs import Coded
from .tables import encode


@dataclass(frozen=True)
class Stream:
    """Symbols that are coded together, and the row of the tables for each."""

    tables: Tables
    symbols: Array
    indexes: Array

    @property
    def bits(self) -> float:
        """What the tables say that they cost."""
        return self.tables.bits(self.symbols, self.indexes)

    def encode(self) -> bytes:
        """What the coder makes of them."""
        return encode(self.tables, self.symbols, self.indexes)


@dataclass(frozen=True)
class Conditional:
    """Tables of Gaussian distributions, by their `scales` (float32, rising)."""

    tables: Tables
    scales: Array
    bound: np.float32

    def indexes(self, scales: Array) -> Array:
        """For each predicted scale the table of the smallest scale that is not below it."""
        return np.searchsorted(self.scales[:-1], np.maximum(scales, self.bound))


@dataclass(frozen=True)
class EntropyModel:
    """A bottleneck with a table a channel, and with a hyperprior the latent's Gaussian tables."""

    file: str
    bottleneck: Tables
    conditional: Conditional | None

    def streams(self, coded: Coded) -> tuple[Stream, ...]:
        """The latent's and, with a hyperprior, the hyper-latent's symbols, as CompressAI codes
        them."""
        if self.conditional is None:
            return (self._by_channel(coded.symbols),)
        assert coded.hyper is not None
        assert coded.scales is not None
        indexes = self.conditional.indexes(coded.scales)
        latent = Stream(self.conditional.tables, coded.symbols, indexes)
        return latent, self._by_channel(coded.hyper)

    def _by_channel(self, symbols: Array) -> Stream:
        channels, tables = symbols.shape[1], len(self.bottleneck.lengths)
        if channels != tables:
            raise ModelError(
                f"{self.file}: {BOTTLENECK}: expected tables of {channels} channels, found {tables}"
            )
        indexes = np.arange(channels).reshape(1, -1, 1, 1)
        return Stream(self.bottleneck, symbols, np.broadcast_to(indexes, symbols.shape))


def entropy_model(model: Model) -> EntropyModel | str:
    """The entropy model of a file, or why there is no rate. Raises `ModelError` for wrong
    tables."""
    file, tensors = model.provenance.file, model.tables
    if not tensors:
        return "the model has no entropy model"
    untold = "the file holds no CDF tables: call the model's update() before it is saved"
    bottleneck = read_tables(tensors, BOTTLENECK, file)
    if bottleneck is None:
        return untold
    if "h_s" not in model.stages:
        return EntropyModel(file, bottleneck, None)
    tables = read_tables(tensors, CONDITIONAL, file)
    if tables is None or SCALES not in tensors:
        return untold
    scales = read_scales(tensors, tables, file)
    return EntropyModel(file, bottleneck, Conditional(tables, scales, scale_bound(tensors)))


def histogram_bits(coded: Coded) -> float:
    """The empirical bits of all symbols of an image."""
    parts = (coded.symbols, coded.hyper)
    return sum(empirical_bits(symbols) for symbols in parts if symbols is not None)


def empirical_bits(symbols: Array) -> float:
    """The entropy of each channel's own histogram, in bits over all symbols: a coder that knows the
    histograms, and no neighbours, comes close to it."""
    bits = 0.0
    for channel in symbols[0].reshape(symbols.shape[1], -1).astype(np.int64):
        counts = np.bincount(channel - channel.min())
        counts = counts[counts > 0]
        bits -= float(counts @ np.log2(counts / len(channel)))
    return bits


def bits_of(entropy: EntropyModel | str | None, coded: Coded) -> float:
    """Bits of all symbols, by the tables of an entropy model; by the symbols' histograms where
    there is none (or why there is none)."""
    if not isinstance(entropy, EntropyModel):
        return histogram_bits(coded)
    return sum(stream.bits for stream in entropy.streams(coded))
