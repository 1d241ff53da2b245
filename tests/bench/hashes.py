"""Prints what codecs make of images, as hashes: the same lines on every machine.

    python tests/bench/hashes.py [DESIGN IMAGE]

Of the files in `tests/golden/codec/`, and of an image that is coded and decoded by a design. The
machine and its coder go to standard error.
"""

import platform
import sys
from hashlib import sha256
from pathlib import Path

from licc.runtime import Codec
from licc.runtime.entropy.fastest import fastest_stack
from licc.runtime.images import decode_image

CODECS = Path(__file__).parents[1] / "golden" / "codec"


def show(name: str, data: bytes, codec: Codec) -> None:
    """The hashes of a file and of its pixels."""
    pixels = codec.decode(data).tobytes()
    print(name, *(sha256(content).hexdigest()[:16] for content in (data, pixels)), flush=True)


def main(arguments: list[str]) -> None:
    """Prints a line for each file."""
    print(platform.machine(), platform.python_version(), fastest_stack().__name__, file=sys.stderr)
    for folder in sorted(path.parent for path in CODECS.glob("*/model.licc")):
        codec = Codec(folder)
        for name in ("small", "tiles", "whole"):
            show(f"{folder.name} {name}", (folder / f"{name}.licc").read_bytes(), codec)
    if arguments:
        design, image = map(Path, arguments)
        codec = Codec(design)
        pixels = decode_image(image.read_bytes())
        show(f"{design.name} {image.name}", codec.encode(pixels, tile=True), codec)


if __name__ == "__main__":
    main(sys.argv[1:])
