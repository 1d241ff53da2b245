"""`licc-opt -t hls`: the C++ of stream-level functions as text."""

from dataclasses import dataclass
from typing import IO

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.target import Target

from .core import cores_of
from .errors import HlsError
from .printer import print_header, print_source


@dataclass(frozen=True)
class HlsTarget(Target):
    """Prints the header and the top function of one core, of all without `function`:
    `licc-opt stream.mlir -t 'hls{function=g_a}'`. Weights and test bench are left to
    `write_project`."""

    name = "hls"

    function: str = ""

    def emit(self, ctx: Context, module: ModuleOp, output: IO[str]) -> None:
        """Prints the cores; `HlsError` if the module is not at the stream level."""
        cores = cores_of(module)
        chosen = [core for core in cores if self.function in ("", core.function)]
        if not chosen:
            raise HlsError(
                f"there is no function @{self.function}; there are "
                f"{', '.join(core.function for core in cores)}"
            )
        for core in chosen:
            output.write(f"{print_header(core)}\n{print_source(core)}")
