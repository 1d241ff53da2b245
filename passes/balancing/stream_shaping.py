"""The patterns that give every actor of a stream program its lanes, taps, packing and memory."""

from dataclasses import dataclass

from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.rewriter import InsertPoint, Rewriter

from ...dialects import stream
from ...dialects.engine import convolution_shape
from ...dialects.stream_checks import fifo_type, windows_type
from ...dialects.stream_types import (
    FifoType,
    MemoryAttr,
    MultiplierAttr,
    WindowsType,
    ceil_div,
)
from ..fuse_streams import MergeConverters, RemoveConverter
from .design_space import boundary_type
from .shapes import Shape


def convert(value: SSAValue, lanes: int, layer: StringAttr, reader: Operation) -> SSAValue:
    """A FIFO with the same frame in words of `lanes` channels, behind a width converter that is
    put in front of its reader."""
    converter = stream.WidthConverterOp.create(
        operands=[value],
        properties={"layer": layer},
        result_types=[FifoType(fifo_type(value).frame, lanes)],
    )
    Rewriter.insert_op(converter, InsertPoint.before(reader))
    return converter.result


@dataclass
class ShapeConvolution(RewritePattern):
    """Gives a line buffer and its engine the parallelism, packing and memories of their shape."""

    shapes: dict[Operation, Shape]

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self, op: stream.MacOp | stream.ConvolveOp, rewriter: PatternRewriter
    ) -> None:
        shape, convolution = self.shapes[op], convolution_shape(op)
        p = shape.parallelism
        op.properties["memory"] = MemoryAttr(shape.weights)
        if isinstance(op.input.owner, stream.LineBufferOp):
            op.input.owner.properties["memory"] = MemoryAttr(shape.buffer)
        op.properties["products"] = MultiplierAttr(shape.products)
        if isinstance(op, stream.ConvolveOp):
            op.properties["outputs"] = IntegerAttr(p.po, i64)
        op.properties.pop("packing", None)
        if shape.packing:
            op.properties["packing"] = shape.packing
        result = fifo_type(op.result).with_lanes(p.lanes)
        repeat = ceil_div(convolution.outputs, p.po)
        frame = windows_type(op.input).frame
        windows = WindowsType(frame, p.pi, p.taps, repeat, pixels=p.pixels)
        rewriter.replace_value_with_new_type(op.result, result)
        rewriter.replace_value_with_new_type(op.input, windows)


@dataclass
class FeedLineBuffer(RewritePattern):
    """Puts a width converter in front of a line buffer."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: stream.LineBufferOp, rewriter: PatternRewriter) -> None:
        windows = windows_type(op.result)
        op.operands[0] = convert(op.input, windows.lanes, op.layer, op)
        rewriter.notify_op_modified(op)


@dataclass
class ShapeNormalize(RewritePattern):
    """Gives a GDN core its lanes and memory, and puts a width converter in front of it."""

    shapes: dict[Operation, Shape]

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: stream.NormalizeOp, rewriter: PatternRewriter) -> None:
        shape = self.shapes[op]
        p = shape.parallelism
        op.properties["memory"] = MemoryAttr(shape.weights)
        op.properties["outputs"] = IntegerAttr(p.po, i64)
        op.operands[0] = convert(op.input, p.pi, op.layer, op)
        rewriter.replace_value_with_new_type(op.result, fifo_type(op.result).with_lanes(p.lanes))


class FollowLanes(RewritePattern):
    """An element-wise actor takes and gives words as wide as those of its first operand."""

    @op_type_rewrite_pattern
    def match_and_rewrite(
        self,
        op: stream.AbsOp | stream.AddOp | stream.ForkOp | stream.OffsetOp | stream.RequantizeOp,
        rewriter: PatternRewriter,
    ) -> None:
        lanes = fifo_type(op.operands[0]).lanes
        if isinstance(op, stream.AddOp):
            op.operands[1] = convert(op.rhs, lanes, op.layer, op)
        for result in op.results:
            rewriter.replace_value_with_new_type(result, fifo_type(result).with_lanes(lanes))


class FeedReturn(RewritePattern):
    """Puts a width converter in front of the end of a function."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: ReturnOp, rewriter: PatternRewriter) -> None:
        for i, value in enumerate(op.arguments):
            lanes = boundary_type(fifo_type(value)).lanes
            if isinstance(value.owner, stream.Actor):
                op.operands[i] = convert(value, lanes, value.owner.layer, op)
        rewriter.notify_op_modified(op)


class DropConverter(RewritePattern):
    """Removes a width converter of an earlier run."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: stream.WidthConverterOp, rewriter: PatternRewriter) -> None:
        rewriter.replace(op, [], [op.input])


def reshape(module: ModuleOp, shapes: dict[Operation, Shape]) -> None:
    """Gives every engine its shape, and every other actor the lanes that follow from it."""
    PatternRewriteWalker(DropConverter()).rewrite_module(module)
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    once = [
        ShapeConvolution(shapes),
        FeedLineBuffer(),
        ShapeNormalize(shapes),
        FollowLanes(),
        FeedReturn(),
    ]
    for function in functions:
        for argument in function.args:
            boundary = boundary_type(fifo_type(argument))
            Rewriter.replace_value_with_new_type(argument, boundary)
    for pattern in once:
        PatternRewriteWalker(pattern, apply_recursively=False).rewrite_module(module)
    clean = GreedyRewritePatternApplier([MergeConverters(), RemoveConverter()])
    PatternRewriteWalker(clean).rewrite_module(module)
    for function in functions:
        function.update_function_type()
