"""Crops follow from the seed and the step; images that cannot be used are named."""

from pathlib import Path

import numpy as np
import pytest

from licc.frontend.students import images as module
from licc.frontend.students.images import open_images
from licc.runtime.images import ImageError, read_image
from licc.tests.unit.students import SIZES, write_images


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_images(tmp_path / "images")


def warned(text: str) -> None:
    raise AssertionError(text)


def places(crop: np.ndarray, folder: Path) -> set[tuple[int, int, int]]:
    """Where a crop, or one of its mirror images, is in the images: number, top, left."""
    mirrors = [crop[:, ::down, ::right] for down in (1, -1) for right in (1, -1)]
    size = crop.shape[1]
    found: set[tuple[int, int, int]] = set()
    for number in range(len(SIZES)):
        pixels = read_image(folder / f"{number}.png")[0]
        windows = np.lib.stride_tricks.sliding_window_view(pixels, (3, size, size))[0]
        for mirror in mirrors:
            equal = (windows == mirror).all(axis=(2, 3, 4))
            found |= {(number, int(top), int(left)) for top, left in np.argwhere(equal)}
    return found


def test_crops_come_from_images_each_once_an_epoch(folder: Path) -> None:
    images = open_images((folder,), 48, warned)
    seen: set[tuple[int, int, int]] = set()
    for step in range(8):
        batch = images.batch(5, step, 3)
        assert batch.shape == (3, 3, 48, 48)
        assert batch.dtype == np.uint8
        found = [places(crop, folder) for crop in batch]
        assert sorted(number for place in found for number, _, _ in place) == [0, 1, 2]
        seen |= set.union(*found)
    assert len({top for _, top, _ in seen}) > 4
    assert len({left for _, _, left in seen}) > 4


def test_batches_follow_from_seed_and_step(folder: Path) -> None:
    first, second = (open_images((folder,), 48, warned) for _ in range(2))
    np.testing.assert_array_equal(first.batch(1, 7, 4), second.batch(1, 7, 4))
    assert (first.batch(1, 7, 4) != first.batch(1, 8, 4)).any()
    assert (first.batch(1, 7, 4) != first.batch(2, 7, 4)).any()


def test_images_beyond_the_memory_are_read_when_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = open_images((folder,), 48, warned)
    monkeypatch.setattr(module, "MEMORY_BYTES", 3 * 80 * 72)
    read = open_images((folder,), 48, warned)
    for step in range(3):
        np.testing.assert_array_equal(read.batch(1, step, 3), kept.batch(1, step, 3))
    warnings: list[str] = []
    read.warn = warnings.append
    (folder / "1.png").write_bytes(b"not an image any more")
    assert read.batch(1, 0, 3).shape == (3, 3, 48, 48)
    assert len(warnings) == 1
    assert str(folder / "1.png") in warnings[0]


@pytest.mark.parametrize("content", [b"", b"text", b"\x89PNG\r\n\x1a\nhalf"])
def test_a_corrupt_image_is_left_out_and_named(folder: Path, content: bytes) -> None:
    whole = open_images((folder,), 48, warned)
    (folder / "broken.png").write_bytes(content)
    cut = (folder / "1.png").read_bytes()
    (folder / "cut.png").write_bytes(cut[: len(cut) // 2])
    warnings: list[str] = []
    images = open_images((folder,), 48, warnings.append)
    assert len(warnings) == 2
    assert f"{folder / 'broken.png'}: cannot read this image" in warnings[0]
    assert f"{folder / 'cut.png'}: cannot read this image" in warnings[1]
    assert images.digest == whole.digest
    np.testing.assert_array_equal(images.batch(1, 2, 3), whole.batch(1, 2, 3))


def test_nothing_to_train_on(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ImageError, match="no image in this folder"):
        open_images((tmp_path / "empty",), 48, warned)
    (tmp_path / "empty" / "broken.png").write_bytes(b"")
    with pytest.raises(ImageError, match="none of the images can be read"):
        open_images((tmp_path / "empty",), 48, lambda text: None)


def test_images_smaller_than_a_crop(folder: Path) -> None:
    with pytest.raises(ImageError, match=r"1\.png: has 64 x 96 pixels, fewer than a crop of 72"):
        open_images((folder,), 72, warned)
