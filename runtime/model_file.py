"""`model.licc`: what the runtime needs of a design, as a NumPy archive that holds no code."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from . import steps
from .arithmetic import Array
from .entropy import EntropyModel
from .entropy.model import digest_of
from .errors import CodecError
from .formats import Format
from .packing import pack, unpack
from .program import Boundary, Function, IntegerProgram, Node

MODEL = "model.licc"
FORMAT = 1
PROGRAM, TABLES = "program", "tables"
DESCRIPTION = "description.json"
TYPES: dict[str, type[Any]] = {
    one.__name__: one
    for one in (
        Boundary,
        Format,
        Function,
        IntegerProgram,
        Node,
        steps.Absolute,
        steps.Add,
        steps.Convolve,
        steps.Normalize,
        steps.Offset,
        steps.Requantize,
    )
}


@dataclass(frozen=True)
class CodecModel:
    """The integer program of a design and its entropy model, if it has one; width and height of its
    frame."""

    program: IntegerProgram
    entropy: EntropyModel | None
    frame: tuple[int, int]

    @cached_property
    def digest(self) -> bytes:
        """The SHA-256 of the program: whatever decides a bit of symbols and pixels, the entropy
        model and the size of the frame left out."""
        arrays: dict[str, Array] = {}
        text = json.dumps(pack(self.program, PROGRAM, arrays), sort_keys=True)
        return hashlib.sha256(text.encode() + digest_of(arrays)).digest()


def write_model(path: Path, model: CodecModel) -> None:
    """Writes a file that `read_model` reads."""
    arrays: dict[str, Array] = {}
    description = {
        "format": FORMAT,
        "frame": model.frame,
        PROGRAM: pack(model.program, PROGRAM, arrays),
    }
    if model.entropy:
        arrays |= {f"{TABLES}.{key}": array for key, array in model.entropy.arrays().items()}
    text = np.frombuffer(json.dumps(description).encode(), np.uint8)
    with path.open("wb") as file:
        np.savez_compressed(file, **{DESCRIPTION: text}, **arrays)


def read_model(path: Path) -> CodecModel:
    """The content of a file; `CodecError` if it is damaged, of another licc, or not there."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays: dict[str, Array] = {name: archive[name] for name in archive.files}
        description = json.loads(arrays.pop(DESCRIPTION).tobytes())
        if (found := description["format"]) != FORMAT:
            raise CodecError(f"{path}: has format {found}, this licc reads {FORMAT}")
        program = unpack(description[PROGRAM], TYPES, arrays)
        prefix = f"{TABLES}."
        tables = {
            name.removeprefix(prefix): array
            for name, array in arrays.items()
            if name.startswith(prefix)
        }
        width, height = description["frame"]
        entropy = EntropyModel.from_arrays(tables) if tables else None
        return CodecModel(program, entropy, (int(width), int(height)))
    except CodecError:
        raise
    except OSError as error:
        raise CodecError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (BadZipFile, EOFError, KeyError, TypeError, ValueError) as error:
        raise CodecError(
            f"{path}: is no model of this licc, or a damaged one; compile the model again"
        ) from error
