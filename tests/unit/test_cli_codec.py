"""`licc encode` and `licc decode`, on the codecs of `tests/golden/codec/`."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from licc.cli import main
from licc.runtime import Codec
from licc.tests.unit.codecs import picture

DESIGN = Path(__file__).parents[1] / "golden" / "codec" / "hyperprior"
SIZE = (90, 60)


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder with an image of every format that is read."""
    folder = tmp_path / "images"
    folder.mkdir()
    for seed, name in enumerate(("a.png", "b.ppm", "c.jpg", "d.webp")):
        Image.fromarray(picture(*SIZE, seed)).save(folder / name)
    return folder


def expected_of(path: Path) -> np.ndarray:
    """What coding makes of an image file."""
    codec = Codec(DESIGN)
    return codec.decode(codec.encode(np.asarray(Image.open(path).convert("RGB"))))


def licc(*arguments: str | Path) -> int:
    return main([*map(str, arguments)])


@pytest.mark.parametrize("name", ["a.png", "b.ppm", "c.jpg", "d.webp"])
@pytest.mark.parametrize("suffix", ["png", "ppm"])
def test_one_file(images: Path, tmp_path: Path, name: str, suffix: str) -> None:
    coded, decoded = tmp_path / "coded", tmp_path / f"decoded.{suffix}"
    assert licc("encode", DESIGN, images / name, "-o", coded) == 0
    assert licc("decode", DESIGN, coded, "-o", decoded, "--threads", "1") == 0
    with Image.open(decoded) as image:
        assert image.format == suffix.upper()
        assert np.array_equal(np.asarray(image), expected_of(images / name))


def test_folders(images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    coded, decoded = tmp_path / "coded", tmp_path / "decoded"
    assert licc("encode", DESIGN, images, "-o", coded) == 0
    assert sorted(path.name for path in coded.iterdir()) == [f"{c}.licc" for c in "abcd"]
    size = (coded / "a.licc").stat().st_size
    line = f"a.licc: 90 x 60, {size:,} bytes, {8 * size / 5400:.4f} bpp"
    assert line in capsys.readouterr().out
    assert licc("decode", DESIGN, coded, "-o", decoded, "--format", "ppm") == 0
    for path in images.iterdir():
        found = np.asarray(Image.open(decoded / f"{path.stem}.ppm"))
        assert np.array_equal(found, expected_of(path))


def test_several_files_and_one_that_is_none(
    images: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (images / "broken.png").write_bytes(b"nothing")
    files = [images / "broken.png", images / "a.png"]
    assert licc("encode", DESIGN, *files, "-o", tmp_path / "coded") == 1
    assert "broken.png: is no image that can be read" in capsys.readouterr().err
    assert [path.name for path in (tmp_path / "coded").iterdir()] == ["a.licc"]


def test_pipes(images: Path) -> None:
    def run(*arguments: str | Path, given: bytes) -> bytes:
        command = [sys.executable, "-m", "licc.cli", *map(str, arguments)]
        return subprocess.run(command, input=given, check=True, capture_output=True).stdout

    content = (images / "a.png").read_bytes()
    coded = run("encode", DESIGN, "-", "-o", "-", given=content)
    assert coded == Codec(DESIGN).encode(np.asarray(Image.open(images / "a.png")))
    for options, format in ((("--format", "ppm"), "PPM"), ((), "PNG")):
        with Image.open(
            io.BytesIO(run("decode", DESIGN, "-", "-o", "-", *options, given=coded))
        ) as image:
            assert image.format == format
            assert np.array_equal(np.asarray(image), expected_of(images / "a.png"))


def test_larger_images(tmp_path: Path, fails: Callable[..., str]) -> None:
    image = tmp_path / "large.png"
    Image.fromarray(picture(200, 70)).save(image)
    message = fails("encode", DESIGN, image, "-o", tmp_path / "coded")
    assert message.rstrip().endswith(
        "large.png: 200 x 70 pixels do not fit the frame, 128 x 64; code it in tiles (--tile), or "
        "in a larger frame (--frame)"
    )
    assert licc("encode", DESIGN, image, "-o", tmp_path / "coded", "--tile") == 0
    assert licc("decode", DESIGN, tmp_path / "coded", "-o", tmp_path / "found.png") == 0
    assert Image.open(tmp_path / "found.png").size == (200, 70)
    options = ("--frame", "256x128")
    assert licc("encode", DESIGN, image, "-o", tmp_path / "framed", *options) == 0
    message = fails("decode", DESIGN, tmp_path / "framed", "-o", tmp_path / "other.png")
    assert "coded in frames of 256x128, not of 128x64; give --frame 256x128" in message
    assert licc("decode", DESIGN, tmp_path / "framed", "-o", tmp_path / "other.png", *options) == 0


def test_questions_that_have_no_answer(
    images: Path, tmp_path: Path, fails: Callable[..., str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "empty").mkdir()
    (images / "a.webp").write_bytes((images / "d.webp").read_bytes())
    coded = tmp_path / "coded"
    assert "no such file or folder" in fails("encode", DESIGN, tmp_path / "x", "-o", coded)
    assert "no file of .png, " in fails("encode", DESIGN, tmp_path / "empty", "-o", coded)
    assert "would be written as a.licc" in fails("encode", DESIGN, images, "-o", coded)
    assert "expected a folder for 5 files" in fails("encode", DESIGN, images, "-o", "-")
    assert "is one file: name it alone" in fails("encode", DESIGN, "-", "-", "-o", coded)
    same = fails("encode", DESIGN, images / "a.png", "-o", images / "a.png")
    assert "would be written in its own place" in same
    assert "must end in .png or .ppm" in fails("decode", DESIGN, tmp_path / "file", "-o", coded)
    message = fails("decode", DESIGN, tmp_path / "file", "-o", tmp_path / "x.png")
    assert "file: is no bitstream of licc" in message
    assert "model.licc: cannot be read" in fails("encode", tmp_path, images / "a.png", "-o", coded)


KILLED = """
import os, signal, sys
os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)
from licc.cli import main
main(sys.argv[1:])
"""


def test_killed_while_it_writes(images: Path, tmp_path: Path) -> None:
    """The worst moment: all is written but what puts it in its place."""
    coded = tmp_path / "coded"
    for before in (None, b"what was there"):
        if before:
            coded.write_bytes(before)
        arguments = ["encode", str(DESIGN), str(images / "a.png"), "-o", str(coded)]
        run = subprocess.run([sys.executable, "-c", KILLED, *arguments])
        assert run.returncode == -signal.SIGKILL
        assert coded.read_bytes() == before if before else not coded.exists()
    assert licc("encode", DESIGN, images / "a.png", "-o", coded) == 0
    assert sorted(os.listdir(tmp_path)) == ["coded", "images"]
