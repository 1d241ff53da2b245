"""The container of coded images: docs/codec.md states its bytes.

A header, a directory of slices with their lengths and checksums, and the slices. All of it is
checked before anything is decoded, and nothing is allocated for what a damaged file claims.
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .errors import BitstreamError

Bytes: TypeAlias = bytes | memoryview

MAGIC = b"\x8dLIC"
VERSION = 1
HEADER = struct.Struct("<4sIIIII8s8sI")
CHECKSUM = struct.Struct("<I")
ENTRY = struct.Struct("<II")
HASH_BYTES = 8
MAX_PIXELS = 1 << 28


@dataclass(frozen=True)
class Header:
    """Width and height of the image and of the frame that it was coded in; the first 8 bytes of the
    SHA-256 of the program and of the tables."""

    width: int
    height: int
    frame: tuple[int, int]
    model: bytes
    tables: bytes


@dataclass(frozen=True)
class Bitstream:
    """A header, and slices that can be decoded each on its own."""

    header: Header
    slices: tuple[Bytes, ...]

    def to_bytes(self) -> bytes:
        """The file."""
        found = self.header
        front = HEADER.pack(
            MAGIC,
            VERSION,
            found.width,
            found.height,
            *found.frame,
            found.model,
            found.tables,
            len(self.slices),
        )
        front += b"".join(ENTRY.pack(len(part), zlib.crc32(part)) for part in self.slices)
        return b"".join((front, CHECKSUM.pack(zlib.crc32(front)), *self.slices))

    @staticmethod
    def from_bytes(data: bytes) -> "Bitstream":
        """What a file holds; `BitstreamError` says what is wrong with another one."""
        if data[: len(MAGIC)] != MAGIC:
            raise BitstreamError("is no bitstream of licc")
        _require(data, HEADER.size)
        _, version, width, height, *frame, model, tables, count = HEADER.unpack_from(data)
        if version != VERSION:
            raise BitstreamError(f"has version {version}, this licc reads {VERSION}")
        start = HEADER.size + count * ENTRY.size
        _require(data, start + CHECKSUM.size)
        (checksum,) = CHECKSUM.unpack_from(data, start)
        if zlib.crc32(data[:start]) != checksum:
            raise BitstreamError("is damaged: the checksum of its header is wrong")
        entries = [ENTRY.unpack_from(data, HEADER.size + i * ENTRY.size) for i in range(count)]
        slices = _slices(data, start + CHECKSUM.size, entries)
        if not 0 < width * height <= MAX_PIXELS:
            raise BitstreamError(f"claims {width} x {height} pixels, allowed are 1 to {MAX_PIXELS}")
        return Bitstream(Header(width, height, (frame[0], frame[1]), model, tables), slices)


def _slices(data: bytes, start: int, entries: Sequence[tuple[int, int]]) -> tuple[Bytes, ...]:
    end = start + sum(length for length, _ in entries)
    _require(data, end)
    if len(data) > end:
        raise BitstreamError(f"has {len(data)} bytes, {len(data) - end} more than it should")
    slices: list[Bytes] = []
    whole = memoryview(data)
    for number, (length, checksum) in enumerate(entries, start=1):
        part = whole[start : start + length]
        if zlib.crc32(part) != checksum:
            raise BitstreamError(
                f"is damaged: the checksum of slice {number} of {len(entries)} is wrong"
            )
        slices.append(part)
        start += length
    return tuple(slices)


def _require(data: bytes, size: int) -> None:
    if len(data) < size:
        raise BitstreamError(f"is cut off: has {len(data)} bytes, {size} or more are needed")
