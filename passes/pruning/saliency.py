"""What it costs to remove a channel in front of a convolution that then makes up for it.

For a linear layer with inputs of covariance C and a loss that grows by ½ tr(S E Eᵀ) with the
errors E of its outputs, the least increase when block b of the inputs goes, and all other weights
are free to move, is ½ tr(S W_b [(C⁻¹)_bb]⁻¹ W_bᵀ) (optimal brain surgeon: Hassibi and Stork,
NeurIPS 1992; here with a block for each channel). Both C⁻¹ and the weights are brought up to date
after every removal. C is shrunk towards its diagonal: what channels of a few images have in common
by chance would otherwise make them look replaceable.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...dialects.tensors import array_of
from ...runtime.arithmetic import Array
from ..rounding.samples import patches, phases_of, positions
from .groups import Convolution, output_axis
from .linear import solve

MOST_PATCHES = 2048
SHRINKAGE, LEAST = 0.2, 1e-6


@dataclass
class Block:
    """The taps of one phase: `inverse` [C·t, C·t] of their shrunk covariance, channel by channel,
    and the weights [out, C·t] that read them."""

    inverse: Array
    weight: Array
    taps: int

    def costs(self, curvature: Array, left: Array) -> Array:
        """½ tr(S W_b [(C⁻¹)_bb]⁻¹ W_bᵀ) of every channel b that is `left`."""
        channels = self.inverse.shape[0] // self.taps
        shape = (channels, self.taps, channels, self.taps)
        every = np.arange(channels)[left]
        inner = self.inverse.reshape(shape)[every, :, every]
        rows = self.weight.reshape(-1, channels, self.taps)[:, left].transpose(1, 2, 0)
        weighed = rows @ curvature
        return 0.5 * (np.linalg.solve(inner, rows) * weighed).sum(axis=(1, 2))

    def remove(self, channel: int) -> None:
        """Takes a channel out and lets the others make up for it."""
        at = slice(channel * self.taps, (channel + 1) * self.taps)
        rows = np.linalg.solve(self.inverse[at, at], self.inverse[at])
        self.weight -= self.weight[:, at] @ rows
        self.inverse -= self.inverse[:, at] @ rows
        self.weight[:, at] = 0


@dataclass(eq=False)
class Reader:
    """A convolution that reads channels which are to be removed, with the curvature [out, out] of
    the loss in its outputs, for all pixels of a frame together, and which channels are left."""

    blocks: list[Block]
    curvature: Array
    left: Array

    def costs(self) -> Array:
        """What the loss grows by without each channel that is left: [left]."""
        return sum(
            (block.costs(self.curvature, self.left) for block in self.blocks),
            np.zeros(self.left.sum()),
        ) / len(self.blocks)

    def remove(self, channel: int) -> None:
        """Takes an input channel out."""
        self.left[channel] = False
        for block in self.blocks:
            block.remove(channel)

    def forget(self, rows: Array) -> None:
        """Output channels go: their errors no longer count."""
        self.curvature[rows] = 0
        self.curvature[:, rows] = 0


def reader_of(op: Convolution, frames: Sequence[Array], curvature: Array) -> Reader:
    """A convolution that sees frames [1, C, H, W]."""
    kernels = np.moveaxis(array_of(op.weight).astype(np.float64), output_axis(op), 0)
    blocks: list[Block] = []
    for phase in phases_of(op.window):
        seen = np.concatenate(
            [
                patches(frame, op.window, phase, positions(op.window, frame.shape, MOST_PATCHES, i))
                for i, frame in enumerate(frames)
            ],
            axis=1,
        )
        part = kernels[(slice(None), slice(None), *phase.kernel_indices)]
        weight = part.reshape(len(kernels), -1).astype(np.float32)
        blocks.append(Block(shrunk_inverse(seen), weight, part[0, 0].size))
    return Reader(blocks, curvature.astype(np.float32), np.ones(kernels.shape[1], bool))


def shrunk_inverse(samples: Array) -> Array:
    """The inverse of the covariance of samples [n, count], its off-diagonal shrunk."""
    centred = samples - samples.mean(axis=1, keepdims=True)
    covariance = (centred @ centred.T / np.float32(samples.shape[1])).astype(np.float64)
    variances = np.diag(covariance).copy()
    covariance *= 1 - SHRINKAGE
    np.fill_diagonal(covariance, variances + LEAST * max(variances.mean(), LEAST))
    return solve(covariance, np.eye(len(covariance))).astype(np.float32)
