"""Codes images with a design: pixels against the interpreter, bytes against the estimate, and times
against PyTorch.

    OPENBLAS_NUM_THREADS=1 python tests/bench/codec.py DESIGN IMAGES

Everything in one thread, in seconds of the processor: of what runs in turns, the fastest of three
turns. An image that does not fit the design's frame
is coded in the frame turned round.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from licc.backends.design import open_design
from licc.backends.design.program import Program
from licc.evaluation.codecs import run_integers
from licc.frontend import load_model
from licc.frontend.model import run_function
from licc.runtime import Codec
from licc.runtime.arithmetic import Array
from licc.runtime.codec import encode
from licc.runtime.images import crop_to, decode_image, find_images, pad_to
from licc.runtime.model_file import MODEL, CodecModel, read_model

TURNS = 3


def timed(*calls: Callable[[], Any]) -> list[tuple[Any, float]]:
    """What each call gives, and how long it takes at best, if they run in turns."""
    found: list[tuple[Any, float]] = [(None, np.inf) for _ in calls]
    for _ in range(TURNS):
        for number, call in enumerate(calls):
            start = time.process_time()
            result = call()
            found[number] = result, min(time.process_time() - start, found[number][1])
    return found


def encode_file(codec: Codec, content: bytes) -> bytes:
    """The bitstream of an image file."""
    return codec.encode(decode_image(content))


def estimate(model: CodecModel, frame: Array) -> float:
    """The bytes that the tables say an image costs."""
    latents = encode(model.program.run, tuple(model.program.functions), frame)
    entropy = model.entropy
    assert entropy is not None
    if entropy.conditional is None:
        rows = entropy.bottleneck_rows(latents.symbols.shape)
        return entropy.bottleneck.bits(latents.symbols, rows) / 8
    assert latents.hyper is not None
    assert latents.scales is not None
    rows = entropy.bottleneck_rows(latents.hyper.shape)
    bits = entropy.bottleneck.bits(latents.hyper, rows)
    rows = entropy.conditional.rows(latents.scales)
    return (bits + entropy.conditional.tables.bits(latents.symbols, rows)) / 8


class Reference:
    """The float transforms of the design's model in PyTorch."""

    def __init__(self, path: Path):
        self.model = load_model(path)

    def analysis(self, frame: Array) -> tuple[Array, Array | None]:
        """The latents of an image, with all that an encoder runs."""
        latent = run_function(self.model, "g_a", frame)
        if "h_a" not in self.model.stages:
            return latent, None
        hyper = np.rint(run_function(self.model, "h_a", latent))
        run_function(self.model, "h_s", hyper)
        return latent, hyper

    def synthesis(self, latents: tuple[Array, Array | None]) -> None:
        """All that a decoder runs."""
        latent, hyper = latents
        if hyper is not None:
            run_function(self.model, "h_s", hyper)
        run_function(self.model, "g_s", np.rint(latent))


class Bench:
    """A design, its interpreter and its reference."""

    def __init__(self, design: Path):
        folder = open_design(design)
        self.model = read_model(design / MODEL)
        self.program = Program(folder.module("integer"), folder.module("float"))
        self.reference = Reference(folder.model)
        width, height = self.model.frame
        frames = (width, height), (height, width)
        self.codecs = [Codec(design, threads=1, frame=frame) for frame in frames]

    def measure(self, path: Path) -> tuple[float, ...]:
        """Values that differ, bytes above the estimate and their share, and the times of encoder,
        analysis, decoder and synthesis."""
        content = path.read_bytes()
        image = decode_image(content)
        size, (width, height) = image.shape[:2], self.model.frame
        codec = self.codecs[size[1] > width or size[0] > height]
        frame = pad_to(image.transpose(2, 0, 1)[np.newaxis], *codec.frame[::-1])
        real = np.ascontiguousarray(frame / np.float32(255), np.float32)
        reference = self.reference
        (data, encoding), (latents, analysis) = timed(
            lambda: encode_file(codec, content), lambda: reference.analysis(real)
        )
        (found, decoding), (_, synthesis) = timed(
            lambda: codec.decode(data), lambda: reference.synthesis(latents)
        )
        expected = crop_to(run_integers(self.program, frame).pixels, *size)
        wrong = int((found != expected[0].transpose(1, 2, 0)).sum())
        above = len(data) - estimate(self.model, frame)
        share = above / (len(data) - above)
        print(
            f"{path.name}: {wrong} values differ, {len(data)} bytes, {above:.0f} above the estimate"
        )
        return wrong, above, share, encoding, analysis, decoding, synthesis


def main(design: Path, images: Path) -> None:
    """Prints a line for each image, then what is worst, and the times of all."""
    torch.set_num_threads(1)
    bench = Bench(design)
    figures = np.array([bench.measure(path) for path in find_images((images,))])
    wrongs, above, shares, *times = figures.T
    print(
        f"{len(figures)} images, {wrongs.sum():.0f} values differ; {above.min():.0f} to "
        f"{above.max():.0f} bytes above the estimate, {shares.min():.2%} to {shares.max():.2%}"
    )
    for name, own, torches in (("encode", *times[:2]), ("decode", *times[2:])):
        medians = np.median(own), np.median(torches)
        print(
            f"{name}: median {medians[0]:.3f} s, PyTorch's transforms {medians[1]:.3f} s, "
            f"{medians[0] / medians[1]:.2f} times"
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
