"""Students: the families of models that licc trains, and their training.

Importing this package imports no torch; `distill` does, and so do all modules but `architecture`,
`formats`, `recipe`, `run`, `transforms` and `untrained`.
"""

from pathlib import Path

from ..installed import installed
from .architecture import Activation, Architecture, Family
from .formats import Formats
from .recipe import Beginning, Recipe, Weights
from .run import Reporter, Run

__all__ = [
    "Activation",
    "Architecture",
    "Beginning",
    "Family",
    "Formats",
    "Recipe",
    "Reporter",
    "Run",
    "Weights",
    "distill",
]


def distill(
    recipe: Recipe, run: Run, reporter: Reporter | None = None, formats: Formats | None = None
) -> Path:
    """Trains a student and writes its file, whose path it gives.

    `formats`, where the recipe rounds or prunes, are those of the checkpoint that the run starts
    from (`licc.student_formats`).

    Raises `ModelError`, `ImageError` or `ValueError`, each with one line for the person at the
    terminal; the last state of the training, if there is one, stays.
    """
    with installed("training a student"):
        from .session import train_student

        if recipe.needs_formats and (formats is None or run.start is None):
            raise ValueError("quantize and prune need a student to start from")

        return train_student(recipe, run, reporter or Reporter(), formats)
