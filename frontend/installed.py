"""What the extra `torch` brings, and what is said where it is missing."""

from collections.abc import Generator
from contextlib import contextmanager

from .errors import ModelError

EXTRA = ("torch", "torch_mlir", "compressai", "lightning_fabric", "pytorch_msssim")


@contextmanager
def installed(what: str) -> Generator[None]:
    """Says how to install what `what` needs, if it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in EXTRA:
            raise
        raise ModelError(
            f"{what} needs {error.name.split('.')[0]}, which is not installed: "
            "pip install 'licc[torch]' (.mlir files do without)"
        ) from error
