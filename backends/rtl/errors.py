"""What goes wrong between the stream level and simulated or synthesised SystemVerilog."""


class RtlError(ValueError):
    """A module that the rtl backend does not print, or a tool that is missing or fails; for the
    person at the terminal."""
