"""The torch modules that a checkpoint is rebuilt from: the reference of every later check.

They hold effective values as buffers and are not for training.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..dialects.gdn import Norm


class Normalize(nn.Module):
    """GDN and GDN1, as CompressAI computes them (Ballé et al., 2016; Johnston et al., 2019).

    beta [C] and gamma [C out, C in] are effective values, not reparametrised ones.
    """

    beta: Tensor
    gamma: Tensor

    def __init__(self, beta: Tensor, gamma: Tensor, norm: Norm, inverse: bool):
        super().__init__()
        self.norm = norm
        self.inverse = inverse
        self.register_buffer("beta", beta)
        self.register_buffer("gamma", gamma)

    def forward(self, x: Tensor) -> Tensor:
        """float32 [1, C, H, W] to the same shape."""
        channels = len(self.beta)
        magnitude = x**2 if self.norm is Norm.L2 else torch.abs(x)
        norm = F.conv2d(magnitude, self.gamma.reshape(channels, channels, 1, 1), self.beta)
        match self.norm, self.inverse:
            case Norm.L2, False:
                norm = torch.rsqrt(norm)
            case Norm.L2, True:
                norm = torch.sqrt(norm)
            case Norm.L1, False:
                norm = torch.reciprocal(norm)
            case _:
                pass
        return x * norm


class Offset(nn.Module):
    """Adds a constant to each channel, as the medians of an entropy model are; offset [C]."""

    offset: Tensor

    def __init__(self, offset: Tensor):
        super().__init__()
        self.register_buffer("offset", offset.reshape(1, -1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """float32 [1, C, H, W] to the same shape."""
        return x + self.offset


class Abs(nn.Module):
    """|x|: what a scale hyperprior's analysis sees of the latent."""

    def forward(self, x: Tensor) -> Tensor:
        """Any shape to the same shape."""
        return torch.abs(x)


def convolution(weight: Tensor, bias: Tensor | None, stride: int) -> nn.Conv2d:
    """A convolution [out, in, k, k] with zero padding k // 2."""
    outputs, inputs, kernel, _ = weight.shape
    has_bias = bias is not None
    layer = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=has_bias, device="meta")
    _set_parameters(layer, weight, bias)
    return layer


def transposed_convolution(weight: Tensor, bias: Tensor | None, stride: int) -> nn.ConvTranspose2d:
    """A transposed convolution [in, out, k, k] whose output is stride x its input."""
    inputs, outputs, kernel, _ = weight.shape
    padding = kernel // 2
    layer = nn.ConvTranspose2d(
        inputs,
        outputs,
        kernel,
        stride,
        padding,
        stride + 2 * padding - kernel,
        bias=bias is not None,
        device="meta",
    )
    _set_parameters(layer, weight, bias)
    return layer


def _set_parameters(
    layer: nn.Conv2d | nn.ConvTranspose2d, weight: Tensor, bias: Tensor | None
) -> None:
    layer.weight = nn.Parameter(weight, requires_grad=False)
    if bias is not None:
        layer.bias = nn.Parameter(bias, requires_grad=False)
