"""Trains the demo's model: CompressAI's factorized prior (Ballé et al., 2018) with few channels.

The loss is R + lambda * 255^2 * MSE on random crops. The state is saved every `--checkpoint-every`
steps and a run that was stopped continues from there. At the end the entropy tables are computed
by an explicit `update()` and the state dict is written as float16 (tables stay integers).
Needs the extra `torch`; licc itself never imports this file.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from compressai.models import FactorizedPrior
from PIL import Image

SUFFIXES = {".png", ".webp", ".jpg", ".jpeg"}


def load_images(folders: list[Path], excluded: set[str]) -> list[np.ndarray]:
    """All images under the folders as uint8 [H, W, 3]; excluded are stems."""
    paths = sorted(
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in SUFFIXES and path.stem not in excluded
    )
    if not paths:
        raise SystemExit(f"no images in {', '.join(map(str, folders))}")
    return [np.asarray(Image.open(path).convert("RGB")) for path in paths]


def random_batch(
    images: list[np.ndarray], rng: np.random.Generator, batch: int, crop: int
) -> torch.Tensor:
    """Random crops, flipped at random, as float32 [batch, 3, crop, crop] in 0..1."""
    crops = []
    for image in rng.integers(len(images), size=batch):
        height, width, _ = images[image].shape
        y, x = rng.integers(height - crop + 1), rng.integers(width - crop + 1)
        patch = images[image][y : y + crop, x : x + crop]
        crops.append(patch[:, :: rng.choice([-1, 1])])
    return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 255


def loss_of(model: FactorizedPrior, x: torch.Tensor, lmbda: float) -> tuple[torch.Tensor, ...]:
    """Rate-distortion loss, bits per pixel and mean squared error (0..1 scale)."""
    out = model(x)
    bits = -torch.log2(out["likelihoods"]["y"]).sum()
    bpp = bits / (x.shape[0] * x.shape[2] * x.shape[3])
    mse = torch.nn.functional.mse_loss(out["x_hat"], x)
    return bpp + lmbda * 255**2 * mse, bpp, mse


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Short warm-up, constant for two thirds, then a cosine down to a hundredth."""
    if step < 200:
        return peak * (step + 1) / 200
    tail = max(0.0, (step - 0.6 * steps) / (0.4 * steps))
    return peak * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * tail)))


class Trainer:
    """Model, optimisers and position of one training run, kept in a checkpoint file."""

    def __init__(self, args: argparse.Namespace):
        torch.manual_seed(args.seed)
        self.args = args
        self.model = FactorizedPrior(args.n, args.m)
        groups: dict[bool, list[torch.nn.Parameter]] = {True: [], False: []}
        for name, parameter in self.model.named_parameters():
            groups[name.endswith("quantiles")].append(parameter)
        self.main = torch.optim.Adam(groups[False], lr=args.lr)
        self.quantiles = torch.optim.Adam(groups[True], lr=1e-3)
        self.step = 0
        self.seconds = 0.0
        if args.checkpoint.exists():
            state = torch.load(args.checkpoint, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.main.load_state_dict(state["main"])
            self.quantiles.load_state_dict(state["quantiles"])
            self.step, self.seconds = state["step"], state["seconds"]

    def save(self) -> None:
        """Writes the checkpoint so that a stop never leaves half a file."""
        state = {
            "model": self.model.state_dict(),
            "main": self.main.state_dict(),
            "quantiles": self.quantiles.state_dict(),
            "step": self.step,
            "seconds": self.seconds,
        }
        partial = self.args.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.args.checkpoint)

    def train_step(self, x: torch.Tensor) -> tuple[float, float]:
        """One update of the weights and one of the quantiles; bits per pixel and PSNR."""
        for group in self.main.param_groups:
            group["lr"] = learning_rate(self.step, self.args.steps, self.args.lr)
        self.main.zero_grad()
        loss, bpp, mse = loss_of(self.model, x, self.args.lmbda)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.main.step()
        self.quantiles.zero_grad()
        self.model.aux_loss().backward()
        self.quantiles.step()
        self.step += 1
        return bpp.item(), -10 * math.log10(mse.item())

    def run(self, images: list[np.ndarray]) -> None:
        """Trains up to `--steps`; a batch depends on the seed and the step alone."""
        rows = []
        start = time.monotonic() - self.seconds
        while self.step < self.args.steps:
            rng = np.random.default_rng([self.args.seed, self.step])
            rows.append(self.train_step(random_batch(images, rng, self.args.batch, self.args.crop)))
            self.seconds = time.monotonic() - start
            if self.step % self.args.checkpoint_every == 0 or self.step == self.args.steps:
                bpp, psnr = np.mean(rows, axis=0)
                print(f"{self.step} {self.seconds:.0f}s bpp {bpp:.4f} psnr {psnr:.3f}", flush=True)
                rows = []
                self.save()

    def export(self) -> None:
        """Rounds the parameters to float16, updates the entropy tables, writes the state dict."""
        self.model.half().float().eval()
        self.model.update(force=True)
        torch.save({"state_dict": self.model.half().state_dict(), "norm": "l2"}, self.args.output)


def main() -> None:
    """Command line; the defaults are those of the model in this folder."""
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", type=Path, nargs="+", help="folders of training images")
    parser.add_argument("-o", "--output", type=Path, default=here / "factorized-n24.pt")
    parser.add_argument("--checkpoint", type=Path, default=Path("factorized-n24.checkpoint"))
    parser.add_argument("--checkpoint-every", type=int, default=500)
    parser.add_argument("--exclude", nargs="*", default=["path-lossless"], help="stems left out")
    parser.add_argument("-n", type=int, default=24)
    parser.add_argument("-m", type=int, default=48)
    parser.add_argument("--lmbda", type=float, default=0.013)
    parser.add_argument("--steps", type=int, default=20000)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--crop", type=int, default=128)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    trainer = Trainer(args)
    trainer.run(load_images(args.images, set(args.exclude)))
    trainer.export()


if __name__ == "__main__":
    main()
