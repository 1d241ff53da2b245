"""The stream level as SystemVerilog: printing, simulation by Verilator, synthesis by yosys."""

from .errors import RtlError
from .project import RtlProject, tops_of, write_rtl
from .simulate import RtlRun, Simulator, Stalls, build

__all__ = [
    "RtlError",
    "RtlProject",
    "RtlRun",
    "Simulator",
    "Stalls",
    "build",
    "tops_of",
    "write_rtl",
]
