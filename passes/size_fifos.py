"""`size-fifos`: how many words every FIFO holds."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects import stream
from ..dialects.demand import Counts, demand
from ..dialects.memories import SRL_DEPTH
from ..dialects.schedule import words
from ..dialects.stream_checks import fifo_type
from ..dialects.stream_types import FifoType, WindowsType

LEAST_DEPTH = 2
IN_FLIGHT = 32
MAX_BITS = 1 << 25
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
    """The depths behind all forks of a function: what every join behind them needs, and room for
    the words that the actors of the other branch have in flight."""
    found: dict[SSAValue, int] = {}
    for op in function.body.block.ops:
        if isinstance(op, stream.AddOp):
            for value, kept in Join(op).depths().items():
                found[value] = max(found.get(value, 0), kept + in_flight(value))
    return found


def in_flight(value: SSAValue) -> int:
    """Words that may be under way in the other branch of a fork at full speed: every actor holds up
    to two pixels, and what its pipeline has not finished."""
    fork = value.owner
    assert isinstance(fork, stream.ForkOp)
    other = fork.second if value is fork.first else fork.first
    actors = len(downstream(other) - downstream(value))
    return actors * (IN_FLIGHT + 2 * fifo_type(value).words_per_pixel)


def downstream(value: SSAValue) -> set[Operation]:
    """The actors that a FIFO feeds, directly or not."""
    found: set[Operation] = set()
    for use in value.uses:
        if isinstance(use.operation, stream.Actor):
            found |= {use.operation, *(o for r in use.operation.results for o in downstream(r))}
    return found


def smoothing_depth(value: SSAValue) -> int:
    """Words that let both sides of a FIFO keep their pace although one of them moves in bursts: a
    pixel where the reader takes a pixel at once, and what the rows of a transposed convolution
    differ in length where they are written; at least what the shift register of a LUT holds, for a
    FIFO of fewer words is no smaller. Windows are wide and come one a step: two words."""
    if not isinstance(value.type, FifoType):
        return LEAST_DEPTH
    depth = LEAST_DEPTH
    if any(
        isinstance(use.operation, stream.NormalizeOp | stream.WidthConverterOp)
        for use in value.uses
    ):
        depth += value.type.words_per_pixel
    if isinstance(value.owner, stream.MacOp | stream.ConvolveOp):
        depth += uneven_words(value.owner)
    return max(depth, SRL_DEPTH)


def uneven_words(op: stream.MacOp | stream.ConvolveOp) -> int:
    """How far a transposed convolution's output strays from an even flow within a phase of rows."""
    windows, window = op.input.type, op.window.window
    assert isinstance(windows, WindowsType)
    row_steps = [
        sum(window.steps(row, column, windows.taps) for column in range(window.phases))
        for row in range(window.phases)
    ]
    elapsed, strays = Fraction(0), [Fraction(0)]
    for row, steps in enumerate(row_steps, 1):
        elapsed += Fraction(steps * window.phases, sum(row_steps))
        strays.append(row - elapsed)
    row_words = words(op.result) // fifo_type(op.result).frame.get_shape()[2]
    return int((max(strays) - min(strays)) * row_words)


def set_depth(value: SSAValue, depth: int) -> None:
    """Gives a FIFO its depth; raises if it is more than any device holds."""
    if not isinstance(value.type, FifoType | WindowsType):
        return
    if depth * value.type.word_bits > MAX_BITS:
        owner = value.owner
        name = owner.layer.data if isinstance(owner, stream.Actor) else "an argument"
        raise PassFailedException(
            f"size-fifos: the FIFO behind {name} would have to hold {depth} words of "
            f"{value.type.word_bits} bits, more than {MAX_BITS >> 20} Mbit"
        )
    Rewriter.replace_value_with_new_type(value, value.type.with_depth(depth))


@dataclass(frozen=True)
class SizeFifos(ModulePass):
    """Sets the depth of every FIFO so that no frame ever deadlocks.

    Where a fork's two branches meet again, the branch that answers sooner must hold what the other
    one takes before it answers. For every join the pass simulates one execution of a whole frame in
    which every actor runs only as far as the join's next word demands, and gives the two FIFOs of
    a fork the most that they hold in it; all others hold as many as smooth out bursts.

    Why that cannot deadlock: actors are deterministic sequential processes with blocking reads and
    writes, and a bounded FIFO is an unbounded one with a second one for free places in the other
    direction. So the network is a Kahn process network, in which whether and where it stops does
    not depend on the order of execution. The simulated order completes the frame within the
    depths and leaves every FIFO empty and every actor at its start; therefore every order does, for
    any number of frames. Between two words of a join, a branch that lacks input never waits for
    another branch but through the fork, and the fork finds room: the FIFO of the branch that has
    enough holds all that the other one lacks. A region between a fork and its join thus behaves
    like one actor towards the join behind it.
    """

    name = "size-fifos"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in (inner for inner in op.ops if isinstance(inner, FuncOp)):
            kept = fork_depths(function)
            values = [r for inner in function.body.block.ops for r in inner.results]
            for value in (*function.args, *values):
                set_depth(value, max(kept.get(value, LEAST_DEPTH), smoothing_depth(value)))
            function.update_function_type()
