"""Reads checkpoint files: tensors by name, and what the file says about its norm, its activation
and the precision that it was fine-tuned for.

Never runs code from a file: `torch.load(weights_only=True)` reads tensors and plain containers
only. Never changes a table of an entropy model.
"""

import hashlib
import pickle
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from torch import Tensor

from ..dialects.gdn import Norm
from .errors import ModelError
from .students import Activation

WRAPPERS = ("state_dict", "network", "model")
DESCRIPTIONS = ("norm", "arch")
PARALLEL_PREFIX = "module."


@dataclass(frozen=True)
class Provenance:
    """Which file a model comes from: its name without folders, and its SHA-256 in hex."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Checkpoint:
    """Tensors by name as the file holds them; the norm of its GDN, the activation of its hyperprior
    and the precision with whose rounding it was trained, where the file says so."""

    provenance: Provenance
    tensors: Mapping[str, Tensor]
    norm: Norm | None
    activation: Activation | None = None
    precision: str | None = None


def read_provenance(path: Path) -> Provenance:
    """Hashes a file; `ModelError` if it cannot be read."""
    try:
        with path.open("rb") as file:
            return Provenance(path.name, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error


def read_checkpoint(path: Path) -> Checkpoint:
    """A state dict, plain or under `state_dict`, `network` or `model`; `module.` prefixes go.

    Raises `ModelError` for what is no checkpoint, is damaged, or needs code to be read.
    """
    provenance = read_provenance(path)
    content = _load(path)
    if not isinstance(content, Mapping):
        raise ModelError(
            f"{path}: holds a {type(content).__name__}, expected a state dict; "
            "save model.state_dict()"
        )
    named = cast(Mapping[object, object], content)
    return Checkpoint(
        provenance,
        _tensors(path, named),
        _norm(named),
        _activation(path, named),
        _precision(named),
    )


def _load(path: Path) -> object:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        found = re.search(r"GLOBAL ([\w.]+)|class ([\w.]+)", str(error))
        if found is None:
            raise _not_a_checkpoint(path) from error
        raise ModelError(
            f"{path}: needs the code of {found[1] or found[2]} to be read, which licc never runs; "
            "save model.state_dict() instead of the model"
        ) from error
    except Exception as error:  # torch documents none: damaged files raise a dozen kinds
        raise _not_a_checkpoint(path) from error


def _not_a_checkpoint(path: Path) -> ModelError:
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PK\x03\x04":
        return ModelError(
            f"{path}: is a truncated or damaged checkpoint; fetch or save it again (a "
            "torch.export archive must be called .pt2)"
        )
    return ModelError(
        f"{path}: is not a checkpoint; expected a file that torch.save(model.state_dict()) wrote, "
        "a torch.export archive (.pt2), or IR (.mlir)"
    )


def _tensors(path: Path, content: Mapping[object, object]) -> dict[str, Tensor]:
    inner = next((content[key] for key in WRAPPERS if isinstance(content.get(key), Mapping)), None)
    state = cast(Mapping[object, object], inner) if inner is not None else content
    tensors = {
        str(key).removeprefix(PARALLEL_PREFIX): value
        for key, value in state.items()
        if isinstance(value, Tensor)
    }
    if not tensors:
        keys = ", ".join(sorted(str(key) for key in content)[:5]) or "nothing"
        raise ModelError(
            f"{path}: holds no tensors by name (found {keys}); expected a state dict, plain or "
            f"under one of {', '.join(WRAPPERS)}"
        )
    return tensors


def _norm(content: Mapping[object, object]) -> Norm | None:
    for key in DESCRIPTIONS:
        text = content.get(key)
        if isinstance(text, str):
            if re.search(r"gdn1|\bl1\b", text, re.IGNORECASE):
                return Norm.L1
            if re.search(r"gdn|\bl2\b", text, re.IGNORECASE):
                return Norm.L2
    return None


def _precision(content: Mapping[object, object]) -> str | None:
    """The option `--quantize` of the training that wrote the file."""
    recipe = content.get("recipe")
    if not isinstance(recipe, Mapping):
        return None
    precision = cast(Mapping[object, object], recipe).get("quantize")
    return precision if isinstance(precision, str) else None


def _activation(path: Path, content: Mapping[object, object]) -> Activation | None:
    text = content.get("activation")
    if not isinstance(text, str):
        return None
    if text not in list(Activation):
        raise ModelError(f"{path}: activation must be one of {', '.join(Activation)}, found {text}")
    return Activation(text)
