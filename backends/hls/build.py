"""Compiles a printed project with g++, and runs its test benches."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ...dialects.tensors import Array
from ...runtime.frame_layout import FrameLayout
from .errors import HlsError
from .project import MANIFEST

BUILD = "build"
OUTER_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")
SHOWN_LINES = 12


@dataclass(frozen=True)
class BuiltCore:
    """A core of a project on disk: its C name, and the layout of its frames."""

    top: str
    input: FrameLayout
    output: FrameLayout


@dataclass(frozen=True)
class Project:
    """A folder that `write_project` wrote."""

    path: Path

    @cached_property
    def cores(self) -> Mapping[str, BuiltCore]:
        """The cores by the names of their functions; `HlsError` if the folder is no project."""
        try:
            manifest = json.loads((self.path / MANIFEST).read_text())
            return {entry["function"]: _core(entry) for entry in manifest["cores"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise HlsError(f"{self.path} is no HLS project of licc: {error}") from error

    def build(self, jobs: int | None = None) -> None:
        """Compiles what has changed, `jobs` files at once (all processors by default).

        The Makefile takes `CXX` and `CXXFLAGS` from the environment. `HlsError` with the first
        lines of the compiler's message if a core does not compile.
        """
        binaries = [f"{core.top}/{BUILD}/{core.top}_test" for core in self.cores.values()]
        if shutil.which("make") is None:
            raise HlsError("compiling the C++ needs make and g++")
        command = ["make", "--no-print-directory", f"-j{jobs or os.cpu_count() or 1}", "EXACT="]
        # The job server of a make that runs us is not for our own make.
        inherited = {k: v for k, v in os.environ.items() if k not in OUTER_MAKE}
        done = subprocess.run(
            [*command, *binaries], cwd=self.path, env=inherited, capture_output=True, text=True
        )
        if done.returncode:
            raise HlsError(f"{self.path}: the C++ does not compile:\n{_first_errors(done.stderr)}")

    def simulate(self, function: str, frame: Array) -> Array:
        """What the compiled core of a function makes of a frame [1, C, H, W].

        Builds the project first where it has to. `HlsError` if there is no such core, if it does
        not compile, or if it fails: a deadlock names the actors that wait.
        """
        core = self._core(function)
        self.build()
        with tempfile.TemporaryDirectory() as folder:
            given, found = Path(folder) / "input.bin", Path(folder) / "output.bin"
            given.write_bytes(core.input.to_bytes(frame))
            self._run(function, str(given), "-", str(found))
            return core.output.from_bytes(found.read_bytes())

    def check(self, function: str) -> str:
        """Runs the test bench of a core on its golden frames; returns what it prints, `HlsError`
        if a value differs."""
        self._core(function)
        self.build()
        return self._run(function)

    def _core(self, function: str) -> BuiltCore:
        if function not in self.cores:
            raise HlsError(
                f"{self.path} has no core of @{function}; it has {', '.join(self.cores)}"
            )
        return self.cores[function]

    def _run(self, function: str, *arguments: str) -> str:
        top = self.cores[function].top
        folder = (self.path / top).resolve()
        command = [str(folder / BUILD / f"{top}_test"), *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            raise HlsError(
                f"simulation of @{function} (status {done.returncode}): {done.stderr.strip()}"
            )
        return done.stdout


def _core(entry: Mapping[str, Any]) -> BuiltCore:
    return BuiltCore(entry["top"], FrameLayout(**entry["input"]), FrameLayout(**entry["output"]))


def _first_errors(text: str) -> str:
    lines = text.splitlines()
    errors = [line for line in lines if "error" in line] or lines
    return "\n".join(errors[:SHOWN_LINES])
