"""`lower-to-stream`: integer ops become actors, tensors become FIFOs of one channel a word."""

from dataclasses import dataclass
from typing import TypeAlias

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Operation, SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.rewriter import InsertPoint, Rewriter
from xdsl.utils.exceptions import PassFailedException
from xdsl.utils.hints import isa

from ..dialects import gdn, nn, quant, stream
from ..dialects.stream_types import FifoType, IntegerTensor, WindowAttr, WindowsType

Lowered: TypeAlias = type[stream.Actor]


def fifo_of(type: Attribute) -> FifoType:
    """The FIFO of one channel a word that carries an integer tensor."""
    if not isa(type, IntegerTensor):
        raise PassFailedException(f"lower-to-stream: expected an integer tensor, found {type}")
    return FifoType(type, 1)


class LowerConvolution(RewritePattern):
    """A convolution becomes a line buffer and a multiply-accumulate array."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: nn.Conv2dOp | nn.ConvTranspose2dOp, rewriter: PatternRewriter
    ) -> None:
        if not isinstance(op.input.type, FifoType):
            return
        window, result = WindowAttr(op.window), fifo_of(op.result.type)
        windows = WindowsType(op.input.type.frame, 1, 1, result.words_per_pixel)
        buffer = stream.LineBufferOp.build(
            operands=[op.input],
            properties={"layer": op.layer, "window": window},
            result_types=[windows],
        )
        mac = stream.MacOp.build(
            operands=[buffer.result, op.weight],
            properties={"layer": op.layer, "window": window},
            result_types=[result],
        )
        rewriter.replace(op, [buffer, mac])


@dataclass
class LowerElementwise(RewritePattern):
    """An op whose actor has the same operands and properties."""

    source: type[Operation]
    actor: Lowered

    def match_and_rewrite(self, op: Operation, rewriter: PatternRewriter) -> None:
        if not isinstance(op, self.source) or not isinstance(op.operands[0].type, FifoType):
            return
        result = fifo_of(op.results[0].type)
        new = self.actor.create(
            operands=op.operands, properties=op.properties, result_types=[result]
        )
        rewriter.replace(op, new)


def insert_forks(function: FuncOp) -> None:
    """Gives every FIFO with several readers as many copies."""
    for op in list(function.body.block.ops):
        for value in op.results:
            fork_readers(value)
    for argument in function.args:
        fork_readers(argument)


def fork_readers(value: SSAValue) -> None:
    """Forks a FIFO with more than one reader: one copy for the first, the other for the rest."""
    uses = list(value.uses)
    if not isinstance(value.type, FifoType) or len(uses) < 2:
        return
    owner = value.owner
    named = owner if isinstance(owner, Operation) else uses[0].operation
    fork = stream.ForkOp.create(
        operands=[value],
        properties={"layer": named.properties["layer"]},
        result_types=[value.type, value.type],
    )
    for i, use in enumerate(uses):
        use.operation.operands[use.index] = fork.second if i else fork.first
    at = InsertPoint.after(owner) if isinstance(owner, Operation) else InsertPoint.at_start(owner)
    Rewriter.insert_op(fork, at)
    fork_readers(fork.second)


@dataclass(frozen=True)
class LowerToStream(ModulePass):
    """Lowers the integer program to actors with no parallelism at all: one channel a word, one
    product a cycle. `fuse-streams` and `balance-pipeline` shape them.
    """

    name = "lower-to-stream"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [inner for inner in op.ops if isinstance(inner, FuncOp)]
        for function in functions:
            for argument in function.args:
                Rewriter.replace_value_with_new_type(argument, fifo_of(argument.type))
        patterns = GreedyRewritePatternApplier(
            [
                LowerConvolution(),
                LowerElementwise(quant.RequantizeOp, stream.RequantizeOp),
                LowerElementwise(quant.OffsetOp, stream.OffsetOp),
                LowerElementwise(gdn.CoreOp, stream.NormalizeOp),
                LowerElementwise(nn.AbsOp, stream.AbsOp),
                LowerElementwise(nn.AddOp, stream.AddOp),
            ]
        )
        PatternRewriteWalker(patterns).rewrite_module(op)
        for function in functions:
            insert_forks(function)
            function.update_function_type()
