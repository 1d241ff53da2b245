"""The memory that a design's codec takes for whole and for forged files, in frames of pixels.

    OPENBLAS_NUM_THREADS=1 python tests/bench/memory.py DESIGN IMAGE

What NumPy and Python allocate (tracemalloc) beside the file and the model, in one thread. The image
is resized to the design's frame. A frame is 3 bytes for each of its pixels.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from licc.runtime import Codec
from licc.runtime.bitstream import Bitstream
from licc.tests.unit.test_bitstream_fuzz import extreme, peak


def main(design: Path, path: Path) -> None:
    """Prints a line for each kind of file."""
    codec, rng = Codec(design, threads=1), np.random.default_rng(0)
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGB").resize(codec.frame))
    frame = 3 * codec.frame[0] * codec.frame[1]
    data = Codec(design, threads=1).encode(pixels)
    whole = Bitstream.from_bytes(data)
    files = {"the first file": data, "the same again": data}
    for name, words in (("no words", 0), ("as many other words", len(whole.slices[-1]) // 4)):
        slices = (*whole.slices[:-1], rng.bytes(4 * words))
        files[f"a last slice of {name}"] = replace(whole, slices=slices).to_bytes()
    files["any symbols of 16 bits"] = extreme(codec, whole, rng)
    for name, content in files.items():
        memory, message = peak(codec, content)
        print(f"{name}: {memory / frame:.1f} frames, {message or 'an image'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
