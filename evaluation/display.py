"""What `licc bench` and `licc prune` print."""

from pathlib import Path
from typing import TYPE_CHECKING

from rich.table import Table

from .figures import Benchmark, Comparison

if TYPE_CHECKING:
    from ..console import Console
    from .curves import RateCurves
    from .pruning import Pruned


def show_benchmark(console: "Console", found: Benchmark) -> None:
    """Quality and rate of every image, and their means."""
    bpp = "bpp (empirical)" if found.rate_missing else "bpp"
    table = Table("image", "program", "PSNR", "MS-SSIM", bpp, "PSNR, rate")
    for image in found.images:
        _add_comparison(table, image.name, image.comparison)
    table.add_section()
    _add_comparison(table, "mean", found.mean)
    console.print(table)
    precision = found.numbers["precision"]
    console.print(f"measured; integer: the program of `licc compile` at {precision}")
    at_equal = found.mean.at_equal_psnr(found.curve), found.mean.at_equal_rate(found.curve)
    if at_equal[0] is not None:
        console.print(
            f"mean: {at_equal[0]:+.2f} % rate at equal PSNR, or {at_equal[1]:+.3f} dB at equal "
            f"rate, along the published curve of {found.curve.name}"
        )
    if found.rate_missing:
        text = f"bpp is the entropy of the symbols' histograms, for {found.rate_missing}"
        console.print(text)


def show_deltas(console: "Console", found: "RateCurves") -> None:
    """Bjøntegaard deltas of a curve."""
    table = Table("Bjøntegaard delta", "rate", "PSNR")
    for name, each in found.deltas.items():
        rate = "no overlap" if each.rate_percent is None else f"{each.rate_percent:+.2f} %"
        psnr = "no overlap" if each.psnr is None else f"{each.psnr:+.3f} dB"
        table.add_row(name.replace("_", " "), rate, psnr)
    console.print(table)
    points = f"{len(found.benchmarks)} models; published: {found.published.name} on Kodak"
    console.print(points)


def show_pruned(console: "Console", found: "Pruned", output: Path) -> None:
    """What a model lost, layer by layer, and where it is."""
    table = Table("layer", "channels", "left", "MMAC", "left")
    for name, macs in found.macs.items():
        table.add_row(
            name, *map(str, found.channels[name]), *(f"{number / 1e6:,.0f}" for number in macs)
        )
    before, after = found.total_macs
    table.add_section()
    table.add_row("all", "", "", *(f"{number / 1e6:,.0f}" for number in (before, after)))
    console.print(table)
    rate = f"{found.rate_percent:+.2f} % rate at equal PSNR, {found.psnr:+.3f} dB"
    if found.rate_missing:
        rate = f"{found.psnr:+.3f} dB ({found.rate_missing})"
    console.print(
        f"{after / before:.1%} of the products of a frame are left; {rate} on the calibration "
        "images (measured, in float)"
    )
    if found.fps:
        console.print(f"{found.fps:.1f} frames a second (modelled)")
    console.print(f"{output}: next, `licc compile {output}`")


def _add_comparison(table: Table, name: str, comparison: Comparison) -> None:
    """A row for the float model, and one for the integer program with what changes."""
    psnr, rate = comparison.psnr_change, comparison.rate_percent
    changes = [
        *([] if psnr is None else [f"{psnr:+.3f} dB"]),
        *([] if rate is None else [f"{rate:+.2f} %"]),
    ]
    sides = (
        ("float", comparison.reference, ""),
        ("integer", comparison.compiled, ", ".join(changes)),
    )
    for program, side, change in sides:
        ms_ssim = "-" if side.ms_ssim is None else f"{side.ms_ssim:.4f}"
        bpp = "-" if side.rate is None else f"{side.rate:.4f}"
        table.add_row(name, program, f"{side.psnr:.2f} dB", ms_ssim, bpp, change)
        name = ""
