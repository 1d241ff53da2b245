"""`licc bench`: what a model and its integer program cost in bits and lose in quality, on images.

Importing this package imports no torch; `bench` does.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..settings import Settings
    from .figures import Benchmark

__all__ = ["bench"]

Tell = Callable[[str], None]


def bench(
    model: str | Path,
    images: Iterable[str | Path],
    settings: "Settings | None" = None,
    step: Tell = lambda text: None,
    warn: Tell = lambda text: None,
) -> "Benchmark":
    """Measures a checkpoint or an archive on images, which are files or folders: the float model in
    PyTorch, and the integer program that `licc compile` makes of it with the same settings.

    `step` is told what is being done, `warn` of images that cannot be read, which are left out.
    Raises `ModelError`, `ImageError`, `ValueError` or `PassFailedException`, each with one line for
    the person at the terminal.
    """
    from ..frontend.installed import installed

    with installed("measuring a model"):
        from .benchmark import measure

        return measure(Path(model), tuple(map(Path, images)), settings, step, warn)
