"""Students as torch modules: CompressAI's own models, with the norm and activation asked for.

The only file that calls CompressAI, which has no types.
"""

import warnings
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import torch
from torch import Tensor, nn

from ...dialects.gdn import Norm
from ..checkpoint import Checkpoint, Provenance
from ..families import ACTIVATIONS, build_model
from ..model import Model
from .architecture import Activation, Architecture, Family

FAMILIES = {
    Family.FACTORIZED: "FactorizedPrior",
    Family.HYPERPRIOR: "ScaleHyperprior",
    Family.MEAN_SCALE: "MeanScaleHyperprior",
}


def build_student(architecture: Architecture) -> Any:
    """CompressAI's model with random weights, which are drawn from torch's generator; its state
    dict has the keys of CompressAI's, so that everything that reads those reads it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        models: Any = import_module("compressai.models")
    model = getattr(models, FAMILIES[architecture.family])(architecture.n, architecture.m)
    if architecture.norm is Norm.L1:
        for transform in (model.g_a, model.g_s):
            _use_gdn1(transform)
    if architecture.activation is not None:
        for transform in (model.h_a, model.h_s):
            _use_activation(transform, architecture.activation)
    return model


def untrained_model(architecture: Architecture, seed: int = 0) -> Model:
    """What `load_model` would give for a checkpoint of a student that nobody has trained."""
    before = torch.get_rng_state()
    torch.default_generator.manual_seed(seed)
    state: dict[str, Tensor] = build_student(architecture).state_dict()
    torch.set_rng_state(before)
    name = f"{architecture.family}-n{architecture.n}-m{architecture.m}"
    return build_model(
        Checkpoint(Provenance(name, ""), state, architecture.norm, architecture.activation)
    )


def _use_gdn1(transform: nn.Sequential) -> None:
    layers: Any = import_module("compressai.layers")
    for index, layer in _layers(transform, layers.GDN):
        transform[index] = layers.GDN1(layer.beta.numel(), inverse=layer.inverse)


def _use_activation(transform: nn.Sequential, activation: Activation) -> None:
    """The ReLU that ends the h_s of a scale hyperprior stays: it keeps scales positive."""
    for index, _ in _layers(transform, nn.ReLU, nn.LeakyReLU):
        if index < len(transform) - 1:
            transform[index] = ACTIVATIONS[activation](inplace=True)


def _layers(transform: nn.Sequential, *kinds: type[nn.Module]) -> Iterator[tuple[int, Any]]:
    for index, layer in enumerate(transform):
        if isinstance(layer, kinds):
            yield index, layer
