"""Writes what Vivado needs to make an IP of each printed core, or to implement it by itself:
scripts, which are hand-written and lie in `vivado/`, and what they read.
"""

import shutil
from importlib.resources import as_file, files

from ..hls.scripts import Device
from .project import RtlProject

PACKAGE = __name__.rpartition(".")[0]
VIVADO = "vivado"


def write_scripts(project: RtlProject, device: Device) -> None:
    """Writes `vivado/` into a folder of SystemVerilog, and the constraints of each core: the clock
    of `device`, in nanoseconds."""
    folder = project.path / VIVADO
    with as_file(files(PACKAGE) / VIVADO) as source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    names = [top.core.name for top in project.tops]
    (folder / "cores.tcl").write_text(print_cores(names, device))
    for top, name in zip(project.tops, names, strict=True):
        (project.folder(top) / f"{name}_ooc.xdc").write_text(print_constraints(device))


def print_cores(names: list[str], device: Device) -> str:
    """`cores.tcl`: variables for the scripts."""
    return f"""# What the scripts beside this file build: printed by licc.
set part {device.part}
set period_ns {device.period}
set cores {{{" ".join(names)}}}
"""


def print_constraints(device: Device) -> str:
    """`<core>_ooc.xdc`: the clock of a core that is synthesised by itself; in a block design the
    clock comes from there."""
    return f"create_clock -name ap_clk -period {device.period} [get_ports ap_clk]\n"
