"""A module of the library at work, and the fields of the kernel that it stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xdsl.dialects.builtin import IntegerType

from ...dialects.tensors import Array, is_signed
from ...dialects.window import Window
from ..hls.core import Process
from ..hls.kernels import Field
from .parameters import Parameter


@dataclass(frozen=True)
class Module:
    """`name #(parameters)`, its files of constants by the end of their names, and the ports of its
    inputs and outputs, in order."""

    name: str
    parameters: Mapping[str, Parameter]
    roms: Mapping[str, str] = field(default_factory=dict[str, str])
    inputs: tuple[str, ...] = ("in",)
    outputs: tuple[str, ...] = ("out",)


@dataclass(frozen=True)
class Fields:
    """The fields of a kernel by their types."""

    process: Process

    def __getitem__(self, name: str) -> int:
        """A number or a truth value."""
        value = self.process.kernel.fields[name]
        assert isinstance(value, int)
        return value

    def of(self, name: str) -> Field:
        """Any field."""
        return self.process.kernel.fields[name]

    def bits(self, name: str) -> int:
        """The width of an integer type."""
        value = self.of(name)
        assert isinstance(value, IntegerType)
        return value.width.data

    def integer(self, name: str, parameter: str) -> dict[str, Parameter]:
        """An integer type, as two parameters."""
        value = self.of(name)
        assert isinstance(value, IntegerType)
        return {f"{parameter}_BITS": value.width.data, f"{parameter}_SIGNED": is_signed(value)}

    def rom(self, name: str) -> Array:
        """One of the ROMs."""
        return self.process.kernel.roms[name]

    @property
    def memory(self) -> str:
        """Where an array lives."""
        return str(self.of("memory"))

    @property
    def window(self) -> Window:
        """The geometry of a sliding window."""
        return Window(self["kernel"], self["stride"], self["padding"], bool(self["transposed"]))
