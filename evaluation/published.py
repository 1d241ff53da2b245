"""Rate–distortion curves that others have published, to relate a change of PSNR to one of rate.

Kodak, mean of 24 images, MSE models: CompressAI's results/image/kodak, files
compressai-{bmshj2018-factorized, bmshj2018-hyperprior, mbt2018-mean}_mse_cuda.json (Bégaint et al.,
2020, arXiv:2011.03029).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Curve:
    """Bits per pixel and PSNR (dB, RGB) of a family's models, in ascending order."""

    name: str
    bpp: tuple[float, ...]
    psnr: tuple[float, ...]

    def slope(self, bpp: float) -> float:
        """d ln(rate) / d PSNR near a rate: the part of it that another dB costs."""
        segment = int(np.clip(np.searchsorted(self.bpp, bpp), 1, len(self.bpp) - 1))
        rates = np.log(self.bpp[segment - 1 : segment + 1])
        below, above = self.psnr[segment - 1 : segment + 1]
        return float(rates[1] - rates[0]) / (above - below)


FACTORIZED = Curve(
    "bmshj2018-factorized",
    (0.1226, 0.1885, 0.2878, 0.4404, 0.6481, 0.9670, 1.3512, 1.8333),
    (26.909, 28.218, 29.617, 31.277, 32.956, 35.381, 37.397, 39.621),
)
HYPERPRIOR = Curve(
    "bmshj2018-hyperprior",
    (0.1313, 0.2089, 0.3199, 0.4784, 0.6687, 0.9388, 1.2592, 1.6602),
    (27.582, 29.197, 30.972, 32.838, 34.526, 36.743, 38.584, 40.557),
)
MEAN_SCALE = Curve(
    "mbt2018-mean",
    (0.1239, 0.1980, 0.3072, 0.4606, 0.6617, 0.9144, 1.2342, 1.6191),
    (27.699, 29.359, 31.129, 32.951, 34.968, 36.911, 38.838, 40.633),
)
FAMILIES = {
    "FactorizedPrior": FACTORIZED,
    "ScaleHyperprior": HYPERPRIOR,
    "MeanScaleHyperprior": MEAN_SCALE,
}


def curve_of(family: str) -> Curve:
    """The curve of a family; the factorized one's where nothing was published."""
    return FAMILIES.get(family, FACTORIZED)
