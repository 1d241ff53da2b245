"""The closed form of docs/dimensioning.md."""

from licc.frontend.students import Family
from licc.passes.select_direction import HALVES


def slice_products(family: Family, n: int, m: int, direction: str) -> float:
    """Multiply-accumulates for each pixel of the image, those of 8 by 8 bits counted half, for two
    of them share a DSP slice: the closed form of docs/dimensioning.md."""
    norms = n**2 * (1 / 4 + 1 / 16 + 1 / 64)
    inner = 75 / 8 * n + 125 / 128 * n**2
    parts = {"g_a": inner + norms + 25 / 512 * n * m, "g_s": inner + norms + 25 / 256 * n * m}
    if family is Family.HYPERPRIOR:
        parts["h_a"] = 9 / 256 * n * m + 125 / 8192 * n**2
        parts["h_s"] = 25 / 4096 * n**2 + 25 / 2048 * n**2 + 9 / 512 * n * m
    if family is Family.MEAN_SCALE:
        parts["h_a"] = 9 / 256 * n * m + 125 / 8192 * n**2
        parts["h_s"] = 25 / 4096 * n * m + 75 / 4096 * m**2 + 27 / 512 * m**2
    chosen = HALVES[direction]
    return sum(value for name, value in parts.items() if name in chosen)
