"""The transforms of a design by its compiled C++: each core as a shared library, built by g++."""

import ctypes
import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from .arithmetic import Array
from .errors import CodecError
from .frame_layout import FrameLayout

HLS, MANIFEST, ENTRY = "hls", "project.json", "licc_run"
STREAMS = Lock()
"""Held while a core runs: the actors of all cores share one scheduler."""


@dataclass(frozen=True)
class CppTransforms:
    """Runs the cores of a design, which it builds at the first run, on frames of the design's size.
    Raises `CodecError` for a function that has no core, and for what does not build."""

    design: Path
    _libraries: dict[str, Any] = field(default_factory=dict[str, Any])

    @cached_property
    def _cores(self) -> dict[str, tuple[str, FrameLayout, FrameLayout]]:
        """The C name and the layout of both frames of each function."""
        path = self.design / HLS / MANIFEST
        try:
            return {
                core["function"]: (
                    str(core["top"]),
                    FrameLayout(**core["input"]),
                    FrameLayout(**core["output"]),
                )
                for core in json.loads(path.read_text())["cores"]
            }
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CodecError(f"{path}: is no HLS project of licc: {error}") from error

    def __call__(self, name: str, frame: Array) -> Array:
        """The result of a function for an integer frame [1, C, H, W] of the design's size."""
        if name not in self._cores:
            raise CodecError(
                f"{self.design}: has no C++ of @{name}, only of {', '.join(self._cores)}; compile "
                "the model for both directions, or run the integer program"
            )
        _, source, result = self._cores[name]
        if frame.shape != source.shape:
            raise CodecError(
                f"{self.design}: the C++ of @{name} takes frames {source.shape}, found "
                f"{frame.shape}; the integer program takes frames of any size"
            )
        found = ctypes.create_string_buffer(result.frame_bytes)
        line = source.words * source.width
        beats = result.words * result.width * result.height
        data = source.to_bytes(frame)
        with STREAMS:
            status = self._library(name)(data, line * source.height, line, found, beats)
        if status:
            raise CodecError(f"{self.design}: the C++ of @{name} gave no whole frame")
        return result.from_bytes(found.raw)

    def _library(self, name: str) -> Any:
        if name not in self._libraries:
            self._libraries[name] = self._load(self._cores[name][0])
        return self._libraries[name]

    def _load(self, top: str) -> Any:
        path = Path(top) / "build" / f"lib{top}.so"
        folder = (self.design / HLS).resolve()
        _build(folder, path)
        try:
            run = ctypes.CDLL(str(folder / path))[ENTRY]
        except (OSError, AttributeError) as error:
            raise CodecError(f"{folder / path}: cannot be loaded: {error}") from error
        count = ctypes.c_longlong
        run.argtypes = [ctypes.c_char_p, count, count, ctypes.c_void_p, count]
        run.restype = ctypes.c_int
        return run


def _build(folder: Path, path: Path) -> None:
    if shutil.which("make") is None:
        raise CodecError("compiling the C++ needs make and g++")
    # The job server of a make that runs us is not for our own make.
    inherited = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    command = ["make", "--no-print-directory", "EXACT=", str(path)]
    done = subprocess.run(command, cwd=folder, env=inherited, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        first = lines[0] if lines else done.stderr.strip()
        raise CodecError(f"{folder}: the C++ does not compile: {first}")
