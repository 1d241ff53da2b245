"""What runs a compiled design. Never imports torch, compressai or xdsl.

```
from licc.runtime import Codec
codec = Codec("design")
data = codec.encode(image)   # uint8 [H, W, 3]
image = codec.decode(data)
```
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .design_codec import Codec
    from .errors import BitstreamError, CodecError

__all__ = ["BitstreamError", "Codec", "CodecError"]


def __getattr__(name: str) -> Any:
    """Imports a public name when it is first used, for parts of the compiler use parts of this."""
    if name == "Codec":
        from .design_codec import Codec

        return Codec
    if name in ("BitstreamError", "CodecError"):
        from . import errors

        return getattr(errors, name)
    raise AttributeError(f"licc.runtime has no {name}")
