"""`size-fifos`: how many words every FIFO holds, and the certificate that it is enough."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects import stream
from ..dialects.certificate import FUNCTION_KEY
from ..dialects.simulation.shorter import fifos_of
from ..dialects.stream_types import FifoType, WindowsType
from .fifo_sizing.plan import certified, depths_without_search, plan_of

MAX_BITS = 1 << 25


def check_depth(value: SSAValue, depth: int) -> None:
    """Raises if a FIFO would have to hold more than any device does."""
    assert isinstance(value.type, FifoType | WindowsType)
    if depth * value.type.word_bits > MAX_BITS:
        owner = value.owner
        name = owner.layer.data if isinstance(owner, stream.Actor) else "an argument"
        raise PassFailedException(
            f"size-fifos: the FIFO behind {name} would have to hold {depth} words of "
            f"{value.type.word_bits} bits, more than {MAX_BITS >> 20} Mbit"
        )


def set_depth(value: SSAValue, depth: int) -> None:
    """Gives a FIFO its depth."""
    assert isinstance(value.type, FifoType | WindowsType)
    Rewriter.replace_value_with_new_type(value, value.type.with_depth(depth))


@dataclass(frozen=True)
class SizeFifos(ModulePass):
    """Sets the depth of every FIFO: the smallest ones that lose no throughput and never deadlock,
    as far as smaller ones would be cheaper; and leaves a certificate with each function.

    What the depths of FIFOs behind a fork must be comes from the schedule, the others start from
    what a shift register holds. Both are then simulated on frames of a few rows: FIFOs whose words
    gain nothing get smaller, and where frames come later than the busiest actor needs them, some
    get larger. The result is simulated on whole frames. See docs/fifos.md.

    Without `search`, nothing is simulated: the depths are those to start from, without certificate.
    """

    name = "size-fifos"

    search: bool = True

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [f for f in op.ops if isinstance(f, FuncOp) and fifos_of(f)]
        if self.search:
            size_by_search(functions)
        else:
            size_without_search(functions)
        for function in functions:
            function.update_function_type()


def size_by_search(functions: list[FuncOp]) -> None:
    """Gives functions the depths that the search finds, and their certificates."""
    plans = [plan_of(function) for function in functions]
    for plan in plans:
        for value, depth in zip(plan.fifos, plan.limits.start, strict=True):
            check_depth(value, int(depth))
    for function, plan, certificate in zip(functions, plans, certified(plans), strict=True):
        function.attributes[FUNCTION_KEY] = certificate
        for value, fifo in zip(plan.fifos, certificate.fifos, strict=True):
            set_depth(value, fifo.figures.depth)


def size_without_search(functions: list[FuncOp]) -> None:
    """Gives functions the depths to start from, and takes what certificates they have."""
    for function in functions:
        function.attributes.pop(FUNCTION_KEY, None)
        for value, depth in depths_without_search(function).items():
            check_depth(value, depth)
            set_depth(value, depth)
