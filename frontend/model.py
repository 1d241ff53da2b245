"""A loaded model: its transforms as torch modules, and what else its file holds.

The modules are the reference that the IR is compared with; `run_function` and `reconstruct` run
them on NumPy arrays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from ..dialects.gdn import Norm
from .checkpoint import Provenance
from .errors import ModelError
from .sizes import check_multiple

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Stage:
    """One function of a model: its module (float32 [1, C, H, W] in and out) and its geometry.

    `stride` is input size / output size of an analysis, output size / input size of a synthesis.
    """

    module: nn.Module
    inputs: int
    outputs: int
    stride: int


@dataclass(frozen=True)
class Model:
    """A model with functions among g_a, g_s, h_a and h_s, all float32 in evaluation mode.

    `channels` and `latents` are CompressAI's N and M; tables are the entropy model's tensors as the
    file holds them. Medians are part of the functions (see docs/levels.md). `assumed_norm` is the
    form of GDN that was taken for granted because neither the file nor the caller said; `precision`
    that with whose rounding the model was trained, as in w8a10, if it was.
    """

    family: str
    provenance: Provenance
    stages: Mapping[str, Stage]
    channels: int
    latents: int
    tables: Mapping[str, NDArray[Any]] = field(default_factory=dict[str, NDArray[Any]])
    assumed_norm: Norm | None = None
    precision: str | None = None

    @property
    def functions(self) -> dict[str, nn.Module]:
        """The module of each function."""
        return {name: stage.module for name, stage in self.stages.items()}

    @property
    def assumption(self) -> str | None:
        """What was taken for granted, in words."""
        if self.assumed_norm is None:
            return None
        return (
            f"{self.provenance.file} does not say which form of GDN it has: assuming "
            f"{self.assumed_norm}; --norm names another"
        )

    @property
    def has_means(self) -> bool:
        """Whether h_s gives scales and means (scales first), not scales alone."""
        return "h_s" in self.stages and self.stages["h_s"].outputs == 2 * self.latents

    @property
    def stride(self) -> int:
        """What the image's height and width must be multiples of."""
        image = next(self.stages[name].stride for name in ("g_a", "g_s") if name in self.stages)
        hyper = self.stages["h_a"].stride if "h_a" in self.stages else 1
        return image * hyper

    def input_shape(self, name: str, height: int, width: int) -> tuple[int, int, int, int]:
        """The input [1, C, H, W] of a function for an image of height x width pixels.

        Raises `ModelError` unless both are positive multiples of `stride`.
        """
        self.check_size(height, width)
        image = next(self.stages[key].stride for key in ("g_a", "g_s") if key in self.stages)
        divisor = {"g_a": 1, "g_s": image, "h_a": image, "h_s": self.stride}[name]
        return 1, self.stages[name].inputs, height // divisor, width // divisor

    def check_size(self, height: int, width: int) -> None:
        """Raises `ModelError` unless height and width are positive multiples of `stride`."""
        check_multiple(self.provenance.file, self.stride, height, width)


@dataclass(frozen=True)
class Reconstruction:
    """What the float model makes of an image: symbols by function, pixels [3, H, W] in 0..1, and
    with a hyperprior the scales that it predicts for the latent."""

    symbols: Mapping[str, NDArray[np.int64]]
    pixels: Floats
    scales: Floats | None = None


def run_function(model: Model, name: str, x: Floats) -> Floats:
    """Runs one function in PyTorch: float32 [1, C, H, W] to float32 [1, C', H', W']."""
    if name not in model.stages:
        raise ModelError(f"{model.provenance.file}: has no {name}, only {', '.join(model.stages)}")
    with torch.inference_mode():
        result: Tensor = model.stages[name].module(torch.as_tensor(np.ascontiguousarray(x)))
    return np.asarray(result, np.float32)


def reconstruct(model: Model, image: Bytes) -> Reconstruction:
    """Image uint8 [H, W, 3] through the float model with rounded latents, H and W as `check_size`.

    Pixels are neither rounded nor clipped. Raises `ModelError` without both g_a and g_s.
    """
    x = np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32) / np.float32(255)
    model.check_size(*x.shape[2:])
    y = run_function(model, "g_a", x)
    symbols: dict[str, NDArray[np.int64]] = {}
    means, scales = np.zeros_like(y), None
    if "h_a" in model.stages:
        z = np.rint(run_function(model, "h_a", y))
        symbols["h_a"] = z.astype(np.int64)
        if "h_s" in model.stages:
            parameters = run_function(model, "h_s", z)
            scales = parameters[:, : model.latents]
            means = parameters[:, model.latents :] if model.has_means else means
    rounded = np.rint(y - means)
    symbols["g_a"] = rounded.astype(np.int64)
    return Reconstruction(symbols, run_function(model, "g_s", rounded + means)[0], scales)
