"""How a frame lies in the beats of an AXI4-Stream, and so in the files of a test bench.

Pixel by pixel, row by row; a pixel in ceil(C / lanes) words, the last one padded with zeros; each
lane in whole little-endian bytes, sign-extended if it is signed.
"""

from dataclasses import dataclass

import numpy as np

from .arithmetic import Array
from .formats import Format


@dataclass(frozen=True)
class FrameLayout:
    """A frame of `channels` × `height` × `width` integers of `bits` bits in words of `lanes`."""

    channels: int
    height: int
    width: int
    lanes: int
    bits: int
    signed: bool

    @property
    def format(self) -> Format:
        """The format of an integer."""
        return Format(self.bits, self.signed)

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """The shape of the frame as an array."""
        return 1, self.channels, self.height, self.width

    @property
    def lane_bytes(self) -> int:
        """Bytes of a lane."""
        return -(-self.bits // 8)

    @property
    def words(self) -> int:
        """Words of a pixel."""
        return -(-self.channels // self.lanes)

    @property
    def padded_channels(self) -> int:
        """Lanes of a pixel, padding included."""
        return self.words * self.lanes

    @property
    def frame_bytes(self) -> int:
        """Bytes of a frame."""
        return self.height * self.width * self.padded_channels * self.lane_bytes

    def to_bytes(self, frame: Array) -> bytes:
        """The bytes of a frame [1, C, H, W] of any integer dtype; `ValueError` if it has another
        shape, or values that do not fit."""
        if frame.shape != self.shape:
            raise ValueError(f"the core takes frames {self.shape}, found {frame.shape}")
        low, high = self.format.bounds
        if frame.min() < low or frame.max() > high:
            raise ValueError(f"values {frame.min()}..{frame.max()} do not fit {self.format}")
        dtype = self.format.dtype.newbyteorder("<")
        pixels = np.zeros((self.height, self.width, self.padded_channels), dtype)
        pixels[..., : self.channels] = frame[0].transpose(1, 2, 0)
        lanes = pixels.reshape(-1, 1).view(np.uint8)
        return lanes[:, : self.lane_bytes].tobytes()

    def from_bytes(self, data: bytes) -> Array:
        """The frame [1, C, H, W] in the dtype of its format; `ValueError` if the size is wrong."""
        if len(data) != self.frame_bytes:
            raise ValueError(f"a frame has {self.frame_bytes} bytes, found {len(data)}")
        dtype = self.format.dtype.newbyteorder("<")
        raw = np.frombuffer(data, np.uint8).reshape(-1, self.lane_bytes)
        filled = np.empty((len(raw), dtype.itemsize), np.uint8)
        filled[:, : self.lane_bytes] = raw
        filled[:, self.lane_bytes :] = np.where(self.signed & (raw[:, -1:] > 127), 255, 0)
        pixels = filled.view(dtype).reshape(self.height, self.width, self.padded_channels)
        frame = pixels[..., : self.channels].transpose(2, 0, 1)[np.newaxis]
        return np.ascontiguousarray(frame, dtype.newbyteorder("="))
