"""How the frames of a test lie in a file, as the beats of an AXI4-Stream."""

import numpy as np
from numpy.typing import NDArray

from licc.dialects.stream_types import ceil_div

IntArray = NDArray[np.int64]


def to_beats(frame: IntArray, lanes: int, bits: int) -> bytes:
    """A frame [1, C, H, W] as the TDATA bytes of its beats, padding lanes zero."""
    channels, height, width = frame.shape[1:]
    padded = np.zeros((height, width, ceil_div(channels, lanes) * lanes), "<i8")
    padded[..., :channels] = frame[0].transpose(1, 2, 0)
    return padded.view(np.uint8).reshape(-1, 8)[:, : ceil_div(bits, 8)].tobytes()


def from_beats(
    data: bytes, shape: tuple[int, ...], lanes: int, bits: int, signed: bool
) -> IntArray:
    """The frame of `shape` in the TDATA bytes of its beats; padding lanes must be zero."""
    channels, height, width = shape[1:]
    size = ceil_div(bits, 8)
    raw = np.frombuffer(data, np.uint8).reshape(height, width, -1, size)
    fill = np.where(raw[..., -1:] >= 128, 255 if signed else 0, 0).astype(np.uint8)
    values = np.concatenate([raw, np.repeat(fill, 8 - size, axis=-1)], axis=-1)
    pixels = np.ascontiguousarray(values).view("<i8")[..., 0]
    assert pixels.shape[2] == ceil_div(channels, lanes) * lanes
    assert not pixels[..., channels:].any()
    return pixels[..., :channels].transpose(2, 0, 1)[np.newaxis]
