"""Rounds a student in float as the compiler rounds it in integers, with gradients that pass.

Weights and values take the numbers that their formats have; the gradient is that of the identity
where a format reaches, and 0 beyond (the straight-through estimator: Bengio et al., 2013,
arXiv:1308.3432; Jacob et al., CVPR 2018). Scales stay as they were when training began, but for
those of weights, which follow the weights as they do in `quantize`. The sums, the requantisers'
multipliers and the core of a GDN are finer than the formats and are left in float.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ...runtime.arithmetic import Array
from .formats import Format, Formats


def round_values(x: Tensor, scale: Tensor | float, lowest: int, highest: int) -> Tensor:
    """The nearest number scale · n with n in lowest..highest, half up; any shape."""
    whole = (x / scale).clamp(lowest, highest)
    return (whole + (torch.floor(whole + 0.5) - whole).detach()) * scale


def round_weight(weight: Tensor, bits: int, axis: int) -> Tensor:
    """Weights [.., .., k, k] on the scale of each output channel (`axis`), which just holds the
    channel's largest."""
    others = [i for i in range(weight.dim()) if i != axis]
    highest = (1 << (bits - 1)) - 1
    largest = weight.detach().abs().amax(others, keepdim=True)
    scale = torch.where(largest > 0, largest / highest, 1.0)
    return round_values(weight, scale, -highest, highest)


class FakeQuantization:
    """Formats at work in a student: values are rounded by hooks, weights in `weights`."""

    def __init__(self, student: nn.Module, formats: Formats):
        self._student, self._formats = student, formats
        for layer, format in formats.values.items():
            student.get_submodule(layer).register_forward_hook(_rounding(format))

    def weights(self) -> dict[str, Tensor]:
        """The rounded weights of all convolutions, by the names of their parameters."""
        found: dict[str, Tensor] = {}
        for layer, bits in self._formats.weights.items():
            convolution: Any = self._student.get_submodule(layer)
            axis = 1 if isinstance(convolution, nn.ConvTranspose2d) else 0
            found[f"{layer}.weight"] = round_weight(convolution.weight, bits, axis)
        return found


@torch.no_grad()
def take_tensors(student: nn.Module, tensors: Mapping[str, Mapping[str, Array]]) -> None:
    """Gives a student the weights that its formats are for."""
    for layer, arrays in tensors.items():
        module: Any = student.get_submodule(layer)
        for name, array in arrays.items():
            value = torch.as_tensor(np.array(array, np.float32))
            if name in ("beta", "gamma"):
                value = getattr(module, f"{name}_reparam").init(value)
            getattr(module, name).copy_(value)


def _rounding(format: Format) -> Any:
    def hook(module: nn.Module, inputs: object, output: Tensor) -> Tensor:
        return round_values(output, format.scale, format.lowest, format.highest)

    return hook
