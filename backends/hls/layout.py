"""How a frame lies in the beats of an AXI4-Stream, and so in the files of a test bench. Only NumPy.

Pixel by pixel, row by row; a pixel in ceil(C / lanes) words, the last one padded with zeros; each
lane in whole little-endian bytes, sign-extended if it is signed.
"""

from dataclasses import dataclass

import numpy as np

from ...dialects.stream_types import FifoType, ceil_div
from ...dialects.tensors import Array, container, integer_range, integer_type, is_signed
from .errors import HlsError


@dataclass(frozen=True)
class FrameLayout:
    """A frame of `channels` × `height` × `width` integers of `bits` bits in words of `lanes`."""

    channels: int
    height: int
    width: int
    lanes: int
    bits: int
    signed: bool

    @staticmethod
    def of(fifo: FifoType) -> "FrameLayout":
        """The layout of the frame that a FIFO carries."""
        element = fifo.frame.element_type
        _, channels, height, width = fifo.frame.get_shape()
        bits = element.width.data
        return FrameLayout(channels, height, width, fifo.lanes, bits, is_signed(element))

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The shape of the frame as an array."""
        return 1, self.channels, self.height, self.width

    @property
    def lane_bytes(self) -> int:
        """Bytes of a lane."""
        return ceil_div(self.bits, 8)

    @property
    def padded_channels(self) -> int:
        """Lanes of a pixel, padding included."""
        return ceil_div(self.channels, self.lanes) * self.lanes

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame."""
        return self.height * self.width * self.padded_channels * self.lane_bytes

    def to_bytes(self, frame: Array) -> bytes:
        """The bytes of a frame [1, C, H, W] of any integer dtype; `HlsError` if it has another
        shape, or values that do not fit."""
        if frame.shape != self.shape:
            raise HlsError(f"the core takes frames {self.shape}, found {frame.shape}")
        element = integer_type(self.bits, self.signed)
        low, high = integer_range(element)
        if frame.min() < low or frame.max() > high:
            raise HlsError(f"values {frame.min()}..{frame.max()} do not fit {element}")
        dtype = container(element).newbyteorder("<")
        pixels = np.zeros((self.height, self.width, self.padded_channels), dtype)
        pixels[..., : self.channels] = frame[0].transpose(1, 2, 0)
        lanes = pixels.reshape(-1, 1).view(np.uint8)
        return lanes[:, : self.lane_bytes].tobytes()

    def from_bytes(self, data: bytes) -> Array:
        """The frame [1, C, H, W] in the container of its type; `HlsError` if the size is wrong."""
        if len(data) != self.frame_bytes:
            raise HlsError(f"a frame has {self.frame_bytes} bytes, found {len(data)}")
        dtype = container(integer_type(self.bits, self.signed)).newbyteorder("<")
        raw = np.frombuffer(data, np.uint8).reshape(-1, self.lane_bytes)
        filled = np.empty((len(raw), dtype.itemsize), np.uint8)
        filled[:, : self.lane_bytes] = raw
        filled[:, self.lane_bytes :] = np.where(self.signed & (raw[:, -1:] > 127), 255, 0)
        pixels = filled.view(dtype).reshape(self.height, self.width, self.padded_channels)
        frame = pixels[..., : self.channels].transpose(2, 0, 1)[np.newaxis]
        return np.ascontiguousarray(frame, dtype.newbyteorder("="))
