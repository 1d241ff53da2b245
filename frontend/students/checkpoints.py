"""Files of students: a state dict with CompressAI's keys, and beside it what student it is.

`{"state_dict", "family", "n", "m", "norm", "activation", "recipe"}`, and in an unfinished training
`"training"` too. Everything is a tensor or a plain value, so that `weights_only=True` reads it.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from ...files import write_file
from ..checkpoint import read_checkpoint
from ..errors import ModelError
from ..families import build_model
from .architecture import Architecture
from .families import FAMILIES, build_student
from .recipe import Card

TRANSFORMS = ("g_a.", "g_s.")


@dataclass(frozen=True)
class StudentFile:
    """A file as `read_student` finds it: tensors by name, the card of the recipe, and the state of
    an unfinished training."""

    state: Mapping[str, Tensor]
    card: Card
    training: Mapping[str, Any] | None


def write_student(
    path: Path,
    state: Mapping[str, Tensor],
    architecture: Architecture,
    card: Card,
    training: Mapping[str, object] | None = None,
) -> None:
    """Writes a file in one go: after a failure, or a kill, the old one is still there, or none."""
    activation = architecture.activation
    content: dict[str, object] = {
        "state_dict": dict(state),
        "family": str(architecture.family),
        "n": architecture.n,
        "m": architecture.m,
        "norm": str(architecture.norm),
        "activation": activation and str(activation),
        "recipe": card,
    }
    if training is not None:
        content["training"] = training
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_bytes(path, buffer.getvalue() if training else _compress(buffer))


def _compress(archive: io.BytesIO) -> bytes:
    """A file of `torch.save`, which is a zip archive, with its records deflated; `torch.load` reads
    both. Gaussian tables, mostly padding, shrink to a tenth."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(archive) as source,
        zipfile.ZipFile(packed, "w") as target,
    ):
        for record in source.infolist():
            name = zipfile.ZipInfo(record.filename)
            target.writestr(name, source.read(record), zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()


def write_bytes(path: Path, content: bytes) -> None:
    """`write_file`, with a `ModelError` if that cannot be."""
    try:
        write_file(path, content)
    except OSError as error:
        raise ModelError(f"{path}: cannot be written: {error.strerror}") from error


def read_student(path: Path) -> StudentFile:
    """A file that `write_student` wrote; `ModelError` for any other."""
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    except Exception as error:  # torch documents none: damaged files raise a dozen kinds
        raise ModelError(f"{path}: is not a file of a student, or a damaged one") from error
    if not isinstance(content, dict) or not {"state_dict", "recipe"} <= content.keys():
        raise ModelError(f"{path}: is not a file of a student that licc distill wrote")
    found = cast(dict[str, Any], content)
    return StudentFile(found["state_dict"], found["recipe"], found.get("training"))


def start_from(student: Any, architecture: Architecture, path: Path) -> bool:
    """Gives a student the weights of a checkpoint, or only the transforms of one of another family,
    and says whether it is the same; `ModelError` if they do not fit."""
    found = read_checkpoint(path)
    for name in ("norm", "activation"):
        given, wanted = getattr(found, name), getattr(architecture, name)
        if given is not None and wanted is not None and given is not wanted:
            raise ModelError(f"{path}: has {name} {given}, the student {wanted}")
    tensors = dict(found.tensors)
    is_same = build_model(found).family == FAMILIES[architecture.family]
    if not is_same:
        own: dict[str, Tensor] = student.state_dict()
        transforms = {key: value for key, value in tensors.items() if key.startswith(TRANSFORMS)}
        tensors = own | transforms
    try:
        student.load_state_dict(tensors)
    except (RuntimeError, KeyError) as error:
        line = str(error).strip().splitlines()[-1].strip()
        raise ModelError(f"{path}: does not fit the student: {line}") from error
    return is_same


def finished_state(student: Any, architecture: Architecture, half: bool) -> dict[str, Tensor]:
    """The state dict of a student with its medians and entropy tables. `half` rounds all parameters
    to float16 before the tables are made, so that they are those of the weights in the file."""
    copy = build_student(architecture)
    copy.load_state_dict({name: value.cpu() for name, value in student.state_dict().items()})
    if half:
        _round(copy)
    copy.update(force=True, update_quantiles=True)
    if half:
        _round(copy)
        copy.update(force=True)
    state: dict[str, Tensor] = copy.state_dict()
    parameters = dict(copy.named_parameters()) if half else dict[str, Tensor]()
    return {name: value.half() if name in parameters else value for name, value in state.items()}


def _round(student: nn.Module) -> None:
    for parameter in student.parameters():
        parameter.data = parameter.data.half().float()
