"""What the float ops of a codec mean, on float32 NumPy frames [1, C, H, W]."""

import numpy as np

from .arithmetic import Array


def per_channel(vector: Array) -> Array:
    """A vector of one element per channel, shaped to broadcast over a frame."""
    return vector.reshape(1, -1, 1, 1)


def leaky_relu(frame: Array, slope: float) -> Array:
    """x where x > 0, else slope · x."""
    return np.where(frame > 0, frame, frame * np.float32(slope))


def normalize(frame: Array, beta: Array, gamma: Array, *, l2: bool, inverse: bool) -> Array:
    """GDN: x_i / n_i or, inverse, x_i · n_i, with n_i = √(β_i + Σ γ_ij x_j²) (l2) or
    β_i + Σ γ_ij |x_j| (l1). beta [C], gamma [C, C]."""
    height, width = frame.shape[2:]
    pixels = frame[0].transpose(1, 2, 0).reshape(-1, len(beta))
    norm = (np.square(pixels) if l2 else np.abs(pixels)) @ gamma.T + beta
    if l2:
        norm = np.sqrt(norm)
    result = pixels * norm if inverse else pixels / norm
    return result.reshape(height, width, -1).transpose(2, 0, 1)[np.newaxis]
