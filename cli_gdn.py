"""`licc gdn`: the GDN cores there are, with their errors on all mantissas."""

import argparse
from typing import TYPE_CHECKING

from .cli_numbers import add_load

if TYPE_CHECKING:
    from .console import Console


def add_gdn(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    add_load(parser)


def run_gdn(options: argparse.Namespace, console: "Console") -> int:
    """Proves and prints every core; `PluginError` for one of a file that does not hold."""
    from rich.table import Table

    from .passes.plugins import installed_cores, load_plugin
    from .runtime.gdn_cores import built_in_cores, check, largest_error, mantissas

    cores = built_in_cores() | installed_cores()
    for file in options.load:
        cores |= load_plugin(file).cores
    figures = ("declared", "found", "DSP", "BRAM18", "LUT", "FF", "cycles")
    table = Table("core", "form", *figures)
    for core in cores.values():
        check(core)
        for form, each in core.forms.items():
            found, cost = largest_error(form, each.evaluate(mantissas(form))), each.cost
            numbers = (cost.dsp, cost.bram18, cost.lut, cost.ff, cost.latency)
            errors = (f"{float(error):.2g}" for error in (each.error, found))
            table.add_row(core.name, form.replace("_", " "), *errors, *map(str, numbers))
    console.print(table)
    return 0
