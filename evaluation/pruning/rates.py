"""What latents cost, and how that changes with them, from a model's entropy tables.

Curvatures are second differences: a table says what whole symbols cost, and scales are those that
there are tables for.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...passes.pruning.curvature import Trace
from ...runtime.arithmetic import Array
from ...runtime.entropy import Tables
from ..rates import EntropyModel


@dataclass(frozen=True)
class Rates:
    """The rate of a codec's latents as its entropy model has it, once some channels are gone:
    `kept` are those that are left, by function (g_a and h_a)."""

    entropy: EntropyModel
    kept: Mapping[str, Array]

    def bits(self, trace: Trace) -> dict[str, Array]:
        """The bits of each channel's symbols on an image, by function: [channels]."""
        return {
            name: tables.information(symbols, indexes).sum(axis=(0, 2, 3))
            for name, (tables, symbols, indexes) in self._coded(trace).items()
        }

    def curvatures(self, trace: Trace) -> dict[str, Array]:
        """The second derivative of all bits by each function's results."""
        coded = self._coded(trace)
        found = {
            name: _mean_by_channel(_second_difference(*parts)) for name, parts in coded.items()
        }
        conditional = self.entropy.conditional
        if conditional is None:
            return found
        tables, symbols, indexes = coded["g_a"]
        step = np.log(conditional.scales[1:] / conditional.scales[:-1]).mean()
        inner = np.clip(indexes, 1, len(conditional.scales) - 2)
        below, here, above = (tables.information(symbols, inner + side) for side in (-1, 0, 1))
        curve = below - 2 * here + above
        predicted = trace.results["h_s"]
        channels = symbols.shape[1]
        scales = np.maximum(predicted[:, :channels], conditional.scales[1])
        by_scale = _mean_by_channel(curve / step**2) / np.square(scales)
        parts = [by_scale.astype(np.float32)]
        if predicted.shape[1] == 2 * channels:
            parts.append(np.broadcast_to(found["g_a"], by_scale.shape))
        return {**found, "h_s": np.concatenate(parts, axis=1)}

    def _coded(self, trace: Trace) -> dict[str, tuple[Tables, Array, Array]]:
        """Tables, symbols and indexes, by the function that makes the symbols."""
        latent = trace.results["g_a"]
        if self.entropy.conditional is None:
            return {"g_a": self._by_channel("g_a", latent)}
        predicted = trace.results["h_s"]
        channels = latent.shape[1]
        means = predicted[:, channels:] if predicted.shape[1] == 2 * channels else 0
        symbols = np.rint(latent - means).astype(np.int64)
        indexes = self.entropy.conditional.indexes(predicted[:, :channels])
        return {
            "g_a": (self.entropy.conditional.tables, symbols, indexes),
            "h_a": self._by_channel("h_a", trace.results["h_a"]),
        }

    def _by_channel(self, name: str, latent: Array) -> tuple[Tables, Array, Array]:
        symbols = np.rint(latent).astype(np.int64)
        indexes = self.kept[name].reshape(1, -1, 1, 1)
        return self.entropy.bottleneck, symbols, np.broadcast_to(indexes, symbols.shape)


def _second_difference(tables: Tables, symbols: Array, indexes: Array) -> Array:
    below, here, above = (tables.information(symbols + side, indexes) for side in (-1, 0, 1))
    return below - 2 * here + above


def _mean_by_channel(curve: Array) -> Array:
    """The mean of each channel, no less than 0: float32 [1, C, 1, 1]."""
    return np.maximum(curve.mean(axis=(0, 2, 3), keepdims=True), 0).astype(np.float32)
