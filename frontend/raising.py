"""From the torch level to the float level: a list of patterns, and what no pattern knows.

After it no torch op is left; one that is not known is an error that names the op, the path of its
module in the model, and what is supported.
"""

from collections import Counter
from collections.abc import Mapping

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp, StringAttr, UnregisteredOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation
from xdsl.pattern_rewriter import (
    GreedyRewritePatternApplier,
    PatternRewriteWalker,
    RewritePattern,
)
from xdsl.rewriter import Rewriter
from xdsl.transforms.dead_code_elimination import region_dce
from xdsl.utils.exceptions import VerifyException

from ..dialects import torch
from ..dialects.quant import LATENT_SCALE, PIXEL_SCALE, UniformAttr
from ..dialects.tensors import integer_type, tensor_type, type_of
from .errors import ModelError
from .folding import FoldConstants, LiteralToConstant, number, numbers, use_builtin_tensors
from .patterns import (
    RaiseBias,
    RaiseConvolution,
    RaiseElementwise,
    RaiseLeakyRelu,
    RaiseNormalize,
    path_of,
    where,
)

SUPPORTED = (
    "conv2d, conv_transpose2d, GDN, GDN1, ReLU, LeakyReLU, abs, add, and adding a constant to each "
    "channel"
)
PIXELS = UniformAttr(integer_type(8, signed=False), PIXEL_SCALE)
SYMBOLS = UniformAttr(integer_type(16), 1.0)
LATENTS = UniformAttr(integer_type(16), LATENT_SCALE)

FACTORIZED: Mapping[str, tuple[UniformAttr, UniformAttr]] = {
    "g_a": (PIXELS, SYMBOLS),
    "g_s": (SYMBOLS, PIXELS),
}
HYPERPRIOR: Mapping[str, tuple[UniformAttr, UniformAttr]] = {
    "g_a": (PIXELS, LATENTS),
    "h_a": (LATENTS, SYMBOLS),
    "h_s": (SYMBOLS, LATENTS),
    "g_s": (LATENTS, PIXELS),
}

SILENT = (ConstantOp, ReturnOp, torch.Constant, torch.ListConstructOp)

PHASES: tuple[tuple[RewritePattern, ...], ...] = (
    (LiteralToConstant(), FoldConstants()),
    (RaiseNormalize(), RaiseLeakyRelu(), RaiseBias()),
    (RaiseConvolution(), RaiseElementwise()),
)


def raise_torch(module: ModuleOp, file: str = "module") -> None:
    """Raises every function of a module in place, and gives it its boundary formats.

    `file` is what errors name. Raises `ModelError` for ops that licc does not know.
    """
    try:
        functions = [op for op in module.ops if isinstance(op, FuncOp)]
        for function in functions:
            use_builtin_tensors(function)
        for phase in PHASES:
            PatternRewriteWalker(GreedyRewritePatternApplier(list(phase))).rewrite_module(module)
        names = {function.sym_name.data for function in functions}
        formats = HYPERPRIOR if names & {"h_a", "h_s"} else FACTORIZED
        for function in functions:
            region_dce(function.body)
            _refuse_unknown(function)
            _name_layers(function)
            _set_boundary(function, *formats[function.sym_name.data])
            _verify_layers(function)
        module.verify()
    except ModelError as error:
        raise ModelError(f"{file}: {error}") from error


def _verify_layers(function: FuncOp) -> None:
    """What the dialects do not allow is a limit of licc, so the error names the layer."""
    for op in function.body.walk():
        try:
            op.verify(verify_nested_ops=False)
        except VerifyException as error:
            layer = op.properties.get("layer")
            name = layer.data if isinstance(layer, StringAttr) else function.sym_name.data
            raise ModelError(f"{name}: {error}") from error


def _refuse_unknown(function: FuncOp) -> None:
    unknown = [
        op
        for op in function.body.walk()
        if not op.name.startswith(("nn.", "gdn.")) and not isinstance(op, SILENT)
    ]
    if not unknown:
        return
    op = next((op for op in unknown if "source" in op.attributes), unknown[0])
    called = op.attributes.get("source")
    if isinstance(op, UnregisteredOp):
        called = called or op.op_name
    name = called.data if isinstance(called, StringAttr) else op.name
    raise ModelError(
        f"{name} in {where(path_of(op))} of {function.sym_name.data} is not supported"
        f"{_reason(op)}; licc compiles {SUPPORTED}"
    )


def _reason(op: Operation) -> str:
    """What keeps an op that has a pattern from matching it."""
    match op:
        case torch.ConvolutionOp():
            return (
                f" with stride {numbers(op.stride)}, padding {numbers(op.padding)}, dilation "
                f"{numbers(op.dilation)} and {number(op.groups)} groups (expected a constant "
                "float32 weight, one stride, one padding, dilation 1, one group)"
            )
        case torch.MulTensorOp() | torch.PowTensorScalarOp() | torch.SqrtOp() | torch.RsqrtOp():
            return " in this place (a GDN needs a 1x1 convolution with beta > 0 and gamma >= 0)"
        case _:
            return ""


def _name_layers(function: FuncOp) -> None:
    """`g_a.0` for module `0` or `g_a.0`; the op's own name for what the model calls itself, and a
    number for a module's second op."""
    root = function.sym_name.data
    seen: Counter[str] = Counter()
    for op in function.body.walk():
        path = op.properties.get("layer")
        if not isinstance(path, StringAttr):
            continue
        inner = path.data.removeprefix(f"{root}.") or op.name.split(".")[1]
        seen[inner] += 1
        suffix = "" if seen[inner] == 1 else f".{seen[inner]}"
        op.properties["layer"] = StringAttr(f"{root}.{inner}{suffix}")


def _set_boundary(function: FuncOp, input: UniformAttr, output: UniformAttr) -> None:
    """Puts the integer formats of the function's input and output in its type."""
    returned = function.get_return_op()
    if returned is None or len(returned.arguments) != 1 or len(function.args) != 1:
        raise ModelError(f"{function.sym_name.data}: expected one tensor in and one out")
    argument, result = function.args[0], returned.arguments[0]
    if not isinstance(result.owner, Operation) or isinstance(result.owner, ConstantOp):
        raise ModelError(f"{function.sym_name.data}: has no layers")
    for value, format in ((argument, input), (result, output)):
        type = type_of(value)
        Rewriter.replace_value_with_new_type(
            value, tensor_type(type.element_type, type.get_shape(), format)
        )
    function.update_function_type()
