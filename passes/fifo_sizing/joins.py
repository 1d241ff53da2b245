"""What the FIFOs behind a fork must hold so that no order of execution deadlocks."""

from dataclasses import dataclass

import numpy as np
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue

from ...dialects import stream
from ...dialects.demand import Counts, demand
from ...dialects.schedule import words
from ...dialects.stream_types import FifoType

IN_FLIGHT = 32
CHUNK = 1 << 20


@dataclass(frozen=True)
class Join:
    """An actor that reads two FIFOs, and one execution of all before it, driven by its demand."""

    op: stream.AddOp

    def depths(self) -> dict[SSAValue, int]:
        """Words that the FIFOs behind each fork hold at most, over all words of the join's result.

        When the join writes word n, every FIFO upstream has let through what that demands. A fork
        has then sent to both readers what the more demanding one has taken, and what the other one
        has not taken must fit its FIFO.
        """
        found: dict[SSAValue, int] = {}
        for start in range(1, words(self.op.result) + 1, CHUNK):
            end = min(start + CHUNK, words(self.op.result) + 1)
            for value, kept in self.kept(np.arange(start, end, dtype=np.int64)).items():
                found[value] = max(found.get(value, 0), kept)
        return found

    def kept(self, counts: Counts) -> dict[SSAValue, int]:
        """The same for some words of the join's result."""
        passed = {self.op.lhs: counts, self.op.rhs: counts}
        found: dict[SSAValue, int] = {}
        op = self.op.prev_op
        while op is not None:
            if isinstance(op, stream.ForkOp):
                found |= self.fork(op, passed)
            elif isinstance(op, stream.Actor) and op.results[0] in passed:
                pull(op, passed)
            op = op.prev_op
        return found

    def fork(self, op: stream.ForkOp, passed: dict[SSAValue, Counts]) -> dict[SSAValue, int]:
        """What is kept behind a fork of which one or both branches lead to the join. A FIFO that
        the join itself reads gives its word only once the other operand has come."""
        taken = {result: passed.pop(result) for result in op.results if result in passed}
        if not taken:
            return {}
        most = np.maximum.reduce(list(taken.values()))
        passed[op.input] = most
        if len(taken) == 1:
            return {}
        return {
            result: int((most - counts).max()) + (result in self.op.operands)
            for result, counts in taken.items()
        }


def pull(op: stream.Actor, passed: dict[SSAValue, Counts]) -> None:
    """Hands the demand for an actor's result on to its operands; an engine's to what its line
    buffer reads."""
    counts = demand(op, passed.pop(op.results[0]))
    for operand in op.operands:
        buffer = operand.owner
        if isinstance(buffer, stream.LineBufferOp):
            passed[buffer.input] = counts
        elif isinstance(operand.type, FifoType):
            passed[operand] = counts


def fork_depths(function: FuncOp) -> dict[SSAValue, int]:
    """What every join needs the FIFOs behind the forks before it to hold."""
    found: dict[SSAValue, int] = {}
    for op in function.body.block.ops:
        if isinstance(op, stream.AddOp):
            for value, kept in Join(op).depths().items():
                found[value] = max(found.get(value, 0), kept)
    return found


def in_flight(value: SSAValue) -> int:
    """Words that the pipelines of the kernels in the other branch of a fork may hold, which no
    simulation at the level of words sees."""
    return IN_FLIGHT * len(other_branch(value))


def two_pixels(value: SSAValue) -> int:
    """Words that the actors in the other branch of a fork hold if each has up to two pixels."""
    assert isinstance(value.type, FifoType)
    return 2 * value.type.words_per_pixel * len(other_branch(value))


def other_branch(value: SSAValue) -> set[Operation]:
    """The actors behind the other FIFO of a fork and not behind this one."""
    fork = value.owner
    assert isinstance(fork, stream.ForkOp)
    other = fork.second if value is fork.first else fork.first
    return downstream(other) - downstream(value)


def downstream(value: SSAValue) -> set[Operation]:
    """The actors that a FIFO feeds, directly or not."""
    found: set[Operation] = set()
    for use in value.uses:
        if isinstance(use.operation, stream.Actor):
            found |= {use.operation, *(o for r in use.operation.results for o in downstream(r))}
    return found
