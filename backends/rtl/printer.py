"""Prints a core as SystemVerilog: one module that instantiates an actor of the library for each process
and connects them. Every number comes from the IR; what actors do is in `library`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from ..hls.core import Core
from ..hls.layout import FrameLayout
from .fields import Module
from .modules import module_of
from .parameters import Parameter, literal

INDENT = "  "


@dataclass(frozen=True)
class Instance:
    """A module at work, and the nets behind its ports `valid`, `data` and `take`."""

    name: str
    module: Module
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    @property
    def files(self) -> dict[str, str]:
        """Its constants, by the names of their files."""
        return {f"{self.name}_{end}.hex": text for end, text in self.module.roms.items()}


@dataclass(frozen=True)
class Top:
    """A core with a module for each of its processes, and the cycles of a frame in its busiest actor."""

    core: Core
    cycles: int

    @property
    def input(self) -> FrameLayout:
        """The frames that go in."""
        return FrameLayout.of(self.core.input)

    @property
    def output(self) -> FrameLayout:
        """The frames that come out."""
        return FrameLayout.of(self.core.output)

    @cached_property
    def instances(self) -> tuple[Instance, ...]:
        """The actors, in order; `RtlError` that names the first that the library does not have."""
        fifos = {fifo.name: fifo for fifo in self.core.fifos}
        found: list[Instance] = []
        for process in self.core.processes:
            inputs = tuple(name for name in process.inputs if name in fifos)
            outputs = tuple(name for name in process.outputs if name in fifos)
            module = module_of(process, fifos)
            found.append(Instance(process.name, module, inputs, outputs))
        return tuple(found)

    def text(self) -> str:
        """The top module."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        core = self.core
        yield f"// {core.name}: {_frame(self.input)} in, {_frame(self.output)} out."
        yield f"module {core.name} ("
        ports = [
            "input logic clock",
            "input logic reset",
            "input logic in_tvalid",
            "output logic in_tready",
            f"input logic {_range(_beat_bits(self.input))} in_tdata",
            "output logic out_tvalid",
            "input logic out_tready",
            f"output logic {_range(_beat_bits(self.output))} out_tdata",
            "output logic out_tuser",
            "output logic out_tlast",
        ]
        yield from (f"{INDENT * 2}{port}," for port in ports[:-1])
        yield f"{INDENT * 2}{ports[-1]}"
        yield ");"
        for fifo in core.fifos:
            bits = fifo.lanes * fifo.element.width.data
            yield f"{INDENT}logic {fifo.name}_valid, {fifo.name}_take;"
            yield f"{INDENT}logic {_range(bits)} {fifo.name}_data;"
        for instance in self.instances:
            yield from ("", *_instantiation(instance))
        yield "endmodule"


def _instantiation(instance: Instance) -> Iterator[str]:
    module, ports = instance.module, [".clock", ".reset"]
    parameters: dict[str, Parameter] = dict(module.parameters)
    if module.roms:
        parameters["FILES"] = instance.name
    if not module.inputs:
        ports += [f".{port}(in_{port})" for port in ("tvalid", "tready", "tdata")]
    nets = [*zip(module.inputs, instance.inputs, strict=True)]
    nets += zip(module.outputs, instance.outputs, strict=True)
    for port, net in nets:
        ports += [f".{port}_{end}({net}_{end})" for end in ("valid", "data", "take")]
    if not module.outputs:
        ports += [
            f".{port}(out_{port})" for port in ("tvalid", "tready", "tdata", "tuser", "tlast")
        ]
    yield f"{INDENT}{module.name} #("
    yield ",\n".join(f"{INDENT * 3}.{name}({literal(v)})" for name, v in parameters.items())
    yield f"{INDENT}) {instance.name} ("
    yield ",\n".join(f"{INDENT * 3}{port}" for port in ports)
    yield f"{INDENT});"


def _frame(layout: FrameLayout) -> str:
    size = f"{layout.channels} x {layout.height} x {layout.width}"
    return f"{size} integers of {layout.bits} bits in words of {layout.lanes}"


def _beat_bits(layout: FrameLayout) -> int:
    return layout.lanes * layout.lane_bytes * 8


def _range(bits: int) -> str:
    return f"[{bits - 1}:0]"
