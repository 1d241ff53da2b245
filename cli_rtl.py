"""`licc synth`, and what `licc verify --rtl` prints: the SystemVerilog of a design, measured."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .files import write_json

if TYPE_CHECKING:
    from .backends.design.verify import Verification
    from .backends.rtl.synthesis import SynthesisRow
    from .console import Console

FIGURES = {"interval": "frame interval", "latency": "latency", "first_output": "first output"}


def add_synth(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    parser.add_argument("design", type=Path, help="a folder that `licc compile` wrote")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    parser.add_argument(
        "--jobs", type=positive, default=1, metavar="N", help="runs of yosys at once (%(default)s)"
    )
    parser.add_argument("--quiet", action="store_true", help="print errors only")


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 on, found {text!r}")
    return int(text)


def run_synth(options: argparse.Namespace, console: "Console") -> int:
    """Synthesises every actor of a design with yosys, and prints what it takes beside the model's
    figures."""
    from rich.table import Table

    from .backends.design import open_design
    from .backends.design.findings import synthesise_design

    with console:
        found = synthesise_design(open_design(options.design), console.step, options.jobs)
    for one in found:
        table = Table(f"@{one.function}: modelled, synthesised", "DSP", "BRAM36", "LUT", "FF")
        for row in (*one.rows, one.total):
            table.add_row(row.name, *_pairs(row))
        console.print(table)
        console.print(f"synthesised by {one.tool}; no figure of Vivado, and no clock, is claimed")
    if options.json:
        write_json(options.json, [one.to_json() for one in found])
    return 0


def print_cycles(result: "Verification", console: "Console") -> None:
    """The cycles of the RTL beside those of the cycle simulator, if the RTL was run."""
    from rich.table import Table

    if not result.rtl:
        return
    table = Table("function", "cycles", "RTL", "simulator")
    for function, figures in result.rtl.items():
        for name, label in FIGURES.items():
            cycles = (getattr(found, name) for found in (figures.measured, figures.simulated))
            table.add_row(f"@{function}", label, *(f"{count:,}" for count in cycles))
        table.add_row(f"@{function}", "pipelines, in latency", f"{figures.pipelines:,}", "")
    console.print(table)


def _pairs(row: "SynthesisRow") -> list[str]:
    """Both figures of every resource."""
    names = ("dsp", "bram36", "lut", "ff")
    return [f"{row.modelled[name]:g}, {row.synthesised[name]:g}" for name in names]
