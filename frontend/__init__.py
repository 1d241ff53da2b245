"""Into the IR: checkpoints, torch.export archives and `.mlir` files.

With `licc.evaluation` the only part of licc that uses torch, and only when a function needs it:
importing this package takes no time. Every function raises `ModelError`, with one line for the
person at the terminal.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import ModuleOp

from ..dialects.gdn import Norm
from .errors import ModelError
from .installed import installed
from .mlir import import_mlir
from .raising import raise_torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..runtime.entropy import EntropyModel
    from .model import Model

__all__ = [
    "ModelError",
    "entropy_model",
    "import_mlir",
    "import_model",
    "import_torch",
    "load_model",
    "raise_torch",
]


def load_model(path: str | Path, norm: Norm | None = None) -> Model:
    """Reads a checkpoint (`.pt`, `.pth`, `.pth.tar`) or a torch.export archive (`.pt2`).

    `norm` says whether the GDN of a checkpoint is l1 or l2, where the file does not or is wrong.
    """
    with installed("reading a model"):
        from .importer import read_model

        return read_model(Path(path), norm)


def import_torch(
    model: Model | str | Path, height: int, width: int, norm: Norm | None = None
) -> ModuleOp:
    """The import level: @g_a, @g_s, @h_a, @h_s as torch-mlir gives them, in the torch dialect.

    Height and width are the image's, in pixels; `norm` is for a path, as in `load_model`.
    """
    loaded = load_model(model, norm) if isinstance(model, str | Path) else model
    with installed("reading a model"):
        from .importer import import_functions

        return import_functions(loaded, height, width)


def import_model(
    model: Model | str | Path, height: int, width: int, norm: Norm | None = None
) -> ModuleOp:
    """The float level: the same functions in nn and gdn with their boundary formats, verified."""
    loaded = load_model(model, norm) if isinstance(model, str | Path) else model
    module = import_torch(loaded, height, width)
    raise_torch(module, loaded.provenance.file)
    return module


def entropy_model(model: Model, warn: Callable[[str], None]) -> EntropyModel | None:
    """The integer entropy model of a checkpoint; None if it has none. `warn` is told of tables that
    it lacks and that are made anew."""
    from .entropy import integer_entropy_model

    return integer_entropy_model(model, warn)
