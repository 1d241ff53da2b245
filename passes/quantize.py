"""`quantize`: the float program becomes an integer one, in the formats that were assigned."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.pattern_rewriter import GreedyRewritePatternApplier, PatternRewriteWalker
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects import gdn, nn
from .quantization.convolution import QuantizeConvolution
from .quantization.elementwise import QuantizeAbs, QuantizeActivation, QuantizeAdd, QuantizeBias
from .quantization.formats import integer_tensor, storage_of
from .quantization.normalization import QuantizeNormalization


@dataclass(frozen=True)
class Quantize(ModulePass):
    """Replaces every float op by an integer one, from the function's arguments to its result.

    Weights are rounded to symmetric integers of one scale per output channel, sums are exact, and
    one requantiser takes them to the format that `assign-precision` decided.
    """

    name = "quantize"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        functions = [inner for inner in op.ops if isinstance(inner, FuncOp)]
        for function in functions:
            for argument in function.args:
                if storage_of(argument) is None:
                    Rewriter.replace_value_with_new_type(argument, integer_tensor(argument))
        patterns = GreedyRewritePatternApplier(
            [
                QuantizeConvolution(),
                QuantizeNormalization(),
                QuantizeActivation(),
                QuantizeBias(),
                QuantizeAbs(),
                QuantizeAdd(),
            ]
        )
        PatternRewriteWalker(patterns).rewrite_module(op)
        for function in functions:
            function.update_function_type()
            _require_integers(function)


def _require_integers(function: FuncOp) -> None:
    """Every value that a layer computes is an integer now."""
    for op in function.walk():
        values: list[SSAValue] = [*op.operands, *op.results]
        if op.name.startswith((nn.Nn.name, gdn.Gdn.name)) and any(
            storage_of(value) is None for value in values
        ):
            raise PassFailedException(
                f"quantize: @{function.sym_name.data}: {op.name} has no integer form here"
            )
