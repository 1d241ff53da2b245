"""Codes images with a design: bytes against the estimate, pixels against the interpreter, times.

    python tests/bench/codec.py DESIGN IMAGES

One thread. An image that does not fit the design's frame is coded in the frame turned round.
"""

import sys
import time
from pathlib import Path

import numpy as np

from licc.backends.design import open_design
from licc.backends.design.program import Program
from licc.evaluation.codecs import run_integers
from licc.runtime import Codec
from licc.runtime.arithmetic import Array
from licc.runtime.codec import encode
from licc.runtime.entropy import EntropyModel
from licc.runtime.images import crop_to, find_images, pad_to, read_image
from licc.runtime.model_file import MODEL, CodecModel, read_model


def estimate(model: CodecModel, frame: Array) -> float:
    """The bytes that the tables say an image costs."""
    latents = encode(model.program.run, tuple(model.program.functions), frame)
    entropy = model.entropy
    assert isinstance(entropy, EntropyModel)
    if entropy.conditional is None:
        rows = entropy.bottleneck_rows(latents.symbols.shape)
        return entropy.bottleneck.bits(latents.symbols, rows) / 8
    assert latents.hyper is not None
    assert latents.scales is not None
    rows = entropy.bottleneck_rows(latents.hyper.shape)
    bits = entropy.bottleneck.bits(latents.hyper, rows)
    rows = entropy.conditional.rows(latents.scales)
    return (bits + entropy.conditional.tables.bits(latents.symbols, rows)) / 8


def main(design: Path, images: Path) -> None:
    """Prints a line for each image, and what is worst of them all."""
    model = read_model(design / MODEL)
    folder = open_design(design)
    program = Program(folder.module("integer"), folder.module("float"))
    frames = {turned: model.frame[::-1] if turned else model.frame for turned in (False, True)}
    codecs = {turned: Codec(design, threads=1, frame=frame) for turned, frame in frames.items()}
    excesses: list[float] = []
    differ = 0
    for path in find_images((images,)):
        image = read_image(path)
        height, width = image.shape[2:]
        turned = width > model.frame[0] or height > model.frame[1]
        codec, pixels = codecs[turned], np.ascontiguousarray(image[0].transpose(1, 2, 0))
        start = time.perf_counter()
        data = codec.encode(pixels)
        middle = time.perf_counter()
        found = codec.decode(data)
        end = time.perf_counter()
        padded = pad_to(image, *codec.frame[::-1])
        expected = crop_to(run_integers(program, padded).pixels, height, width)
        wrong = int((found != expected[0].transpose(1, 2, 0)).sum())
        bytes_, differ = estimate(model, padded), differ + wrong
        excesses.append((len(data) - 64) / bytes_ - 1)
        print(
            f"{path.name}: {len(data)} bytes, estimate {bytes_:.0f} ({len(data) / bytes_ - 1:+.3%})"
            f", {wrong} values differ, encode {middle - start:.3f} s, decode {end - middle:.3f} s"
        )
    print(f"{len(excesses)} images, {differ} values differ")
    print(f"less 64 bytes, at most {max(excesses):+.3%} of the estimate")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
