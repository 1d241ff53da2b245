"""The stream level as SystemVerilog: printing, simulation by Verilator, synthesis by yosys."""

from .errors import RtlError
from .project import RtlProject, tops_of, write_rtl
from .simulate import RtlRun, Simulator, Stalls, build, lint
from .verilator import find_verilator

__all__ = [
    "RtlError",
    "RtlProject",
    "RtlRun",
    "Simulator",
    "Stalls",
    "build",
    "find_verilator",
    "lint",
    "tops_of",
    "write_rtl",
]
