"""The options of `licc bench`, and the command. Nothing heavy is imported with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..files import write_file, write_json

if TYPE_CHECKING:
    from ..console import Console


def add_bench_options(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    add = parser.add_argument
    add("model", type=Path, help="a checkpoint (.pt, .pth, .pth.tar) or an archive (.pt2)")
    add("--images", type=Path, nargs="+", required=True, metavar="DIR|FILE", help="to measure on")
    add("--precision", default="w8a8", help="bits of weights and activations (w8a8)")
    add("--prune", type=float, default=0.0, metavar="NORM", help="remove channels below it (0)")
    add("--norm", choices=("l1", "l2"), help="the form of GDN, if the checkpoint does not say (l2)")
    add("--json", type=Path, metavar="FILE", help="write the figures to a file")
    add("--csv", type=Path, metavar="FILE", help="write a row for each image, and their mean")
    add("--quiet", action="store_true", help="print errors only")


def run_bench(options: argparse.Namespace, console: "Console") -> int:
    """The command; its exit status."""
    from ..dialects.gdn import Norm
    from . import bench

    for path in (options.json, options.csv):
        if path is not None and not path.parent.is_dir():
            raise ValueError(f"{path}: there is no folder {path.parent} to write it to")
    norm = Norm(options.norm) if options.norm else None
    with console:
        found = bench(
            options.model,
            options.images,
            options.precision,
            options.prune,
            norm,
            console.step,
            console.warning,
        )
    console.benchmark(found)
    if options.json:
        write_json(options.json, found.to_json())
    if options.csv:
        write_file(options.csv, found.to_csv().encode())
    return 0
