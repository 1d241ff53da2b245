"""`fuse-streams`: joins actors that need no FIFO between them."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)

from ..dialects import stream
from ..dialects.stream_checks import fifo_type


class FuseRequantize(RewritePattern):
    """A multiply-accumulate array and the requantiser that alone reads it become one engine."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: stream.RequantizeOp, rewriter: PatternRewriter) -> None:
        mac = op.input.owner
        if not isinstance(mac, stream.MacOp) or not op.input.has_one_use():
            return
        vectors = [op.bias, op.multiplier, *([op.negative] if op.negative else [])]
        accumulator = fifo_type(mac.result).frame.element_type
        engine = stream.ConvolveOp.create(
            operands=[mac.input, mac.weight, *vectors],
            properties=mac.properties | op.properties | {"accumulator": accumulator},
            result_types=[op.result.type],
        )
        rewriter.replace(op, engine)
        rewriter.erase(mac)


class RemoveConverter(RewritePattern):
    """A width converter between words of one width goes away."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: stream.WidthConverterOp, rewriter: PatternRewriter) -> None:
        before, after = fifo_type(op.input), fifo_type(op.result)
        if before.lanes != after.lanes:
            return
        depth = max(before.depth, after.depth)
        source = rewriter.replace_value_with_new_type(op.input, before.with_depth(depth))
        rewriter.replace(op, [], [source])


class MergeConverters(RewritePattern):
    """A width converter behind another one takes over its work."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: stream.WidthConverterOp, rewriter: PatternRewriter) -> None:
        first = op.input.owner
        if not isinstance(first, stream.WidthConverterOp):
            return
        merged = stream.WidthConverterOp.create(
            operands=[first.input], properties=op.properties, result_types=[op.result.type]
        )
        rewriter.replace(op, merged)
        rewriter.erase(first)


@dataclass(frozen=True)
class FuseStreams(ModulePass):
    """Fuses each `stream.mac` with the `stream.requantize` behind it, removes width converters that
    convert nothing, and merges consecutive ones."""

    name = "fuse-streams"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        patterns: list[RewritePattern] = [FuseRequantize(), MergeConverters(), RemoveConverter()]
        PatternRewriteWalker(GreedyRewritePatternApplier(patterns)).rewrite_module(op)
        for function in op.body.block.ops:
            if isinstance(function, FuncOp):
                function.update_function_type()
