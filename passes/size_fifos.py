"""`size-fifos`: how many words every FIFO holds."""

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects import stream
from ..dialects.demand import Counts, demand
from ..dialects.schedule import words
from ..dialects.stream_checks import fifo_type
from ..dialects.stream_types import FifoType, WindowsType

LEAST_DEPTH = 2
IN_FLIGHT = 32
MAX_BITS = 1 << 25


@dataclass
class Simulation:
    """One execution of a function, driven by demand: the words that every FIFO has let through when
    the first and the last word of each pixel of the result are written."""

    passed: dict[SSAValue, Counts] = field(default_factory=dict[SSAValue, Counts])
    depths: dict[SSAValue, int] = field(default_factory=dict[SSAValue, int])

    def run(self, function: FuncOp) -> None:
        """Works from the result up to the arguments."""
        block = function.body.block
        if not isinstance(end := block.last_op, ReturnOp) or len(end.arguments) != 1:
            raise PassFailedException(
                f"size-fifos: @{function.sym_name.data} must have exactly one result"
            )
        self.passed[end.arguments[0]] = result_counts(fifo_type(end.arguments[0]))
        for op in reversed(list(block.ops)):
            if isinstance(op, stream.ForkOp):
                self.join(op)
            elif isinstance(op, stream.Actor) and not isinstance(op, stream.LineBufferOp):
                self.pull(op)

    def pull(self, op: stream.Actor) -> None:
        """Hands the demand for an actor's result on to its operands."""
        counts = demand(op, self.passed.pop(op.results[0]))
        for operand in op.operands:
            if isinstance(operand.type, WindowsType) and isinstance(
                operand.owner, stream.LineBufferOp
            ):
                self.passed[operand.owner.input] = counts
            elif isinstance(operand.type, FifoType):
                self.passed[operand] = counts

    def join(self, op: stream.ForkOp) -> None:
        """A fork has sent to both readers what the more demanding one has taken; what the other one
        has not taken yet must fit its FIFO."""
        branches = [self.passed.pop(result) for result in op.results]
        most = np.maximum(*branches)
        self.passed[op.input] = most
        for result, other, taken in zip(op.results, reversed(op.results), branches, strict=True):
            kept = int((most[:, 1] - taken[:, 0]).max())
            extra = IN_FLIGHT * len(downstream(other) - downstream(result))
            self.depths[result] = max(LEAST_DEPTH, kept + extra)


def result_counts(fifo: FifoType) -> Counts:
    """[pixels, 2]: the numbers, from 1, of the first and the last word of every pixel."""
    first = np.arange(fifo.pixels, dtype=np.int64) * fifo.words_per_pixel
    return np.stack((first + 1, first + fifo.words_per_pixel), axis=1)


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
    differ in length where they are written."""
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
    return depth


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
    one takes before it answers. The pass simulates one execution of a whole frame in which every
    actor runs only as far as the next result word demands, and gives the two FIFOs of a fork the
    most they hold in it; all others hold two words or as many as smooth out bursts.

    Why that cannot deadlock: actors are deterministic sequential processes with blocking reads and
    writes, and a bounded FIFO is an unbounded one with a second one for free places in the other
    direction. So the network is a Kahn process network, in which whether and where it stops does
    not depend on the order of execution. The simulated order completes the frame within the
    depths and leaves every FIFO empty and every actor at its start; therefore every order does, for
    any number of frames. Inside a demand, a branch that still lacks words never waits for the other
    branch but through the fork, and the fork finds room: the FIFO of the branch that has enough
    holds all that the other one lacks.
    """

    name = "size-fifos"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        for function in (inner for inner in op.ops if isinstance(inner, FuncOp)):
            simulation = Simulation()
            if any(isinstance(inner, stream.ForkOp) for inner in function.walk()):
                simulation.run(function)
            values = [r for inner in function.body.block.ops for r in inner.results]
            for value in (*function.args, *values):
                depth = max(simulation.depths.get(value, LEAST_DEPTH), smoothing_depth(value))
                set_depth(value, depth)
            function.update_function_type()
