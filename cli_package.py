"""`licc package`: what a board needs besides the bitstream that only Vivado can make."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .console import Console


def add_package(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    add = parser.add_argument
    add("design", type=Path, help="a folder that `licc compile` wrote")
    add("-o", "--output", type=Path, default=Path("deploy"), metavar="DIR", help="(deploy)")
    add("--backend", choices=("hls", "rtl"), default="hls", help="whose cores Vivado takes (hls)")
    add("--quiet", action="store_true", help="print errors only")


def run_package(options: argparse.Namespace, console: "Console") -> int:
    """Writes the package, and prints where the registers of each core lie."""
    from rich.table import Table

    from .backends.board import Backend, package_design
    from .backends.design import open_design

    with console:
        console.step("writing the package")
        design, backend = open_design(options.design), Backend(options.backend)
        cores = package_design(design, options.output, backend)
    table = Table("core", "registers", "VDMA", "bits in", "bits out")
    for core in cores:
        addresses = f"{core.control:#x}", f"{core.dma:#x}"
        table.add_row(core.name, *addresses, str(core.input.bits), str(core.output.bits))
    console.print(table)
    return 0
