"""What builds a random function at the stream level: dice, types, constants, actors."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import IntegerType, StringAttr, TensorType
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Attribute, Block, Operation, Region, SSAValue

from licc.dialects import stream
from licc.dialects.stream_checks import fifo_type
from licc.dialects.stream_types import FifoType, Memory, MemoryAttr
from licc.dialects.tensors import constant, container, integer_range, integer_type

LANES = (1, 2, 3, 4, 5, 8)


@dataclass
class FunctionBuilder:
    """A function under construction: `value` is the FIFO that the next actor reads."""

    name: str
    rng: np.random.Generator
    block: Block = field(init=False)
    value: SSAValue = field(init=False)
    actors: list[Operation] = field(default_factory=list)

    def __post_init__(self) -> None:
        channels, height = self.number(1, 7), self.number(1, 9)
        width = self.one_of((self.number(1, 9), 4, 8))
        element = self.element((4, 4, 8, 8, 8, 12, 16, 20))
        self.block = Block(arg_types=[self.fifo(element, (channels, height, width))])
        self.value = self.block.args[0]

    def number(self, low: int, high: int) -> int:
        """low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def one_of(self, choices: Sequence[Any]) -> Any:
        """Any of the choices."""
        return choices[self.number(0, len(choices) - 1)]

    def element(self, bits: Sequence[int]) -> IntegerType:
        """A type of one of these widths, signed or not."""
        return integer_type(self.one_of(bits), self.one_of((True, False)))

    def fifo(
        self, element: IntegerType, shape: Sequence[int], lanes: int | None = None
    ) -> FifoType:
        """A FIFO for a frame (C, H, W)."""
        frame = TensorType(element, (1, *shape))
        return FifoType(frame, lanes or self.one_of(LANES), self.number(1, 5))

    @property
    def here(self) -> FifoType:
        """The type of `value`."""
        return fifo_type(self.value)

    @property
    def shape(self) -> tuple[int, ...]:
        """(C, H, W) of `value`."""
        return self.here.frame.get_shape()[1:]

    def rom(self, values: NDArray, element: IntegerType) -> SSAValue:
        """A constant."""
        op = constant(values, element)
        self.block.add_op(op)
        return op.result

    def actor(
        self,
        kind: type[stream.Actor],
        operands: Sequence[SSAValue],
        results: Sequence[Attribute],
        **properties: Attribute,
    ) -> stream.Actor:
        """Adds an actor."""
        layer = StringAttr(f"{self.name}.{len(self.actors)}")
        op = kind.create(
            operands=operands, result_types=results, properties={"layer": layer, **properties}
        )
        self.block.add_op(op)
        self.actors.append(op)
        self.value = op.results[0]
        return op

    def memory(self) -> MemoryAttr:
        """Any memory."""
        return MemoryAttr(self.one_of(list(Memory)))

    def function(self) -> FuncOp:
        """The function; no more can be added to it."""
        self.block.add_op(ReturnOp(self.value))
        types = ([self.block.args[0].type], [self.value.type])
        return FuncOp(self.name, types, Region(self.block))

    def frame(self) -> NDArray:
        """A frame for it, the ends of the range among its values more often than by chance."""
        frame = fifo_type(self.block.args[0]).frame
        low, high = integer_range(frame.element_type)
        values = self.rng.integers(low, high + 1, frame.get_shape())
        ends = self.rng.choice([low, high, 0], frame.get_shape())
        chosen = np.where(self.rng.random(frame.get_shape()) < 0.1, ends, values)
        return chosen.astype(container(frame.element_type))
