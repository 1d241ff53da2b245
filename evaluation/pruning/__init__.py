"""`--prune`: channels removed until a share of the products is left, or a frame rate reached.

Importing this package imports no torch; `prune` does.
"""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...settings import Settings
    from .report import Pruned

__all__ = ["Pruned", "prune", "pruned_first"]

Step = Callable[[str], None]


def prune(
    model: str | Path,
    output: str | Path,
    settings: "Settings | None" = None,
    step: Step = lambda text: None,
) -> "Pruned":
    """Removes channels of a checkpoint as `settings.prune` says, fits what is left on the images of
    `settings.calibrate`, and writes a checkpoint that CompressAI and licc load.

    Raises `ModelError`, `ImageError`, `ValueError` or `PassFailedException`, each with one line for
    the person at the terminal; then nothing is written.
    """
    from ...frontend.installed import installed

    with installed("pruning a model"):
        from .search import prune_checkpoint

        return prune_checkpoint(Path(model), Path(output), settings, step)


@contextmanager
def pruned_first(
    source: Path, settings: "Settings", step: Step
) -> Generator[tuple[Path, "Settings", "Pruned | None"]]:
    """The checkpoint without the channels that `settings` want removed by rate and distortion, in a
    folder that lives as long as the context, and settings without that demand; or the model as it
    is, where there is none."""
    from ...passes.pruning.demand import parse_pruning

    if not parse_pruning(settings.prune).searches:
        yield source, settings, None
        return
    with TemporaryDirectory(prefix="licc-") as folder:
        output = Path(folder) / f"{source.stem}-pruned.pt"
        found = prune(source, output, settings, step)
        yield output, replace(settings, prune=0.0), found
