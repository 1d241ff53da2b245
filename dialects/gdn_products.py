"""Which products of a GDN core are made at all.

Output lane o and input lane l of the array multiply γ_ij for all i ≡ o mod PO and j ≡ l mod PI,
one in each step. Where all of these are zero, every product is zero whatever the input: it adds
nothing to any norm, so leaving out its multiplier changes no bit of any result.
"""

from functools import lru_cache
from math import ceil

import numpy as np

from .tensors import Array

KEPT = 1 << 12


def live_products(gamma: Array, po: int, pi: int) -> Array:
    """bool [po, pi]: whether a product of gamma [C, C] is not zero in some step."""
    channels = len(gamma)
    groups = ceil(channels / po), ceil(channels / pi)
    padded = np.zeros((groups[0] * po, groups[1] * pi), np.bool_)
    padded[:channels, :channels] = gamma != 0
    return padded.reshape(groups[0], po, groups[1], pi).any(axis=(0, 2))


def nonzero_bits(gamma: Array) -> bytes:
    """Where gamma [C, C] is not zero, a bit for each element; empty if it is so everywhere."""
    return b"" if gamma.all() else np.packbits(gamma != 0).tobytes()


@lru_cache(maxsize=KEPT)
def live_lanes(nonzero: bytes, channels: int, po: int, pi: int) -> tuple[int, ...]:
    """How many products every output lane of an array of po · pi makes, given where gamma is not
    zero."""
    if not nonzero and max(po, pi) <= channels:
        return (pi,) * po
    gamma = np.ones(channels**2, np.uint8)
    if nonzero:
        gamma = np.unpackbits(np.frombuffer(nonzero, np.uint8), count=channels**2)
    live = live_products(gamma.reshape(channels, channels), po, pi)
    return tuple(live.sum(axis=1).tolist())


def count_live(nonzero: bytes, channels: int, po: int, pi: int) -> int:
    """How many products an array of po · pi makes, given where gamma is not zero."""
    return sum(live_lanes(nonzero, channels, po, pi))
