"""Writes a pruned float program as a checkpoint that CompressAI's own classes load and run.

These have one N for all hidden layers and one M for latents, so layers that keep fewer channels get
channels of zeros, which nothing reads and which `prune-channels` removes again.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from xdsl.dialects.builtin import ModuleOp

from ..dialects import gdn, nn
from ..dialects.tensors import array_of, shape_of
from ..runtime.arithmetic import Array
from .checkpoint import Checkpoint, read_checkpoint
from .families import BETA_BOUND, GAMMA_BOUND, PEDESTAL
from .students.checkpoints import write_bytes

BOTTLENECK = "entropy_bottleneck."
PER_CHANNEL = (
    *("quantiles", "_offset", "_quantized_cdf", "_cdf_length"),
    *("matrices.", "biases.", "factors.", "_matrix", "_bias", "_factor"),
)


@dataclass(frozen=True)
class Widths:
    """Channels that each layer has in the file, as far as they are not those of the program."""

    outputs: Mapping[str, int]
    inputs: Mapping[str, int]


def write_pruned(
    source: Path, module: ModuleOp, widths: Widths, coded: Array, output: Path
) -> None:
    """Writes the float module that was made of the checkpoint `source`; `coded` are the channels
    that are left of those that the entropy bottleneck codes. Raises `ModelError`."""
    found = read_checkpoint(source)
    norms = [op.norm.data for op in module.walk() if isinstance(op, gdn.NormalizeOp)]
    content = {
        "state_dict": pruned_state(found, module, widths, coded),
        "norm": str(norms[0]) if norms else None,
        "activation": found.activation and str(found.activation),
    }
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_bytes(output, buffer.getvalue())


def pruned_state(
    checkpoint: Checkpoint, module: ModuleOp, widths: Widths, coded: Array
) -> dict[str, Tensor]:
    """The state dict, with CompressAI's keys: float32 weights, and tables as they were."""
    state: dict[str, Tensor] = {}
    for key, tensor in checkpoint.tensors.items():
        of_channels = key.startswith(BOTTLENECK) and key.removeprefix(BOTTLENECK).startswith(
            PER_CHANNEL
        )
        cut = of_channels and tensor.dim() and len(tensor)
        value = tensor[torch.as_tensor(coded)] if cut else tensor
        state[key] = value.float() if value.is_floating_point() else value
    for op in module.walk():
        match op:
            case gdn.NormalizeOp():
                state |= _normalization(op, widths, checkpoint.tensors)
            case nn.Conv2dOp() | nn.ConvTranspose2dOp():
                state |= _convolution(op, widths)
            case _:
                pass
    return state


def _convolution(op: nn.Conv2dOp | nn.ConvTranspose2dOp, widths: Widths) -> dict[str, Tensor]:
    name, axis = op.layer.data, 1 if op.window.transposed else 0
    weight = array_of(op.weight)
    sizes = list(weight.shape)
    sizes[axis] = widths.outputs.get(name, sizes[axis])
    sizes[1 - axis] = widths.inputs.get(name, sizes[1 - axis])
    found = {f"{name}.weight": _padded(weight, sizes)}
    if op.bias is not None:
        found[f"{name}.bias"] = _padded(array_of(op.bias), [sizes[axis]])
    return found


def _normalization(
    op: gdn.NormalizeOp, widths: Widths, tensors: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """β and γ as CompressAI's NonNegativeParametrizer stores them, or as they are where the file
    has them so. Channels of zeros have β = 1."""
    name = op.layer.data
    channels = widths.outputs.get(name, shape_of(op.input)[1])
    beta = _padded(array_of(op.beta), [channels], 1.0)
    gamma = _padded(array_of(op.gamma), [channels, channels])
    if f"{name}.gamma_eff" in tensors:
        return {f"{name}.beta_eff": beta, f"{name}.gamma_eff": gamma}
    parts = (("beta", beta, BETA_BOUND), ("gamma", gamma, GAMMA_BOUND))
    return {f"{name}.{key}": _stored(each, bound) for key, each, bound in parts}


def _stored(effective: Tensor, bound: float) -> Tensor:
    """The v of max(v, bound)² − pedestal."""
    return (effective.double() + PEDESTAL).clamp(min=bound**2).sqrt().float()


def _padded(array: Array, sizes: list[int], fill: float = 0.0) -> Tensor:
    found = np.full(sizes, fill, np.float32)
    found[tuple(slice(size) for size in array.shape)] = array
    return torch.as_tensor(found)
