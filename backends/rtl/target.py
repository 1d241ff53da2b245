"""`licc-opt -t rtl`: the SystemVerilog of stream-level functions as text."""

from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from .errors import RtlError
from .project import tops_of


@dataclass(frozen=True)
class RtlTarget(Target):
    """Prints the top module and the actors of one core, of all without `function`:
    `licc-opt stream.mlir -t 'rtl{function=g_a}'`. Constants and library are left to `write_rtl`."""

    name = "rtl"

    function: str = ""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        """Prints the cores; `RtlError` for what the library does not have."""
        tops = tops_of(module)
        chosen = [top for top in tops if self.function in ("", top.core.function)]
        if not chosen:
            names = ", ".join(top.core.function for top in tops)
            raise RtlError(f"there is no function @{self.function}; there are {names}")
        for top in chosen:
            output.write("\n".join([top.text(), *(actor.text() for actor in top.instances)]))
