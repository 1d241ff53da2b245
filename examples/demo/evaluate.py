"""Measures a factorized-prior checkpoint in float: PSNR of the 8-bit output, real bits per pixel.

`bpp` counts the bytes that CompressAI's range coder writes with the tables in the file; `estimate`
is the entropy model's -log2 likelihood. Images are padded by replication to a multiple of 16.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from compressai.models import FactorizedPrior
from PIL import Image

STRIDE = 16


def load(path: Path) -> FactorizedPrior:
    """The model in a file that `train.py` wrote, tables as they are in the file."""
    state = torch.load(path, weights_only=True)["state_dict"]
    model = FactorizedPrior.from_state_dict(
        {name: v.float() if v.is_floating_point() else v for name, v in state.items()}
    )
    return model.eval()


@torch.inference_mode()
def measure(model: FactorizedPrior, path: Path) -> tuple[float, float, float]:
    """PSNR in dB, bits per pixel by real bytes, and by the entropy model's estimate."""
    image = np.asarray(Image.open(path).convert("RGB"))
    height, width, _ = image.shape
    x = torch.from_numpy(image.copy()).permute(2, 0, 1)[None].float() / 255
    padded = torch.nn.functional.pad(x, (0, -width % STRIDE, 0, -height % STRIDE), mode="replicate")
    coded = model.compress(padded)
    decoded = model.decompress(coded["strings"], coded["shape"])["x_hat"]
    output = np.floor(decoded[0, :, :height, :width].numpy() * 255 + 0.5).clip(0, 255)
    error = np.mean((output - image.transpose(2, 0, 1)) ** 2, dtype=np.float64)
    bits = 8 * len(coded["strings"][0][0])
    likelihoods = model(padded)["likelihoods"]["y"]
    estimate = -torch.log2(likelihoods).sum().item()
    pixels = height * width
    return 10 * np.log10(255**2 / error), bits / pixels, estimate / pixels


def main() -> None:
    """Prints a row for each image and the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path, nargs="+")
    parser.add_argument("--model", type=Path, default=Path(__file__).with_name("factorized-n24.pt"))
    args = parser.parse_args()
    model = load(args.model)
    rows = {path.stem: measure(model, path) for path in args.images}
    rows["mean"] = tuple(np.mean(list(rows.values()), axis=0))
    for name, (psnr, bpp, estimate) in rows.items():
        print(f"{name:12} psnr {psnr:.2f} bpp {bpp:.4f} estimate {estimate:.4f}")


if __name__ == "__main__":
    main()
