"""What goes wrong between the stream level and compiled C++."""


class HlsError(ValueError):
    """A module that is no set of IP cores, C++ that does not build, or a simulation that fails; for
    the person at the terminal."""
