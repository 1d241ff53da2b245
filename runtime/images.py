"""Images as frames: uint8 arrays [1, 3, H, W]."""

import io
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from .arithmetic import Array

SUFFIXES = (".png", ".ppm", ".jpg", ".jpeg", ".webp", ".bmp")


UNREADABLE = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


class ImageError(ValueError):
    """An image that cannot be read, or a folder without any."""


def read_image(path: Path) -> Array:
    """The frame [1, 3, H, W] (uint8) of an image file; `ImageError` if it is none."""
    try:
        pixels = _pixels(path)
    except UNREADABLE as error:
        raise ImageError(f"{path}: cannot read this image: {error}") from error
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))[np.newaxis]


def decode_image(content: bytes) -> Array:
    """The pixels, uint8 [H, W, 3], of an image file's content; `ImageError` if it is none."""
    try:
        return _pixels(io.BytesIO(content))
    except UnidentifiedImageError as error:
        raise ImageError("is no image that can be read") from error
    except UNREADABLE as error:
        raise ImageError(f"cannot be read as an image: {error}") from error


def _pixels(source: Path | io.BytesIO) -> Array:
    with Image.open(source) as image:
        return np.asarray(image.convert("RGB"))


def encode_image(pixels: Array, format: str) -> bytes:
    """Pixels, uint8 [H, W, 3], as the content of a file of a format (png, ppm)."""
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, format)
    return content.getvalue()


def find_images(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The image files among `paths` and in the folders among them, sorted within a folder."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            images = sorted(p for p in path.iterdir() if p.suffix.lower() in SUFFIXES)
            if not images:
                raise ImageError(f"{path}: no image in this folder; it may hold {SUFFIXES}")
            found += images
        elif path.is_file():
            found.append(path)
        else:
            raise ImageError(f"{path}: no such file or folder")
    return tuple(found)


def pad_to(frame: Array, height: int, width: int) -> Array:
    """The frame in the middle of a black one of height × width, as CompressAI's users pad."""
    rows, columns = height - frame.shape[2], width - frame.shape[3]
    top, left = rows // 2, columns // 2
    edges = ((0, 0), (0, 0), (top, rows - top), (left, columns - left))
    return np.pad(frame, edges)


def crop_to(frame: Array, height: int, width: int) -> Array:
    """The middle of a frame: undoes `pad_to`."""
    top, left = (frame.shape[2] - height) // 2, (frame.shape[3] - width) // 2
    return frame[:, :, top : top + height, left : left + width]


def psnr(reference: Array, frame: Array) -> float:
    """Peak signal-to-noise ratio of two uint8 frames in dB; infinite if they are equal."""
    error = np.mean(np.square(reference.astype(np.float64) - frame))
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))
