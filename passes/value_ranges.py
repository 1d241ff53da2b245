"""What a user says of the ranges of values."""

import re
from collections.abc import Mapping

ESTIMATORS = ("min-max", "percentile", "mse")
SEARCHED = "rate-distortion"
SHARE = re.compile(r"\d+(?:\.\d*)?|\.\d+")
LEAST, MOST = 0.01, 4.0

Range = str | float
"""The name of an estimator, or a share of the range that holds everything."""


def parse_range(text: str) -> Range:
    """The range in a text like `mse` or `0.8`; `ValueError` if it is none."""
    if text in ESTIMATORS:
        return text
    if SHARE.fullmatch(text) and LEAST <= float(text) <= MOST:
        return float(text)
    raise ValueError(
        f"a range must be {', '.join(ESTIMATORS)}, or a share of min-max from {LEAST:g} to "
        f"{MOST:g}, found {text or 'nothing'}"
    )


def parse_layer_ranges(text: str) -> dict[str, Range]:
    """The ranges of layers in a text like `g_a.1=mse, g_s.3=0.8`; `ValueError` if it is not like
    that."""
    found: dict[str, Range] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        layer, equals, choice = part.partition("=")
        if not layer or not equals:
            raise ValueError(f"the range of a layer must be like g_a.1=mse, found {part}")
        if layer in found:
            raise ValueError(f"the range of {layer} is given twice")
        found[layer] = parse_range(choice)
    return found


def parse_ranges(text: str) -> dict[str, tuple[str]]:
    """What a text like `mse,g_s.3=0.8` means as options of `fit-scales`; `ValueError` if it is
    none. `rate-distortion` leaves everything as it is: what it means is found by measuring."""
    if text == SEARCHED:
        return {"estimator": ("min-max",)}
    first, _, layers = text.partition(",")
    try:
        parse_range(first.strip())
    except ValueError as error:
        raise ValueError(f"{error}; or {SEARCHED}, alone") from None
    parse_layer_ranges(layers)
    return {"estimator": (first.strip(),), "layers": (layers,)}


def ranges_text(shares: Mapping[str, float]) -> str:
    """Shares of the range of min-max for some layers, as `parse_ranges` takes them."""
    return ",".join(["min-max", *(f"{layer}={share:g}" for layer, share in shares.items())])
