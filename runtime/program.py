"""An integer program: the transforms of a codec as steps, run in NumPy.

It is what the interpreter of the IR computes, without the IR: see `backends/design/export.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .arithmetic import Array
from .errors import CodecError
from .formats import Format
from .steps import Step


@dataclass(frozen=True)
class Node:
    """A step, and which values it takes: 0 is the function's argument, i the result of node i."""

    step: Step
    inputs: tuple[int, ...]


@dataclass(frozen=True)
class Boundary:
    """What enters or leaves a function: channels of integers."""

    channels: int
    format: Format


@dataclass(frozen=True)
class Function:
    """A transform; `stride` is how many times smaller an analysis makes its frame, or how many
    times larger a synthesis. The value of the last node is the result."""

    argument: Boundary
    result: Boundary
    stride: int
    nodes: tuple[Node, ...]

    def __call__(self, frame: Array, threads: int | None = None) -> Array:
        """The result for a frame [1, C, H, W]; `CodecError` for other channels."""
        if frame.ndim != 4 or frame.shape[:2] != (1, self.argument.channels):
            raise CodecError(f"expected [1, {self.argument.channels}, H, W], found {frame.shape}")
        values: dict[int, Array] = {0: frame}
        for number, node in enumerate(self.nodes, start=1):
            values[number] = node.step(threads, *(values[i] for i in node.inputs))
            for index in self._unused_after[number]:
                values.pop(index, None)
        return values[len(self.nodes)]

    @cached_property
    def _unused_after(self) -> Mapping[int, tuple[int, ...]]:
        """The values that no node after each needs."""
        last = {i: number for number, node in enumerate(self.nodes, 1) for i in node.inputs}
        return {
            number: tuple(index for index, use in last.items() if use == number)
            for number in range(1, len(self.nodes) + 1)
        }


@dataclass(frozen=True)
class IntegerProgram:
    """Functions among g_a, g_s, h_a and h_s, by name."""

    functions: Mapping[str, Function]

    def run(self, name: str, frame: Array, threads: int | None = None) -> Array:
        """The integer result of a function for an integer frame [1, C, H, W]."""
        return self.functions[name](frame, threads)
