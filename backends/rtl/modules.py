"""Which module of the library computes a process, with which parameters, and with which constants.

The process is that of the C++: its fields and ROMs are those of `backends.hls.kernels`, and the
headers of the modules say what each parameter means. Nothing is decided here.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ...dialects.memories import fifo_memory
from ...dialects.stream_types import Memory
from ..hls.core import Fifo, Process
from .elementwise import absolute, add, convert_width, fork, offset, read_axis, write_axis
from .engines import convolve, line_buffer, mac, requantize
from .errors import RtlError
from .fields import Fields, Module
from .normalize import normalize
from .parameters import Parameter


def module_of(process: Process, fifos: Mapping[str, Fifo]) -> Module:
    """The module of a process that writes some of these FIFOs; `RtlError` that names the process if
    the library has none."""
    template = process.kernel.template
    makers: dict[str, Callable[[Fields], Module]] = {
        "read_axis": read_axis,
        "write_axis": write_axis,
        "line_buffer": line_buffer,
        "mac": mac,
        "convolve": convolve,
        "requantize": requantize,
        "normalize": normalize,
        "offset": offset,
        "absolute": absolute,
        "add": add,
        "fork": fork,
        "convert_width": convert_width,
    }
    if template not in makers:
        raise RtlError(f"{process.name}: no module of the rtl library computes {template}")
    module = makers[template](Fields(process))
    outputs: dict[str, Parameter] = {}
    written = [fifos[name] for name in process.outputs if name in fifos]
    for port, fifo in zip(module.outputs, written, strict=True):
        outputs |= fifo_parameters(port, fifo)
    return replace(module, parameters={**module.parameters, **outputs})


def fifo_parameters(port: str, fifo: Fifo) -> dict[str, Parameter]:
    """The FIFO behind an output."""
    memory = fifo_memory(fifo.depth, fifo.lanes * fifo.element.width.data)
    kind = Memory.BRAM if memory is Memory.BRAM else Memory.LUTRAM
    return {f"{port.upper()}_DEPTH": fifo.depth, f"{port.upper()}_MEMORY": str(kind)}
