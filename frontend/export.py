"""torch module to torch-mlir text: the only file that calls torch-mlir, which has no types.

Every op of the text carries the path of the module it comes from, and the torch op that was called
there: the exported graph knows both, torch-mlir keeps neither, but it keeps locations. So they
travel as the file name of a stack trace.
"""

import re
import warnings
from importlib import import_module
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.export import ExportedProgram

from .archive import ExportedFunction
from .errors import ModelError
from .patterns import where

PIPELINE = "builtin.module(torchdynamo-export-to-torch-backend-pipeline{extra-library=})"
ORIGIN = re.compile(r'"([^"|]*)\|([^"|]*)"')


def export_text(module: nn.Module, name: str, shape: tuple[int, ...]) -> str:
    """The generic text of one function `name` in torch-mlir's torch dialect, for an input of shape
    [1, C, H, W]. Raises `ModelError` if torch or torch-mlir cannot trace the module."""
    torch_mlir = import_module("torch_mlir.fx"), import_module("torch_mlir.passmanager")
    program = _program(module, name, shape)
    for node in program.graph.nodes:
        if node.op == "call_function":
            stack: dict[str, tuple[str, object]] = node.meta.get("nn_module_stack") or {}
            path = next(reversed(stack.values()))[0] if stack else ""
            node.meta["stack_trace"] = f'File "{path}|{node.target}", line 1, in forward'
    try:
        imported = _lower(program, name, *torch_mlir)
    except Exception as error:  # torch and torch-mlir document none
        raise _refuse(name, error) from error
    _annotate(imported)
    return imported.get_asm(print_generic_op_form=True)


def _lower(program: ExportedProgram, name: str, fx: Any, passmanager: Any) -> Any:
    """What `export_and_import(output_type="torch")` does, without the file it leaves on failure."""
    module = fx.export_and_import(program, func_name=name, hooks=_Weights(program))
    passmanager.PassManager.parse(PIPELINE, context=module.context).run(module.operation)
    return module.operation


def _refuse(name: str, error: Exception) -> ModelError:
    origin = ORIGIN.search(str(error))
    what = f"{origin[2]} in {where(origin[1])}" if origin else "the model"
    line = next((line.strip() for line in str(error).splitlines() if line.strip()), repr(error))
    return ModelError(f"{name}: torch-mlir cannot import {what} at this size: {line}")


class _Weights:
    """Import hooks that hand weights over as bytes; torch-mlir itself would make Python lists."""

    def __init__(self, program: ExportedProgram):
        self.arrays = {
            tensor.data_ptr(): np.ascontiguousarray(tensor.detach())
            for tensor in program.state_dict.values()
            if tensor.dtype is torch.float32 and tensor.numel() > 1 and tensor.is_contiguous()
        }

    def prepare_module(self, module: Any) -> None:
        """Nothing to prepare."""

    def resolve_input(self, importer: Any, value: Any, info: Any) -> Any:
        """torch-mlir's own way: inputs are no weights."""
        return None

    def resolve_literal(self, importer: Any, value: Any, info: Any) -> Any:
        """The `torch.vtensor.literal` of a weight; None for torch-mlir's own way."""
        if not isinstance(value, Tensor):
            return None
        array = self.arrays.get(value.data_ptr())
        if array is None or array.shape != tuple(value.shape):
            return None
        ir: Any = import_module("torch_mlir.ir")
        type = ir.RankedTensorType.get(array.shape, ir.F32Type.get())
        key = f"weight_{value.data_ptr()}"
        literal = ir.Operation.create(
            name="torch.vtensor.literal",
            results=[ir.Type.parse(f"!torch.vtensor<{list(array.shape)},f32>")],
            attributes={"value": ir.DenseResourceElementsAttr.get_from_buffer(array, key, type)},
        )
        return literal.result


def _program(module: nn.Module, name: str, shape: tuple[int, ...]) -> ExportedProgram:
    if isinstance(module, ExportedFunction):
        return module.program_at(shape)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.export.export(module, (torch.zeros(shape),))
    except Exception as error:  # torch documents none
        raise _refuse(name, error) from error


def _annotate(operation: Any) -> None:
    string: Any = import_module("torch_mlir.ir").StringAttr
    for region in operation.regions:
        for block in region.blocks:
            for op in block.operations:
                found = ORIGIN.search(str(op.operation.location))
                if found is not None and op.operation.name.startswith("torch.aten."):
                    op.operation.attributes["module"] = string.get(found[1], operation.context)
                    op.operation.attributes["source"] = string.get(found[2], operation.context)
                _annotate(op.operation)
