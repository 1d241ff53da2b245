"""Small codecs for tests: what the runtime needs of a design, and the interpreter's program."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

import licc
from licc.backends.design.export import export_program
from licc.backends.design.program import Program
from licc.evaluation.codecs import integer_program, passes_to_integers, run_integers
from licc.frontend import entropy_model, load_model
from licc.frontend.students import Architecture
from licc.runtime.arithmetic import Array
from licc.runtime.images import crop_to, pad_to
from licc.runtime.model_file import MODEL, CodecModel, write_model
from licc.tests.unit.students import write_teacher


@dataclass(frozen=True)
class SmallCodec:
    """A folder with `model.licc`, and the program that it was made of."""

    design: Path
    program: Program
    frame: tuple[int, int]

    def reconstruct(self, image: Array) -> Array:
        """What the interpreter makes of an image, uint8 [H, W, 3] of at most the frame."""
        frame = image.transpose(2, 0, 1)[np.newaxis]
        pixels = run_integers(self.program, pad_to(frame, *self.frame[::-1])).pixels
        return crop_to(pixels, *image.shape[:2])[0].transpose(1, 2, 0)


def write_codec(folder: Path, architecture: Architecture, frame: tuple[int, int]) -> SmallCodec:
    """A codec with random weights; width and height of its frame."""
    folder.mkdir()
    write_teacher(folder / "student.pt", architecture)
    model = load_model(folder / "student.pt")
    program = integer_program(model, passes_to_integers(licc.Settings()))
    entropy = entropy_model(model, print)
    content = CodecModel(export_program(program.integer), entropy, frame)
    write_model(folder / MODEL, content)
    return SmallCodec(folder, program, frame)


def picture(width: int, height: int, seed: int = 0) -> Array:
    """uint8 [H, W, 3], smooth, with some noise."""
    rng = np.random.default_rng(seed)
    small = rng.integers(0, 256, (4, 5, 3), np.uint8)
    smooth = Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)
    noise = rng.integers(-9, 10, (height, width, 3))
    return np.clip(np.asarray(smooth).astype(np.int64) + noise, 0, 255).astype(np.uint8)
