"""The options of `licc bench`, and the command. Nothing heavy is imported with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..cli_numbers import add_load, add_numbers, numbers_of
from ..files import write_file, write_json

if TYPE_CHECKING:
    from ..console import Console


def add_bench_options(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    add = parser.add_argument
    add("model", type=Path, help="a checkpoint (.pt, .pth, .pth.tar) or an archive (.pt2)")
    add("--images", type=Path, nargs="+", required=True, metavar="DIR|FILE", help="to measure on")
    add_numbers(parser)
    add_load(parser)
    add("--json", type=Path, metavar="FILE", help="write the figures to a file")
    add("--csv", type=Path, metavar="FILE", help="write a row for each image, and their mean")
    add("--quiet", action="store_true", help="print errors only")


def run_bench(options: argparse.Namespace, console: "Console") -> int:
    """The command; its exit status."""
    from ..settings import Settings
    from . import bench

    for path in (options.json, options.csv):
        if path is not None and not path.parent.is_dir():
            raise ValueError(f"{path}: there is no folder {path.parent} to write it to")
    settings = Settings(**numbers_of(options))
    with console:
        found = bench(options.model, options.images, settings, console.step, console.warning)
    console.benchmark(found)
    if options.json:
        write_json(options.json, found.to_json())
    if options.csv:
        write_file(options.csv, found.to_csv().encode())
    return 0
