"""What can be wrong with a package for a board."""


class BoardError(ValueError):
    """A design that does not go onto the board, or a package that cannot be written."""
