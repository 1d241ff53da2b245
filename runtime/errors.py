"""What can be wrong with files that a codec is given."""


class BitstreamError(ValueError):
    """A file that is no bitstream, is damaged, or is of another model or version."""


class CodecError(ValueError):
    """A design that cannot do what is asked of it, or an image that its frame does not hold."""
