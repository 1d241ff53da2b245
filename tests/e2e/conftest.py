"""Small CompressAI models with random weights, compiled through the command line."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int, int], Path]:
    """`checkpoint(family, n, m)` is the file of a random model with a GDN far from the identity."""
    import compressai.models
    import torch

    families = {
        "factorized": compressai.models.FactorizedPrior,
        "hyperprior": compressai.models.ScaleHyperprior,
        "mean-scale": compressai.models.MeanScaleHyperprior,
    }
    folder = tmp_path_factory.mktemp("checkpoints")

    def make(family: str, n: int, m: int) -> Path:
        path = folder / f"{family}-{n}-{m}.pth"
        if path.exists():
            return path
        torch.manual_seed(1)
        model = families[family](n, m)
        with torch.no_grad():
            for name, parameter in model.named_parameters():
                if name.endswith("gamma"):
                    parameter += torch.rand_like(parameter) * 0.1
                if name.endswith("beta"):
                    parameter *= 1 + torch.rand_like(parameter)
                if name.endswith("bias") and not name.startswith("entropy"):
                    parameter += torch.randn_like(parameter) * 0.05
        model.update()
        torch.save(model.state_dict(), path)
        return path

    return make
