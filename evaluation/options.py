"""The options of `licc bench`, and the command. Nothing heavy is imported with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from ..cli_numbers import add_load, add_numbers, numbers_of
from ..files import write_file, write_json

if TYPE_CHECKING:
    from ..console import Console
    from .figures import Benchmark


def add_bench_options(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    add = parser.add_argument
    add(
        "models",
        type=Path,
        nargs="+",
        metavar="MODEL",
        help="checkpoints (.pt, .pth, .pth.tar) or archives (.pt2); several are a curve",
    )
    add("--images", type=Path, nargs="+", required=True, metavar="DIR|FILE", help="to measure on")
    add_numbers(parser)
    add_load(parser)
    add("--json", type=Path, metavar="FILE", help="write the figures to a file")
    add("--csv", type=Path, metavar="FILE", help="write a row for each image, and their mean")
    add("--plot", type=Path, metavar="FILE", help="draw the curve of several models (.svg, .png)")
    add("--quiet", action="store_true", help="print errors only")


def run_bench(options: argparse.Namespace, console: "Console") -> int:
    """The command; its exit status."""
    from ..settings import Settings
    from . import bench
    from .display import show_benchmark, show_deltas
    from .figures import to_csv

    for path in (options.json, options.csv, options.plot):
        if path is not None and not path.parent.is_dir():
            raise ValueError(f"{path}: there is no folder {path.parent} to write it to")
    if options.plot and len(options.models) < 2:
        raise ValueError(f"{options.plot}: a curve takes 2 models or more, found 1")
    settings, found = Settings(**numbers_of(options)), list["Benchmark"]()
    with console:
        for model in options.models:
            each = bench(model, options.images, settings, console.step, console.warning)
            show_benchmark(console, each)
            found.append(each)
    curves = None
    if len(found) > 1:
        from .curves import RateCurves

        curves = RateCurves.of(found)
        show_deltas(console, curves)
    if options.json:
        write_json(options.json, curves.to_json() if curves else found[0].to_json())
    if options.csv:
        write_file(options.csv, to_csv(found).encode())
    if curves and options.plot:
        from .curves import plot

        plot(curves, options.plot)
    return 0
