"""Images to train on: crops that depend on a seed and the number of a step, and on nothing else."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ...runtime.arithmetic import Array
from ...runtime.images import ImageError, find_images, read_image

MEMORY_BYTES = 4 << 30


@dataclass
class TrainingImages:
    """Images whose pixels stay in memory, up to `MEMORY_BYTES`; those beyond are read anew.

    An image that cannot be read is left out, and `warn` is told its name.
    """

    paths: tuple[Path, ...]
    crop: int
    warn: Callable[[str], None]
    _pixels: dict[Path, Array] = field(default_factory=dict[Path, Array])

    def __post_init__(self) -> None:
        kept: list[Path] = []
        room, self._sizes = MEMORY_BYTES, dict[Path, tuple[int, int]]()
        for path in self.paths:
            try:
                width, height = _size(path)
                room -= 3 * width * height
                if room >= 0:
                    self._pixels[path] = read_image(path)[0]
            except ImageError as error:
                self.warn(f"{error}; left out")
                continue
            if min(width, height) < self.crop:
                raise ImageError(
                    f"{path}: has {width} x {height} pixels, fewer than a crop of {self.crop} x "
                    f"{self.crop}; leave it out, or make crops smaller"
                )
            self._sizes[path] = width, height
            kept.append(path)
        if not kept:
            raise ImageError(f"{self.paths[0].parent}: none of the images can be read")
        self.paths = tuple(kept)

    @property
    def digest(self) -> str:
        """A hash of the images' names and sizes."""
        entries = [f"{path.name} {self._sizes[path]}" for path in self.paths]
        return hashlib.sha256("\n".join(entries).encode()).hexdigest()

    def batch(self, seed: int, step: int, size: int) -> Array:
        """uint8 [size, 3, crop, crop]: every image once in an epoch, in a random order, cropped and
        flipped at random."""
        rng: Any = np.random.default_rng((seed, 1, step))
        crops = [self._crop(rng, self._draw(seed, step * size + item)) for item in range(size)]
        return np.stack(crops)

    def _draw(self, seed: int, position: int) -> int:
        epoch, place = divmod(position, len(self.paths))
        return int(np.random.default_rng((seed, 0, epoch)).permutation(len(self.paths))[place])

    def _crop(self, rng: Any, index: int) -> Array:
        pixels = self._read(index)
        _, height, width = pixels.shape
        top, left = rng.integers(height - self.crop + 1), rng.integers(width - self.crop + 1)
        down, right = rng.choice((-1, 1), size=2)
        patch = pixels[:, top : top + self.crop, left : left + self.crop]
        return patch[:, ::down, ::right]

    def _read(self, index: int) -> Array:
        """The pixels of an image, or of the next one that can be read."""
        for offset in range(len(self.paths)):
            path = self.paths[(index + offset) % len(self.paths)]
            if path in self._pixels:
                return self._pixels[path]
            try:
                return read_image(path)[0]
            except ImageError as error:
                self.warn(f"{error}; the next image takes its place")
        raise ImageError(f"{self.paths[index].parent}: none of the images can be read")


def open_images(
    folders: tuple[Path, ...], crop: int, warn: Callable[[str], None]
) -> TrainingImages:
    """The images of folders; `ImageError` for an empty folder, or an image smaller than a crop."""
    return TrainingImages(find_images(folders), crop, warn)


def _size(path: Path) -> tuple[int, int]:
    try:
        with Image.open(path) as image:
            return image.size
    except (OSError, Image.DecompressionBombError) as error:
        raise ImageError(f"{path}: cannot read this image: {error}") from error
