"""Writes the folder of a design: all of it, or nothing."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ...dialects.certificate import certificates_of
from ...runtime.arithmetic import Array
from ...runtime.model_file import MODEL, CodecModel, write_model
from ..hls import write_project
from .folder import REPORT, Design, DesignError


@dataclass(frozen=True)
class Parts:
    """What a design is made of.

    `levels` holds the program at the float, integer and stream level; `frames` the golden input and
    output of every function; `codec` is what the runtime needs; `model` the file that was compiled.
    """

    report: Mapping[str, Any]
    levels: Mapping[str, ModuleOp]
    frames: Mapping[str, tuple[Array, Array]]
    codec: CodecModel
    model: Path


def check_output(path: Path) -> None:
    """Raises `DesignError` unless a design can be written at `path`: a new folder, or an old
    design to replace."""
    if path.exists() and not (path / REPORT).is_file() and any_entry(path):
        raise DesignError(f"{path}: exists and is no design; name a new folder")
    parent = path.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent):
            pass
    except OSError as error:
        raise DesignError(f"{path}: cannot write here: {error.strerror}") from error


def any_entry(path: Path) -> bool:
    """Whether `path` is a file, or a folder with something in it."""
    return not path.is_dir() or any(path.iterdir())


def write_design(path: Path, parts: Parts, check: Callable[[Path], None]) -> Design:
    """Writes a design beside its place and moves it there when it is complete, and `check`, which
    is given the folder that was written, has raised nothing."""
    check_output(path)

    def fill(folder: Path) -> None:
        _fill(folder, parts)
        check(folder)

    try:
        replace_folder(path, fill)
    except OSError as error:
        raise DesignError(f"{path}: cannot write here: {error.strerror}") from error
    return Design(path)


def replace_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Fills a new folder beside `path`, and moves it there, over what was there, once it is
    whole."""
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix=".licc-") as temporary:
        folder = Path(temporary) / path.name
        fill(folder)
        if path.exists():
            path.rename(Path(temporary) / "replaced")
        folder.rename(path)


def _fill(folder: Path, parts: Parts) -> None:
    (folder / "ir").mkdir(parents=True)
    for level, module in parts.levels.items():
        (folder / "ir" / f"{level}.mlir").write_text(f"{module!s}\n")
    write_project(parts.levels["stream"], folder / "hls", parts.frames, parts.report)
    certificates = certificates_of(parts.levels["stream"])
    (folder / "fifos.json").write_text(json.dumps(certificates, indent=2) + "\n")
    write_model(folder / MODEL, parts.codec)
    (folder / "model").mkdir()
    shutil.copyfile(parts.model, folder / "model" / parts.model.name)
    (folder / REPORT).write_text(json.dumps(parts.report, indent=2) + "\n")
