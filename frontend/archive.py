"""Reads torch.export archives (`.pt2`): anyone's encoder or decoder as a graph of torch ops.

An archive is traced at the size of its example input; `ExportedFunction` traces it again at any
other size. Never runs code from a file: everything in the archive that is a pickle is read with
`weights_only=True`, and archives with pickled objects are refused.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from pickle import UnpicklingError
from typing import cast

import torch
from torch import Tensor, fx, nn
from torch.export import ExportedProgram

from .checkpoint import read_provenance
from .errors import ModelError
from .model import Model, Stage
from .state import State

OBJECT_PREFIXES = ("custom_obj", "opaque_obj")
FORCE_WEIGHTS_ONLY = "TORCH_FORCE_WEIGHTS_ONLY_LOAD"
PIXELS = 3
STRIDE_ARGUMENT = 3
TRANSPOSED_ARGUMENT = 6


class ExportedFunction(nn.Module):
    """An exported program that runs, and is traced, at any input size."""

    def __init__(self, program: ExportedProgram):
        super().__init__()
        self.program = program

    def program_at(self, shape: tuple[int, ...]) -> ExportedProgram:
        """The program with an input of `shape`; every later trace follows from the input's."""
        input = input_of(self.program)
        value = cast(Tensor, input.meta["val"])
        input.meta["val"] = value.new_empty(shape)
        input.meta.pop("tensor_meta", None)
        return self.program

    def forward(self, x: Tensor) -> Tensor:
        """float32 [1, C, H, W] to float32 [1, C', H', W']."""
        return self.program_at(tuple(x.shape)).module(check_guards=False)(x)


def read_archive(path: Path) -> Model:
    """The one function of an archive: @g_a if 3 channels go in, @g_s if 3 come out.

    Raises `ModelError` for a damaged archive, one with objects, or another signature.
    """
    provenance = read_provenance(path)
    program = _load(path)
    state = State(path.name, program.state_dict)
    for name, tensor in program.state_dict.items():
        if tensor.is_floating_point():
            state.tensor(name, *tensor.shape)
    input, output = _signature(path, program)
    if (input.shape[1] == PIXELS) == (output.shape[1] == PIXELS):
        raise ModelError(
            f"{path}: expected 3 channels in (an encoder) or 3 channels out (a decoder), found "
            f"{input.shape[1]} in and {output.shape[1]} out; export the two transforms apart"
        )
    name = "g_a" if input.shape[1] == PIXELS else "g_s"
    stride = _stride(program)
    whole = stride if name == "g_a" else 1 / stride
    if whole.denominator != 1:
        raise ModelError(
            f"{path}: expected an encoder that makes frames smaller or a decoder that makes them "
            f"larger, found {name} with a stride of {whole}"
        )
    inputs, outputs = input.shape[1], output.shape[1]
    stage = Stage(ExportedFunction(program), inputs, outputs, whole.numerator)
    latents = outputs if name == "g_a" else inputs
    return Model("ExportedProgram", provenance, {name: stage}, latents, latents)


def input_of(program: ExportedProgram) -> fx.Node:
    """The placeholder of a program's one tensor input."""
    names = program.graph_signature.user_inputs
    return next(node for node in program.graph.nodes if node.name in names)


def _load(path: Path) -> ExportedProgram:
    try:
        with _weights_only():
            return _load_program(path)
    except ModelError:
        raise
    except UnpicklingError as error:
        raise ModelError(
            f"{path}: holds a pickle that needs code to be read, which licc never runs; export the "
            "model again with plain tensors as example input"
        ) from error
    except Exception as error:  # torch documents none: damaged archives raise a dozen kinds
        raise ModelError(
            f"{path}: is not a torch.export archive, or a damaged one; expected a file that "
            "torch.export.save(torch.export.export(model, (image,)), file) wrote"
        ) from error


def _load_program(path: Path) -> ExportedProgram:
    # torch.export.load would fall back to formats that unpickle code.
    from torch.export.pt2_archive import PT2ArchiveReader
    from torch.export.pt2_archive._package import load_pt2

    with PT2ArchiveReader(str(path)) as reader:
        names = [Path(name).name for name in reader.get_file_names()]
    objects = [name for name in names if name.startswith(OBJECT_PREFIXES)]
    if objects:
        raise ModelError(
            f"{path}: holds the pickled object {objects[0]}, whose code licc never runs; export a "
            "model whose constants are tensors"
        )
    programs = load_pt2(str(path)).exported_programs
    if list(programs) != ["model"]:
        raise ModelError(f"{path}: expected one program, found {', '.join(programs) or 'none'}")
    return programs["model"]


@contextmanager
def _weights_only() -> Generator[None]:
    """torch's own switch that makes every `torch.load` inside refuse code."""
    before = os.environ.get(FORCE_WEIGHTS_ONLY)
    os.environ[FORCE_WEIGHTS_ONLY] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[FORCE_WEIGHTS_ONLY]
        else:
            os.environ[FORCE_WEIGHTS_ONLY] = before


def _signature(path: Path, program: ExportedProgram) -> tuple[Tensor, Tensor]:
    signature = program.graph_signature
    if len(signature.user_inputs) != 1 or len(signature.user_outputs) != 1:
        raise ModelError(
            f"{path}: expected one tensor in and one out, found {len(signature.user_inputs)} in "
            f"and {len(signature.user_outputs)} out"
        )
    output = next(node for node in program.graph.nodes if node.name in signature.user_outputs)
    values = (input_of(program).meta["val"], output.meta["val"])
    for value in values:
        if not isinstance(value, Tensor) or value.dim() != 4 or value.dtype is not torch.float32:
            raise ModelError(
                f"{path}: expected float32 frames [1, C, H, W] in and out, found {value}"
            )
    return values


def _stride(program: ExportedProgram) -> Fraction:
    """Input size / output size, as the product of the strides on the way."""
    strides = {input_of(program): Fraction(1)}
    for node in program.graph.nodes:
        known = [strides[key] for key in node.all_input_nodes if key in strides]
        if known:
            strides[node] = known[0] * _step(node)
    return strides[next(iter(reversed(program.graph.nodes)))]


def _step(node: fx.Node) -> Fraction:
    """Input size / output size of one op, by its convolution's stride."""
    name, arguments = str(node.target), list(node.args)
    if not name.startswith("aten.conv") or len(arguments) <= STRIDE_ARGUMENT:
        return Fraction(1)
    step = Fraction(cast(list[int], arguments[STRIDE_ARGUMENT])[0])
    transposed = name.startswith("aten.conv_transpose") or (
        name.startswith("aten.convolution") and bool(arguments[TRANSPOSED_ARGUMENT])
    )
    return 1 / step if transposed else step
