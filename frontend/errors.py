"""The one exception of the frontend."""


class ModelError(ValueError):
    """A model that cannot be compiled; the message is one line for the person at the terminal."""
