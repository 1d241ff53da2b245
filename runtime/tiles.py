"""An image larger than a frame, cut into tiles that each fit one."""

from collections.abc import Iterator


def tiles(size: tuple[int, int], frame: tuple[int, int]) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of each tile of an image of width and height `size`: left to right, then
    down. All tiles have the frame's width and height, but the last of a row or a column, which has
    what is left. An image that fits the frame is one tile."""
    for top in range(0, size[1], frame[1]):
        for left in range(0, size[0], frame[0]):
            right, bottom = min(left + frame[0], size[0]), min(top + frame[1], size[1])
            yield slice(top, bottom), slice(left, right)


def tile_count(size: tuple[int, int], frame: tuple[int, int]) -> int:
    """How many tiles there are."""
    return -(-size[0] // frame[0]) * -(-size[1] // frame[1])
