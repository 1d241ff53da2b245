"""The options of `licc prune`, and the command. Nothing heavy is imported with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ...cli_dimension import frame_size
from ...files import write_json

if TYPE_CHECKING:
    from ...console import Console


def add_prune_options(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    add = parser.add_argument
    add("model", type=Path, help="a checkpoint (.pt, .pth, .pth.tar)")
    add(
        "--prune",
        required=True,
        metavar="DEMAND",
        help="flops=0.7 (the share of products that stays), fps=60, or norm=1e-3; with commas",
    )
    add("--calibrate", type=Path, metavar="DIR", help="images to fit layers to (a built-in set)")
    add("--norm", choices=("l1", "l2"), help="the form of GDN, if the checkpoint does not say (l2)")
    add("--target", default="zcu102", help="for fps: a board (see `licc targets`) or a file")
    add("--size", type=frame_size, default=(1280, 720), metavar="WxH", help="the frame (1280x720)")
    add("--direction", choices=("encoder", "decoder", "both"), default="both", help="for fps")
    add("--clock-mhz", type=float, help="for fps: the clock, if not the target's")
    add("--precision", help="for fps: bits of weights and activations (w9a10)")
    add("--json", type=Path, metavar="FILE", help="write the figures to a file")
    add("--quiet", action="store_true", help="print errors only")
    add("-o", "--output", type=Path, default=Path("pruned.pt"), metavar="FILE", help="(pruned.pt)")


def run_prune(options: argparse.Namespace, console: "Console") -> int:
    """The command; its exit status."""
    from ...settings import Settings
    from ..display import show_pruned
    from . import prune

    for path in (options.json, options.output):
        if path is not None and (path.is_dir() or not path.parent.is_dir()):
            raise ValueError(f"{path}: is no file in a folder that exists")
    names = ("prune", "calibrate", "norm", "target", "size", "direction", "clock_mhz", "precision")
    settings = Settings(**{name: getattr(options, name) for name in names})
    with console:
        found = prune(options.model, options.output, settings, console.step)
    show_pruned(console, found, options.output)
    if options.json:
        write_json(options.json, found.to_json())
    return 0
