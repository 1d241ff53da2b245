"""Writes a stream-level module as SystemVerilog: a folder for each core with its top module and its
constants, and beside them the library of actors and what a simulation needs.
"""

import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from ...dialects.schedule import frame_cycles
from ..hls.core import cores_of
from .errors import RtlError
from .printer import Top
from .wrapper import print_wrapper, wrapper_name

PACKAGE = __name__.rpartition(".")[0]
LIBRARY, SIMULATION = "library", "simulation"
KEYWORDS = frozenset(
    """always assign begin bit buf byte case cell config cover disable end endmodule event expect
    final force forever function generate genvar initial inout input instance integer interface join
    library local logic modport module nand negedge nor output package parameter posedge primitive
    process program property pulldown pullup pure rand ref reg release repeat sequence shortint
    signal string super supply0 supply1 table task time tran tri type unique use var vectored wait
    wand weak0 weak1 wire with within wor xnor""".split()
)


@dataclass(frozen=True)
class RtlProject:
    """A folder of SystemVerilog, and the tops in it."""

    path: Path
    tops: tuple[Top, ...]

    def folder(self, top: Top) -> Path:
        """Where a core's top module and constants lie; tools run there."""
        return self.path / top.core.name

    @property
    def library(self) -> Path:
        """Where the actors lie."""
        return self.path / LIBRARY

    @property
    def bench(self) -> Path:
        """The test bench's main program."""
        return self.path / SIMULATION / "bench.cpp"


def tops_of(module: ModuleOp) -> tuple[Top, ...]:
    """The top module of every function; `HlsError` if the module is not at the stream level,
    `RtlError` that names the layer if there is something in it that the library does not have."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    cores = zip(cores_of(module), functions, strict=True)
    tops = tuple(Top(core, frame_cycles(function)) for core, function in cores)
    for top in tops:
        if top.core.name in KEYWORDS:
            raise RtlError(f"@{top.core.function}: a module cannot be called {top.core.name}")
        assert top.instances
    return tops


def write_rtl(module: ModuleOp, path: Path) -> RtlProject:
    """Prints every function of a module into a folder, in which older text is replaced. Everything
    is checked before anything is written."""
    project = RtlProject(path, tops_of(module))
    texts = [(top, top.text()) for top in project.tops]
    path.mkdir(parents=True, exist_ok=True)
    for part in (LIBRARY, SIMULATION):
        with as_file(files(PACKAGE) / part) as source:
            shutil.copytree(source, path / part, dirs_exist_ok=True)
    for top, text in texts:
        folder = project.folder(top)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / f"{top.core.name}.sv").write_text(text)
        (folder / f"{wrapper_name(top)}.v").write_text(print_wrapper(top))
        for instance in top.instances:
            (folder / f"{instance.name}.sv").write_text(instance.text())
            for name, constants in instance.files.items():
                (folder / name).write_text(constants)
    return project
