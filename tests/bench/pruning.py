"""What pruning loses: channels chosen by rate and distortion, against channels of small norm.

    python tests/bench/pruning.py MODEL --images DIR [--flops 0.7] [--calibrate DIR]

All in the float program, at the same share of products, on the same images: the rate by the
entropy tables, and its change at equal PSNR as `licc bench` states it. Channels of small norm are
those that `prune-channels` removes with the smallest threshold that leaves so few products; once as
it leaves the others, and once fitted as `licc prune` fits them.
"""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from xdsl.utils.exceptions import PassFailedException

from licc.dialects.quant import PIXEL_SCALE
from licc.evaluation.figures import Comparison, Figures, mean_figures
from licc.evaluation.pruning.loss import pixels_of
from licc.evaluation.pruning.removal import Removal
from licc.evaluation.pruning.search import Search
from licc.frontend import load_model
from licc.passes.pruning.curvature import trace
from licc.passes.pruning.work import total_macs
from licc.runtime.images import find_images, psnr, read_image
from licc.settings import Settings

HALVINGS = 24


@dataclass(frozen=True)
class Bench:
    """A model and images to measure it on."""

    model: Path
    images: tuple[Path, ...]
    settings: Settings

    def start(self) -> Removal:
        """The whole model."""
        return Search(load_model(self.model), self.settings, lambda text: None).removal

    def figures(self, removal: Removal) -> Figures:
        """The mean PSNR of the float program in dB, and its rate by the tables."""
        return mean_figures(self.image(removal, path) for path in self.images)

    def image(self, removal: Removal, path: Path) -> Figures:
        """The figures of one image, whose sides are multiples of the model's stride."""
        image = read_image(path)
        traced = trace(removal.module, image.astype(np.float32) * np.float32(PIXEL_SCALE))
        pixels = np.rint(np.clip(traced.results["g_s"], 0, 1) * 255).astype(np.uint8)
        assert removal.rates is not None
        bits = sum(float(part.sum()) for part in removal.rates.bits(traced).values())
        rate = bits / pixels_of(traced)
        return Figures(psnr(image, pixels), None, rate, rate, None)


def remove_small(removal: Removal, share: float) -> None:
    """Removes channels of small norm until at most a share of the products is left."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if left_with(removal, middle) <= share else (middle, high)
    removal.remove_weak(high)


def left_with(removal: Removal, threshold: float) -> float:
    """The share of products that a threshold leaves; 0 where it would remove a whole layer."""
    trial = Trial(removal)
    try:
        trial.remove_weak(threshold)
    except PassFailedException:
        return 0.0
    return total_macs(trial.module) / removal.macs


class Trial(Removal):
    """A copy to try a threshold on, without any measurement."""

    def __init__(self, removal: Removal):
        self.module, self.kept = removal.module.clone(), dict(removal.kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--images", type=Path, nargs="+", required=True)
    parser.add_argument("--flops", type=float, default=0.7)
    parser.add_argument("--calibrate", type=Path)
    options = parser.parse_args()
    settings = Settings(calibrate=options.calibrate)
    bench = Bench(options.model, find_images(tuple(options.images)), settings)
    whole = bench.start()
    reference, curve = bench.figures(whole), whole.curve
    print(f"whole: {reference.psnr:.3f} dB, {reference.rate:.4f} bpp", flush=True)

    def show(name: str, removal: Removal) -> None:
        found = bench.figures(removal)
        change = Comparison(reference, found)
        print(
            f"{name}: {total_macs(removal.module) / removal.macs:.1%} of the products, "
            f"{found.psnr:.3f} dB, {found.rate:.4f} bpp, "
            f"{change.at_equal_psnr(curve):+.2f} % rate at equal PSNR, "
            f"{change.at_equal_rate(curve):+.3f} dB at equal rate",
            flush=True,
        )

    search = Search(load_model(options.model), settings, lambda text: None)
    search.to_share(options.flops)
    show("rate and distortion", search.removal)
    small = whole
    remove_small(small, options.flops)
    print({name: len(kept) for name, kept in small.kept.items()})
    show("small norm", small)
    small.fit()
    show("small norm, fitted", small)


if __name__ == "__main__":
    main()
