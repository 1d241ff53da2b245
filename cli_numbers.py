"""The options that say how numbers become integers: those that `compile` and `bench` share."""

import argparse
from pathlib import Path
from typing import Any

RANGES = ("min-max", "percentile", "mse")
ROUNDING = ("nearest", "adaptive")


def add_numbers(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options."""
    add = parser.add_argument
    add("--calibrate", type=Path, metavar="DIR", help="images for ranges (a built-in set)")
    add(
        "--precision",
        default="w8a8",
        help="bits of weights and activations, then of layers: w8a8,g_a.0=w9,g_a.1=a10 (w8a8)",
    )
    add("--ranges", choices=RANGES, default="min-max", help="what ranges values get (min-max)")
    add(
        "--rounding",
        choices=ROUNDING,
        default="nearest",
        help="adaptive: weights that make up for each other's errors (nearest)",
    )
    add(
        "--budget",
        metavar="LOSS",
        help="find the cheapest bits of layers that lose no more: bd-rate=1%% or psnr=0.1 (dB)",
    )
    add(
        "--prune",
        default="0",
        metavar="DEMAND",
        help="remove channels: flops=0.7 (the share that stays), fps=60, or norm=1e-3 (0: only "
        "what has no effect)",
    )
    add("--norm", choices=("l1", "l2"), help="the form of GDN, if the checkpoint does not say (l2)")


def numbers_of(options: argparse.Namespace) -> dict[str, Any]:
    """The fields of `Settings` that these options are."""
    names = ("calibrate", "precision", "ranges", "rounding", "budget", "prune", "norm")
    return {name: getattr(options, name) for name in names}
