"""Damage for bitstreams: what a disk, a network or an adversary does to them."""

import struct
import zlib
from collections.abc import Sequence

import numpy as np

COUNT, DIRECTORY = 40, 44
EXTREMES = (0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)


def mutated(rng: np.random.Generator, corpus: Sequence[bytes]) -> bytes:
    """One file of the corpus, damaged once or a few times; half of them with their checksums made
    right again, so that what lies behind these is reached."""
    data = bytearray(corpus[rng.integers(len(corpus))])
    for _ in range(rng.integers(1, 4)):
        damage = (flip, overwrite, truncate, splice, insert, field)[rng.integers(6)]
        damage(rng, data, corpus[rng.integers(len(corpus))])
    return repaired(data) if rng.integers(2) else bytes(data)


def flip(rng: np.random.Generator, data: bytearray, other: bytes) -> None:
    """A bit."""
    if data:
        data[rng.integers(len(data))] ^= 1 << int(rng.integers(8))


def overwrite(rng: np.random.Generator, data: bytearray, other: bytes) -> None:
    """Some bytes, at random."""
    start = int(rng.integers(len(data) + 1))
    size = min(int(rng.integers(1, 20)), len(data) - start)
    data[start : start + size] = rng.bytes(size)


def truncate(rng: np.random.Generator, data: bytearray, other: bytes) -> None:
    """The end."""
    del data[int(rng.integers(len(data) + 1)) :]


def splice(rng: np.random.Generator, data: bytearray, other: bytes) -> None:
    """The end of another file in the place of the own."""
    data[int(rng.integers(len(data) + 1)) :] = other[int(rng.integers(len(other))) :]


def insert(rng: np.random.Generator, data: bytearray, other: bytes) -> None:
    """Bytes that were not there."""
    start = int(rng.integers(len(data) + 1))
    data[start:start] = rng.bytes(int(rng.integers(1, 40)))


def field(rng: np.random.Generator, data: bytearray, other: bytes) -> None:
    """A field of the header or the directory: an extreme, or one off."""
    place = 4 * int(rng.integers(1, 15))
    if place + 4 > len(data):
        return
    (value,) = struct.unpack_from("<I", data, place)
    choices = (*EXTREMES, (value + 1) & 0xFFFFFFFF, (value - 1) & 0xFFFFFFFF)
    struct.pack_into("<I", data, place, choices[rng.integers(len(choices))])


def repaired(data: bytearray) -> bytes:
    """The file with all checksums right that its own count and lengths lead to, and the last slice
    as long as what is left."""
    if len(data) < DIRECTORY:
        return bytes(data)
    (count,) = struct.unpack_from("<I", data, COUNT)
    start = DIRECTORY + 8 * count
    if start + 4 > len(data):
        return bytes(data)
    place = start + 4
    for number in range(count):
        entry = DIRECTORY + 8 * number
        (length,) = struct.unpack_from("<I", data, entry)
        if number == count - 1:
            length = len(data) - place if place <= len(data) else length
        struct.pack_into("<II", data, entry, length, zlib.crc32(data[place : place + length]))
        place += length
    struct.pack_into("<I", data, start, zlib.crc32(data[:start]))
    return bytes(data)
