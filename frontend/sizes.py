"""Which image sizes a model takes."""

from .errors import ModelError

MAX_SIDE = 8192


def check_size(width: int, height: int) -> None:
    """Raises `ValueError` for a frame that licc compiles for no model."""
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise ValueError(f"size must be 1x1 to {MAX_SIDE}x{MAX_SIDE}, found {width}x{height}")


def check_multiple(model: str, stride: int, height: int, width: int) -> None:
    """Raises `ModelError`, naming the model and the nearest sizes, unless height and width are
    positive multiples of `stride`."""
    if height > 0 and width > 0 and height % stride == 0 and width % stride == 0:
        return
    lower = " x ".join(str(max(1, n // stride) * stride) for n in (width, height))
    upper = " x ".join(str(max(1, -(-n // stride)) * stride) for n in (width, height))
    nearest = lower if lower == upper else f"{lower} or {upper}"
    raise ModelError(
        f"{model}: width and height must be multiples of {stride}, found "
        f"{width} x {height}; the nearest sizes are {nearest}"
    )
