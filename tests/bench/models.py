"""CompressAI models with random weights and a GDN far from the identity, for benchmarks."""

from pathlib import Path

import compressai.models
import torch

FAMILIES = {
    "factorized": compressai.models.FactorizedPrior,
    "hyperprior": compressai.models.ScaleHyperprior,
    "mean-scale": compressai.models.MeanScaleHyperprior,
}
# The layers that make latents, and what spreads them over many symbols.
LATENT_LAYERS = {"g_a.6", "h_a.4"}
LATENT_GAIN = 60


def write_checkpoint(path: Path, family: str, n: int, m: int, seed: int = 0) -> None:
    """Saves the state dict of a random model, entropy tables included."""
    torch.manual_seed(seed)
    model = FAMILIES[family](n, m)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("gamma"):
                parameter += torch.rand_like(parameter) * 0.1
            if name.endswith("beta"):
                parameter *= 1 + torch.rand_like(parameter)
            if name.endswith("bias") and not name.startswith("entropy"):
                parameter += torch.randn_like(parameter) * 0.05
        for name in LATENT_LAYERS & {name for name, _ in model.named_modules()}:
            model.get_submodule(name).weight.mul_(LATENT_GAIN)
    model.update()
    torch.save(model.state_dict(), path)
