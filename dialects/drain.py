"""How finished sums leave an engine: a word a step, while the next sums are being made.

An engine that sums up PO output channels side by side needs many steps for them. So its results
leave in narrower words of `lanes` channels, one in each of the steps that follow, and only as many
requantisers (or GDN scalers) are built as a word has lanes. All words of a set of sums must have
left before the next set is finished.

With several pixels side by side, sums are kept until all column phases of their row are there, for
results go pixel by pixel.
"""

from functools import cache

from .stream_types import ceil_div
from .window import Window


def held_phases(window: Window, pixels: int) -> int:
    """Column phases whose sums leave as one set."""
    return window.phases if pixels > 1 else 1


def set_words(window: Window, pixels: int, channels: int, po: int, lanes: int) -> int:
    """Words of a set of sums."""
    if pixels == 1:
        return min(po // lanes, ceil_div(channels, lanes))
    return pixels * held_phases(window, pixels) * ceil_div(channels, lanes)


@cache
def fewest_steps(window: Window, taps: int, pixels: int, input_groups: int) -> int:
    """The fewest steps from one finished set to the next."""
    phases = range(window.phases)
    rows = [[window.steps(row, column, taps) for column in phases] for row in phases]
    sets = [sum(row) for row in rows] if pixels > 1 else [steps for row in rows for steps in row]
    return min(sets) * input_groups
