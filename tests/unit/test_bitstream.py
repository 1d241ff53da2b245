"""The container of coded images: its bytes by hand, and every way in which it can be wrong."""

import struct
import zlib

import pytest

from licc.runtime.bitstream import MAX_PIXELS, Bitstream, Header
from licc.runtime.errors import BitstreamError

HEADER = Header(30, 20, (64, 48), b"modelmod", b"tablesta")
STREAM = Bitstream(HEADER, (b"abcd", b"", b"efghijkl"))
DATA = STREAM.to_bytes()
DIRECTORY = 44


def repaired(data: bytes, *changes: tuple[int, bytes]) -> bytes:
    """A file with some bytes of its front changed, and the front's checksum made right again."""
    changed = bytearray(data)
    for place, value in changes:
        changed[place : place + len(value)] = value
    (count,) = struct.unpack_from("<I", data, DIRECTORY - 4)
    end = DIRECTORY + 8 * count
    changed[end : end + 4] = struct.pack("<I", zlib.crc32(changed[:end]))
    return bytes(changed)


def fails(data: bytes) -> str:
    with pytest.raises(BitstreamError) as error:
        Bitstream.from_bytes(data)
    return str(error.value)


def test_bytes_by_hand() -> None:
    front = b"\x8dLIC" + struct.pack("<5I", 1, 30, 20, 64, 48) + b"modelmod" + b"tablesta"
    front += struct.pack("<I", 3)
    for part in STREAM.slices:
        front += struct.pack("<II", len(part), zlib.crc32(part))
    assert struct.pack("<I", zlib.crc32(front)).join((front, b"abcdefghijkl")) == DATA
    assert Bitstream.from_bytes(DATA) == STREAM


@pytest.mark.parametrize("size", range(len(DATA)))
def test_every_truncation(size: int) -> None:
    assert fails(DATA[:size]).startswith("is cut off" if size >= 4 else "is no bitstream of licc")


@pytest.mark.parametrize("place", range(len(DATA)))
def test_every_changed_byte(place: int) -> None:
    changed = bytearray(DATA)
    changed[place] ^= 0x10
    assert "checksum" in fails(bytes(changed)) or place < 8 or 40 <= place < 44


def test_messages() -> None:
    assert fails(b"PNG" + DATA[3:]) == "is no bitstream of licc"
    assert fails(DATA[:4] + b"\x02" + DATA[5:]) == "has version 2, this licc reads 1"
    assert (
        fails(DATA[:-1]) == f"is cut off: has {len(DATA) - 1} bytes, {len(DATA)} or more are needed"
    )
    assert fails(DATA + b"x") == f"has {len(DATA) + 1} bytes, 1 more than it should"
    assert fails(DATA[:9] + b"\x01" + DATA[10:]) == (
        "is damaged: the checksum of its header is wrong"
    )
    assert fails(DATA[:-1] + b"x") == "is damaged: the checksum of slice 3 of 3 is wrong"


def test_more_slices_than_there_are_bytes() -> None:
    huge = DATA[: DIRECTORY - 4] + struct.pack("<I", 0xFFFFFFFF) + DATA[DIRECTORY:]
    assert fails(huge).startswith("is cut off: has ")


@pytest.mark.parametrize("length", [0, 3, 5, 0xFFFFFFFF])
def test_other_lengths_with_a_right_checksum(length: int) -> None:
    message = fails(repaired(DATA, (DIRECTORY, struct.pack("<I", length))))
    assert message.startswith(("is cut off", "has ", "is damaged: the checksum of slice"))


@pytest.mark.parametrize(
    "size", [(0, 20), (30, 0), (0xFFFFFFFF, 0xFFFFFFFF), (1 << 14, (1 << 14) + 1)]
)
def test_sizes_that_no_image_has(size: tuple[int, int]) -> None:
    message = fails(repaired(DATA, (8, struct.pack("<II", *size))))
    assert message == f"claims {size[0]} x {size[1]} pixels, allowed are 1 to {MAX_PIXELS}"
