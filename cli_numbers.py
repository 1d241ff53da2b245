"""The options that say how numbers become integers: those that `compile` and `bench` share."""

import argparse
from pathlib import Path
from typing import Any

ROUNDING = ("nearest", "adaptive")


def add_numbers(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options."""
    add = parser.add_argument
    add("--calibrate", type=Path, metavar="DIR", help="images for ranges (a built-in set)")
    add(
        "--precision",
        help="bits of weights and values, then of layers: w8a8,g_a.0=w9,g_a.1=a10 (what the model "
        "was fine-tuned for, else w9a10)",
    )
    add(
        "--ranges",
        default="min-max",
        help="what ranges values get, then what layers give: min-max, percentile, mse, a share of "
        "min-max, or rate-distortion, which is found by measuring: mse,g_s.3=0.8 (min-max)",
    )
    add(
        "--rounding",
        choices=ROUNDING,
        help="adaptive: weights that make up for each other's errors (nearest for a fine-tuned "
        "model, else adaptive)",
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
    add(
        "--gdn",
        default="table",
        metavar="CORE",
        help="what computes GDN, then in layers: cheapest:n32g12,g_a.1=newton (table)",
    )
    add(
        "--gdn-error",
        type=float,
        default=0.0,
        metavar="E",
        help="the relative error that --gdn cheapest allows (0: 1/16 step of a layer's result)",
    )
    add("--norm", choices=("l1", "l2"), help="the form of GDN, if the checkpoint does not say (l2)")


def add_load(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the option `--load`."""
    parser.add_argument(
        "--load",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.py",
        help="a Python file that defines passes or GDN cores",
    )


def numbers_of(options: argparse.Namespace) -> dict[str, Any]:
    """The fields of `Settings` that these options are."""
    names = ("calibrate", "precision", "ranges", "rounding", "budget", "prune", "norm")
    names += ("gdn", "gdn_error")
    return {name: getattr(options, name) for name in names} | {"load": tuple(options.load)}
