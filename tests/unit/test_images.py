"""Image files as frames, and frames of other sizes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from licc.passes.calibrate import BUILT_IN, built_in_mosaic, middle
from licc.runtime.images import ImageError, crop_to, find_images, pad_to, psnr, read_image


def counting(height: int, width: int) -> np.ndarray:
    """A frame [1, 3, H, W] in which every value differs from its neighbours."""
    return (np.arange(3 * height * width) % 251).astype(np.uint8).reshape(1, 3, height, width)


@pytest.mark.parametrize("suffix", [".png", ".ppm", ".bmp"])
def test_lossless_files(tmp_path: Path, suffix: str) -> None:
    frame = counting(4, 6)
    Image.fromarray(frame[0].transpose(1, 2, 0)).save(tmp_path / f"a{suffix}")
    found = read_image(tmp_path / f"a{suffix}")
    assert found.dtype == np.uint8
    assert np.array_equal(found, frame)
    assert found.flags.c_contiguous


def test_grey_becomes_rgb(tmp_path: Path) -> None:
    Image.fromarray(np.array([[7, 200]], np.uint8)).save(tmp_path / "grey.png")
    assert read_image(tmp_path / "grey.png").tolist() == [[[[7, 200]]] * 3]


def test_no_image(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_text("text")
    with pytest.raises(ImageError, match=r"text\.png: cannot read this image: "):
        read_image(tmp_path / "text.png")
    with pytest.raises(ImageError, match=r"none\.png: cannot read this image: "):
        read_image(tmp_path / "none.png")


def test_find_images(tmp_path: Path) -> None:
    for name in ("b.PNG", "a.webp", "c.txt"):
        (tmp_path / name).touch()
    found = find_images((tmp_path / "c.txt", tmp_path))
    assert [path.name for path in found] == ["c.txt", "a.webp", "b.PNG"]


def test_find_images_errors(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no image in this folder"):
        find_images((tmp_path,))
    with pytest.raises(ImageError, match="no such file or folder"):
        find_images((tmp_path / "missing",))


@pytest.mark.parametrize(("height", "width"), [(4, 6), (5, 6), (7, 9)])
def test_padding_and_cropping(height: int, width: int) -> None:
    frame = counting(4, 6)
    padded = pad_to(frame, height, width)
    assert padded.shape == (1, 3, height, width)
    assert int(padded.sum()) == int(frame.sum())
    assert np.array_equal(crop_to(padded, 4, 6), frame)


def test_psnr() -> None:
    black = np.zeros((1, 3, 2, 2), np.uint8)
    assert psnr(black, black) == float("inf")
    assert psnr(black, black + np.uint8(255)) == 0.0
    assert round(psnr(black + np.uint8(1), black), 4) == 48.1308


def test_built_in_images_and_their_mosaic() -> None:
    tiles = [read_image(path) for path in find_images((BUILT_IN,))]
    assert [tile.shape for tile in tiles] == [(1, 3, 256, 256)] * 8
    mosaic = built_in_mosaic(300, 500)
    assert mosaic.shape == (1, 3, 300, 500)
    assert np.array_equal(mosaic[:, :, :256, :256], tiles[0])
    assert np.array_equal(mosaic[:, :, :256, 256:], tiles[1][..., :244])
    assert np.array_equal(mosaic[:, :, 256:, :256], tiles[2][:, :, :44])


def test_middle() -> None:
    frame = counting(70, 300)
    assert np.array_equal(middle(frame), frame[:, :, 3:67, 22:278])
    with pytest.raises(ImageError, match="at least 64 x 64 pixels, found 300 x 63"):
        middle(counting(63, 300))
