"""Prints a core as SystemVerilog: a module for each actor, which is one of the library with its
parameters, and a top module that connects them. Every number comes from the IR.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ...runtime.frame_layout import FrameLayout
from ..hls.core import Core
from ..hls.layout import layout_of
from .fields import Module
from .modules import module_of
from .parameters import Parameter, literal

INDENT = "  "


@dataclass(frozen=True)
class Port:
    """A port of a module, how it is declared, and the net of the top module behind it."""

    name: str
    kind: str
    net: str


@dataclass(frozen=True)
class Instance:
    """An actor: its module of the library, and its ports."""

    name: str
    module: Module
    ports: tuple[Port, ...]

    @property
    def files(self) -> dict[str, str]:
        """Its constants, by the names of their files."""
        return {f"{self.name}_{end}.hex": text for end, text in self.module.roms.items()}

    def text(self) -> str:
        """Its own module."""
        parameters: dict[str, Parameter] = dict(self.module.parameters)
        if self.module.roms:
            parameters["FILES"] = self.name
        values = (f".{name}({literal(value)})" for name, value in parameters.items())
        return "\n".join(
            [
                *_header(self.name, self.ports),
                f"{INDENT}{self.module.name} #(",
                _list(values),
                f"{INDENT}) actor (",
                _list(f".{port.name}" for port in self.ports),
                f"{INDENT});",
                "endmodule\n",
            ]
        )


@dataclass(frozen=True)
class Top:
    """A core with a module for each of its processes, and the cycles of a frame in its busiest
    actor."""

    core: Core
    cycles: int

    @property
    def input(self) -> FrameLayout:
        """The frames that go in."""
        return layout_of(self.core.input)

    @property
    def output(self) -> FrameLayout:
        """The frames that come out."""
        return layout_of(self.core.output)

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        """The actors, in order; `RtlError` that names the first that the library does not have."""
        fifos = {fifo.name: fifo for fifo in self.core.fifos}
        found: list[Instance] = []
        for process in self.core.processes:
            module = module_of(process, fifos)
            inputs = [name for name in process.inputs if name in fifos]
            outputs = [name for name in process.outputs if name in fifos]
            ports = [Port("clock", "input logic", "clock"), Port("reset", "input logic", "reset")]
            for port, net in zip(module.inputs, inputs, strict=True):
                ports += self._stream(port, net, incoming=True)
            for port, net in zip(module.outputs, outputs, strict=True):
                ports += self._stream(port, net, incoming=False)
            ports += [] if module.inputs else _axis(self.input, "in", "")
            ports += [] if module.outputs else _axis(self.output, "out", "")
            found.append(Instance(process.name, module, tuple(ports)))
        return tuple(found)

    def text(self) -> str:
        """The top module."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"// {self.core.name}: {_frame(self.input)} in, {_frame(self.output)} out."
        clocked = [Port("clock", "input logic", ""), Port("reset", "input logic", "")]
        streams = [*_axis(self.input, "in", "in_"), *_axis(self.output, "out", "out_")]
        yield from _header(self.core.name, [*clocked, *streams])
        for name, bits in self._widths.items():
            yield f"{INDENT}logic {name}_valid, {name}_take;"
            yield f"{INDENT}logic {_range(bits)} {name}_data;"
        for instance in self.instances:
            yield f"\n{INDENT}{instance.name} {instance.name}_actor ("
            yield _list(f".{port.name}({port.net})" for port in instance.ports)
            yield f"{INDENT});"
        yield "endmodule"

    @property
    def _widths(self) -> dict[str, int]:
        """Bits of a word of every FIFO."""
        return {fifo.name: fifo.lanes * fifo.element.width.data for fifo in self.core.fifos}

    def _stream(self, port: str, net: str, incoming: bool) -> Iterator[Port]:
        """The ports of an actor at one end of a FIFO."""
        there, back = ("input", "output") if incoming else ("output", "input")
        data = f"{there} logic {_range(self._widths[net])}"
        yield Port(f"{port}_valid", f"{there} logic", f"{net}_valid")
        yield Port(f"{port}_data", data, f"{net}_data")
        yield Port(f"{port}_take", f"{back} logic", f"{net}_take")


def _axis(frame: FrameLayout, side: str, prefix: str) -> Iterator[Port]:
    """An AXI4-Stream of a frame, `in` or `out`."""
    there, back = ("input", "output") if side == "in" else ("output", "input")
    data = f"{there} logic {_range(frame.lanes * frame.lane_bytes * 8)}"
    kinds = {"tvalid": f"{there} logic", "tready": f"{back} logic", "tdata": data}
    if side == "out":
        kinds |= {"tuser": f"{there} logic", "tlast": f"{there} logic"}
    for name, kind in kinds.items():
        yield Port(f"{prefix}{name}", kind, f"{side}_{name}")


def _header(name: str, ports: Iterable[Port]) -> list[str]:
    return [f"module {name} (", _list(f"{port.kind} {port.name}" for port in ports), ");"]


def _list(items: Iterable[str]) -> str:
    return ",\n".join(f"{INDENT * 2}{item}" for item in items)


def _frame(layout: FrameLayout) -> str:
    size = f"{layout.channels} x {layout.height} x {layout.width}"
    return f"{size} integers of {layout.bits} bits in words of {layout.lanes}"


def _range(bits: int) -> str:
    return f"[{bits - 1}:0]"
