"""Damaged files: an error or an image each time, within 2 s of the processor, in no more memory
than a whole file takes.

The corpus is the files of `tests/golden/codec/`, those of `damaged/` among them: mutated ones, one
for each way in which a file is refused, which `fates.json` names.
"""

import json
import re
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from licc.runtime import BitstreamError, Codec
from licc.runtime.bitstream import Bitstream
from licc.runtime.codec import Latents, predict
from licc.runtime.latent_coder import LatentCoder
from licc.runtime.model_file import MODEL, read_model
from licc.tests.unit.mutations import mutated

CODECS = Path(__file__).parents[1] / "golden" / "codec"
FAMILIES = ("factorized", "hyperprior", "mean-scale")
SECONDS = 2
FRAMES = 4
WHOLE = 20
LARGE = (768, 512)


def corpus(family: str) -> list[bytes]:
    """All files, whole ones more often."""
    whole, damaged = _coded(CODECS / family), _coded(CODECS / "damaged" / family)
    return [path.read_bytes() for path in (*whole * WHOLE, *damaged)]


def _coded(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.licc") if path.name != MODEL)


def peak(codec: Codec, data: bytes) -> tuple[int, str]:
    """The most memory that decoding takes, and what is wrong with the file."""
    tracemalloc.start()
    try:
        start = time.process_time()
        message = ""
        try:
            image = codec.decode(data)
            header = Bitstream.from_bytes(data).header
            assert image.shape == (header.height, header.width, 3)
        except BitstreamError as error:
            message = str(error)
        assert time.process_time() - start < SECONDS
        return tracemalloc.get_traced_memory()[1], message
    finally:
        tracemalloc.stop()


def fuzz(family: str, files: int, seed: int) -> dict[str, int]:
    """Decodes mutated files; how many had which fate. What is refused takes at most the memory of
    four frames of pixels. Where checksums are right, transforms run, which take twice as much for
    symbols that need wide sums."""
    codec, whole, rng = (
        Codec(CODECS / family, threads=1),
        corpus(family),
        np.random.default_rng(seed),
    )
    limits = [peak(codec, data)[0] for data in sorted(set(whole)) for _ in range(2)]
    frame = 3 * codec.frame[0] * codec.frame[1]
    fates: dict[str, int] = {}
    for _ in range(files):
        data = mutated(rng, whole)
        memory, message = peak(codec, data)
        refused = message != "" and not message.startswith("is damaged: slice")
        assert memory <= (FRAMES * frame if refused else 2 * max(limits))
        fate = re.sub(r"\d+", "#", " ".join(message.split()[:4]))
        fates[fate] = fates.get(fate, 0) + 1
    return fates


@pytest.mark.parametrize("family", FAMILIES)
def test_some_damaged_files(family: str) -> None:
    fates = fuzz(family, 100, seed=1)
    assert len(fates) > 5


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES)
def test_ten_thousand_damaged_files(family: str) -> None:
    fates = fuzz(family, 4000, seed=2)
    assert fates[""] > 20
    assert fates["is damaged: slice #"] > 500
    assert len(fates) >= 10


@pytest.mark.parametrize("family", FAMILIES)
def test_memory_of_a_large_frame_for_any_content(family: str) -> None:
    """Symbols of 16 bits and other words of every length, their checksums right."""
    codec, rng = Codec(CODECS / family, threads=1, frame=LARGE), np.random.default_rng(4)
    whole = Bitstream.from_bytes(codec.encode(rng.integers(0, 256, (LARGE[1], LARGE[0], 3), "u1")))
    count = len(whole.slices)
    files = [extreme(codec, whole, rng)]
    for words in (0, 1, 500, 50_000):
        slices = [rng.bytes(4 * words) for _ in range(count)]
        files += [replace(whole, slices=(*whole.slices[:-1], slices[0])).to_bytes()]
        files += [replace(whole, slices=tuple(slices)).to_bytes()]
    codec.decode(whole.to_bytes())
    found = [peak(codec, data) for data in files]
    assert max(memory for memory, _ in found) <= FRAMES * 3 * LARGE[0] * LARGE[1]
    assert {message[:18] for _, message in found} == {"", "is damaged: slice "}


def extreme(codec: Codec, whole: Bitstream, rng: np.random.Generator) -> bytes:
    """A file whose latents are any integers of 16 bits."""
    model = read_model(codec.design / MODEL)
    entropy, functions = model.entropy, model.program.functions
    assert entropy is not None
    stride = functions["g_a"].stride
    width, height = codec.frame
    shape = (1, functions["g_a"].result.channels, height // stride, width // stride)
    symbols = rng.integers(-(1 << 15), 1 << 15, shape).astype(np.int16)
    if entropy.conditional is None:
        latents = Latents(symbols, None, symbols)
    else:
        inner = functions["h_a"].stride
        size = (1, functions["h_a"].result.channels, shape[2] // inner, shape[3] // inner)
        hyper = rng.integers(-(1 << 15), 1 << 15, size).astype(np.int16)
        scales = predict(model.program.run, hyper, shape[1]).scales
        latents = Latents(symbols, hyper, symbols, scales)
    return replace(whole, slices=LatentCoder(entropy).encode(latents)).to_bytes()


@pytest.mark.parametrize("family", FAMILIES)
def test_damaged_files_of_the_corpus(family: str) -> None:
    codec, folder = Codec(CODECS / family), CODECS / "damaged" / family
    fates = json.loads((folder / "fates.json").read_text())
    assert len(fates) >= 13
    for name, fate in fates.items():
        _, message = peak(codec, (folder / f"{name}.licc").read_bytes())
        assert message.startswith(fate), name
