"""`licc verify`: holds every link of a design's chain of proof against the next, on real images."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ...runtime.arithmetic import Array
from ...runtime.codec import Transforms
from ...runtime.images import ImageError, crop_to, pad_to, psnr, read_image
from ..hls import Project
from ..interpreter import run
from .check import Check
from .findings import keep_cycles
from .folder import Design
from .program import FloatCodec, Program, run_float
from .verify_rtl import RtlFigures, RtlLink


@dataclass
class Verification:
    """All checks over all images, the mean PSNR of both programs in dB (None without a decoder),
    and the cycles of the RTL by function, if that was asked for."""

    checks: list[Check]
    images: int = 0
    rtl: dict[str, RtlFigures] = field(default_factory=dict[str, RtlFigures])
    psnr_float: list[float] = field(default_factory=list[float])
    psnr_int: list[float] = field(default_factory=list[float])

    @property
    def ok(self) -> bool:
        """Whether every link holds."""
        return all(check.ok for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """The report of `licc verify --json`."""
        report: dict[str, Any] = {
            "images": self.images,
            "checks": [check.to_json() for check in self.checks],
            "psnr_float": _mean(self.psnr_float),
            "psnr_int": _mean(self.psnr_int),
        }
        rtl = [figures.to_json() for figures in self.rtl.values()]
        return report | ({"rtl": rtl} if rtl else {})


def _mean(values: list[float]) -> float | None:
    return float(np.mean(values)) if values else None


def verify(
    design: Design,
    images: tuple[Path, ...],
    torch: Transforms | str,
    progress: Callable[[str], None],
    rtl: bool = False,
) -> Verification:
    """Runs every link on every image, padded to the frame of the design; that of the RTL if asked:
    its cycles are then kept in the report of the design, if every link holds.

    `torch` runs a function of the original model on float32 frames, or is the reason why that
    cannot be done. Raises `ImageError` for an image larger than the frame, `HlsError` when the
    C++ does not build or run, and `RtlError` when the RTL does not.
    """
    progress("reading the program")
    program = Program(design.module("integer"), design.module("float"))
    chain = _Chain(design, program, torch)
    if rtl:
        chain.add_rtl(RtlLink(design, chain.stream, progress))
    for path in images:
        image = read_image(path)
        padded = _fit(path, image, design.size)
        progress(f"{path.name}: torch, float, integer and stream programs")
        codec = run_float(program.reference, padded)
        chain.compare_float(path.name, codec)
        chain.compare_integers(path.name, program.trace(padded), progress)
        chain.measure(image, codec)
    chain.result.images = len(images)
    if rtl and chain.result.ok:
        keep_cycles(design, chain.result.rtl)
    return chain.result


def _fit(path: Path, image: Array, size: tuple[int, int]) -> Array:
    width, height = size
    if image.shape[2] > height or image.shape[3] > width:
        raise ImageError(
            f"{path}: {image.shape[3]} x {image.shape[2]} pixels do not fit the frame of the "
            f"design, {width} x {height}; compile with --size {image.shape[3]}x{image.shape[2]}"
        )
    return pad_to(image, height, width)


class _Chain:
    """The links of one design."""

    def __init__(self, design: Design, program: Program, torch: Transforms | str):
        self.program, self.stream = program, design.module("stream")
        self.project = Project(design.hls)
        self.torch = torch
        self.float_ir = Check("torch-vs-float-ir")
        self.stream_ir = Check("integer-vs-stream-ir")
        self.cpp = Check("interpreter-vs-cpp")
        self.rtl: RtlLink | None = None
        self.results: dict[str, Array] = {}
        self.result = Verification([self.float_ir, self.stream_ir, self.cpp])
        if isinstance(torch, str):
            self.float_ir.skipped = torch

    def add_rtl(self, link: RtlLink) -> None:
        """Makes the RTL a link of the chain."""
        self.rtl = link
        self.result.checks.append(link.check)
        self.result.rtl = link.figures

    def compare_float(self, name: str, codec: FloatCodec) -> None:
        """PyTorch against the float program, function by function."""
        if isinstance(self.torch, str):
            return
        for function, frame in codec.inputs.items():
            expected = self.torch(function, frame)
            found = run(self.program.reference, function, frame)
            self.float_ir.approximate(f"{name} @{function}", expected, found)

    def compare_integers(
        self,
        name: str,
        frames: dict[str, tuple[Array, Array]],
        progress: Callable[[str], None],
    ) -> None:
        """The integer program against the stream level, and that against the compiled C++."""
        for function, (frame, expected) in frames.items():
            where = f"{name} @{function}"
            self.stream_ir.compare(where, expected, run(self.stream, function, frame))
            progress(f"{name}: compiled C++ of @{function}")
            self.cpp.compare(where, expected, self.project.simulate(function, frame))
            if self.rtl:
                self.rtl.compare(where, function, frame)
            self.results[function] = expected

    def measure(self, image: Array, codec: FloatCodec) -> None:
        """PSNR of the integer and of the float codec, cropped to the image."""
        if codec.pixels is None or "g_s" not in self.results:
            return
        height, width = image.shape[2:]
        integer, real = (
            crop_to(pixels, height, width) for pixels in (self.results["g_s"], codec.pixels)
        )
        self.result.psnr_int.append(psnr(image, integer))
        self.result.psnr_float.append(psnr(image, real))
