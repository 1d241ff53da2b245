"""What the compiler makes of a student: its passes, up to where integers would begin."""

import re
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import ReturnOp
from xdsl.ir import Operation, SSAValue

from .compiler import Pipeline, known_passes, make_pipeline
from .dialects import gdn, nn
from .dialects.gdn import Norm
from .dialects.quant import UniformAttr
from .dialects.tensors import array_of, integer_range, type_of
from .frontend import import_model
from .frontend.students.formats import Format, Formats
from .passes.assign_precision import layer_of
from .passes.prune_channels import weak_channels
from .passes.pruning.groups import group_of
from .runtime.arithmetic import Array
from .settings import parse_precision

PASSES = "equalize-channels, calibrate, assign-precision"
IMAGE = 64
LAYER = re.compile(r"[gh]_[as]\.\d+")


def student_formats(
    path: Path, norm: Norm, precision: str | None, prune: float | None = None
) -> Formats:
    """The formats of a checkpoint's layers at a precision like w8a8, calibrated on the built-in
    images as in `licc compile`, and the channels that it would prune at a threshold; None asks for
    neither. Raises `ModelError`, `ValueError` or `PassFailedException`."""
    module = import_model(path, IMAGE, IMAGE, norm)
    pruned = {} if prune is None else _silence(module, prune)
    if precision is None:
        return Formats({}, {}, {}, pruned)
    options = {"assign-precision": parse_precision(precision)}
    passes = make_pipeline(PASSES, options, known_passes())
    Pipeline(passes).apply(module)
    return _formats(module, pruned)


def _silence(module: ModuleOp, threshold: float) -> dict[str, Array]:
    """Makes the channels that `prune-channels` would remove zero, one convolution after the other,
    as it does; which they are."""
    pruned: dict[str, Array] = {}
    for writer in list(module.walk()):
        if not isinstance(writer, nn.Conv2dOp | nn.ConvTranspose2dOp):
            continue
        if (group := group_of(writer)) is None:
            continue
        channels = weak_channels(group, threshold)
        if len(channels):
            group.silence(channels)
            pruned[writer.layer.data] = channels
    return pruned


def _formats(module: ModuleOp, pruned: dict[str, Array]) -> Formats:
    values: dict[str, Format] = {}
    weights: dict[str, int] = {}
    tensors: dict[str, dict[str, Array]] = {}
    for op in module.walk():
        name = layer_of(op)
        if not LAYER.fullmatch(name):
            continue
        if found := _tensors(op):
            tensors[name] = found
        if isinstance(op, nn.Conv2dOp | nn.ConvTranspose2dOp) and op.weight_bits is not None:
            weights[name] = op.weight_bits.value.data
        encoding = type_of(op.results[0]).encoding
        if isinstance(encoding, UniformAttr) and not _leaves(op.results[0]):
            values[name] = Format(encoding.scale, *integer_range(encoding.storage))
    return Formats(values, weights, tensors, pruned)


def _tensors(op: Operation) -> dict[str, Array]:
    match op:
        case nn.Conv2dOp() | nn.ConvTranspose2dOp():
            bias = {} if op.bias is None else {"bias": array_of(op.bias)}
            return {"weight": array_of(op.weight)} | bias
        case gdn.NormalizeOp():
            return {"beta": array_of(op.beta), "gamma": array_of(op.gamma)}
        case _:
            return {}


def _leaves(value: SSAValue) -> bool:
    """Whether a value leaves its function: as a symbol, which training makes noisy, as a latent, or
    as a pixel. An offset in front of that changes nothing."""
    users = [use.operation for use in value.uses]
    return any(
        isinstance(user, ReturnOp) or (isinstance(user, nn.BiasOp) and _leaves(user.results[0]))
        for user in users
    )
