"""How a user writes a precision: `w8a8`, the bits of weights and activations."""

import re

PRECISION = re.compile(r"w(\d+)a(\d+)")


def parse_precision(text: str) -> tuple[int, int]:
    """Bits of weights and of activations; `ValueError` if the text is no precision."""
    match = PRECISION.fullmatch(text)
    if match is None:
        raise ValueError(
            f"precision must be like w8a8 (bits of weights and activations), found {text}"
        )
    return int(match[1]), int(match[2])
