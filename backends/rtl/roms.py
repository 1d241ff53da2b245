"""Constants as the text that `$readmemh` reads."""

import numpy as np

from ...dialects.tensors import Array


def hex_words(values: Array, bits: int) -> str:
    """A line for each word [words, lanes] of integers of `bits` bits: lane 0 in the lowest bits."""
    places = np.arange(bits, dtype=np.int64)
    lanes = (values.astype(np.int64)[..., np.newaxis] >> places) & 1
    packed = np.packbits(lanes.astype(np.uint8).reshape(len(values), -1), axis=1, bitorder="little")
    digits = -(-values.shape[1] * bits // 4)
    return "".join(f"{row[::-1].tobytes().hex()[-digits:]}\n" for row in packed)
