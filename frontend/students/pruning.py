"""Channels that the compiler is to remove, held at zero while the others learn to do without."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from ...runtime.arithmetic import Array


def hold_at_zero(student: nn.Module, pruned: Mapping[str, Array]) -> None:
    """Makes output channels of convolutions zero, by layer, and lets no gradient through to them,
    so that an optimizer that has not begun leaves them there."""
    for layer, channels in pruned.items():
        convolution: Any = student.get_submodule(layer)
        axis = 1 if isinstance(convolution, nn.ConvTranspose2d) else 0
        _hold(convolution.weight, axis, channels)
        _hold(convolution.bias, 0, channels)


def _hold(parameter: Any, axis: int, channels: Array) -> None:
    mask = torch.ones_like(parameter)
    mask.index_fill_(axis, torch.as_tensor(channels, device=mask.device), 0)
    with torch.no_grad():
        parameter *= mask

    def masked(gradient: Tensor) -> Tensor:
        return gradient * mask

    parameter.register_hook(masked)
