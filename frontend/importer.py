"""Brings models into the IR: through torch.export, torch-mlir and xDSL to the float level."""

from pathlib import Path

from xdsl.context import Context
from xdsl.dialect_interfaces.op_asm import OpAsmDialectInterface
from xdsl.dialects.builtin import (
    Builtin,
    BytesAttr,
    DenseIntOrFPElementsAttr,
    DenseResourceAttr,
    ModuleOp,
)
from xdsl.dialects.func import FuncOp
from xdsl.ir import Dialect
from xdsl.parser import Parser
from xdsl.pattern_rewriter import (
    PatternRewriter,
    PatternRewriteWalker,
    RewritePattern,
    op_type_rewrite_pattern,
)
from xdsl.utils.hints import isa

from ..dialects import get_all_dialects, torch
from ..dialects.gdn import Norm
from ..dialects.tensors import Tensor
from .archive import read_archive
from .checkpoint import read_checkpoint
from .errors import ModelError
from .export import export_text
from .families import build_model
from .model import Model

ALIGNMENT_BYTES = 4
ARCHIVE = ".pt2"


def read_model(path: Path, norm: Norm | None) -> Model:
    """A checkpoint, or a torch.export archive if the file is called `.pt2`."""
    if path.suffix == ARCHIVE:
        return read_archive(path)
    return build_model(read_checkpoint(path), norm)


def import_functions(model: Model, height: int, width: int) -> ModuleOp:
    """One module with the model's functions in the torch dialect, traced for an image size."""
    model.check_size(height, width)
    try:
        functions = [
            _parse(export_text(stage.module, name, model.input_shape(name, height, width)))
            for name, stage in model.stages.items()
        ]
    except ModelError as error:
        raise ModelError(f"{model.provenance.file}: {error}") from error
    return ModuleOp(functions)


def _parse(text: str) -> FuncOp:
    """The function of torch-mlir's text, with its weights as bytes in the IR."""
    context = Context(allow_unregistered=True)
    # xDSL keeps the blobs of a text in the dialect object for ever: give each text its own.
    resources = OpAsmDialectInterface()
    context.load_dialect(
        Dialect("builtin", list(Builtin.operations), list(Builtin.attributes), [resources])
    )
    for name, dialect in get_all_dialects().items():
        if name != "builtin":
            context.register_dialect(name, dialect)
    module = Parser(context, text).parse_module()
    PatternRewriteWalker(InlineResource(resources)).rewrite_module(module)
    function = next(op for op in module.ops if isinstance(op, FuncOp))
    function.detach()
    return function


class InlineResource(RewritePattern):
    """A literal that refers to a blob of the text becomes one that holds its bytes."""

    def __init__(self, resources: OpAsmDialectInterface):
        self.resources = resources

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: torch.LiteralOp, rewriter: PatternRewriter) -> None:
        if not isinstance(op.value, DenseResourceAttr):
            return
        key = op.value.resource_handle.data
        blob = self.resources.lookup(key)
        if blob is None:
            raise ModelError(f"torch-mlir's text has no blob {key}")
        data = bytes.fromhex(blob.removeprefix("0x"))[ALIGNMENT_BYTES:]
        type = op.value.type
        if not isa(type, Tensor):
            raise ModelError(f"expected literals of integers or f32, found {type}")
        value = DenseIntOrFPElementsAttr(type, BytesAttr(data))
        rewriter.replace(
            op, torch.LiteralOp.create(result_types=op.result_types, properties={"value": value})
        )
