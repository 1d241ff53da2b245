"""What keeps lint from looking at C++."""

from collections.abc import Sequence


class LintError(ValueError):
    """No design and no C++ where one was expected, or C++ that does not parse; for the person at
    the terminal."""


def first_of(objections: Sequence[object]) -> str:
    """The first of at least one, on a line, and how many more there are."""
    more = len(objections) - 1
    return f"{objections[0]} (and {more} more)" if more else str(objections[0])
