"""The command `licc dimension`: its arguments, and what it prints and writes."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .files import write_json

if TYPE_CHECKING:
    from .console import Console
    from .dimensioning import Demand


def add_dimension(parser: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    add = parser.add_argument
    add("--target", default="zcu102", help="a board (see `licc targets`) or a file (zcu102)")
    add("--size", type=frame_size, default=(1280, 720), metavar="WxH", help="the frame (1280x720)")
    add("--fps", type=float, default=30.0, help="the frame rate to reach (30)")
    add("--family", choices=("factorized", "hyperprior", "mean-scale"), default="factorized")
    add("--direction", choices=("encoder", "decoder", "both"), default="both")
    add("--clock-mhz", type=float, help="the clock, if not the target's")
    add("--n", type=_widths, nargs="+", metavar="N,…", help="widths (ten from 16 to 128)")
    add("--m", type=int, default=192, help="channels of the latent (192)")
    add("--norm", choices=("l1", "l2"), default="l2", help="the form of GDN (l2)")
    add("--activation", choices=("relu", "leaky_relu"), help="in a hyperprior (the family's own)")
    add("--precision", default="w9a10", help="bits of weights and activations (w9a10)")
    add(
        "--search-fifos", action="store_true", help="search FIFO depths: seconds to minutes a width"
    )
    add("--json", type=Path, metavar="FILE", help="write the figures to a file")
    add("--quiet", action="store_true", help="print errors only")


def frame_size(text: str) -> tuple[int, int]:
    """Width and height in a text like 1280x720."""
    width, _, height = text.partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise argparse.ArgumentTypeError(f"must be like 1280x720, found {text}")
    return int(width), int(height)


def run_dimension(options: argparse.Namespace, console: "Console") -> int:
    """Weighs the widths; 1 if none reaches the rate."""
    from .dimensioning import DEFAULT_WIDTHS, dimension

    if options.json and (options.json.is_dir() or not options.json.parent.is_dir()):
        raise ValueError(f"{options.json}: is no file in a folder that exists")
    widths = [n for group in options.n for n in group] if options.n else DEFAULT_WIDTHS
    with console:
        console.step(f"weighing {len(set(widths))} widths")
        found = dimension(_demand(options), widths, console.step)
    console.dimensions(found)
    if options.json:
        write_json(options.json, found.to_json())
    if found.largest_n:
        return 0
    smallest = found.widths[0]
    console.error(
        f"no width reaches {options.fps:g} frames a second: N={smallest.n}: {smallest.shortfall}"
    )
    return 1


def _demand(options: argparse.Namespace) -> "Demand":
    from .dialects.gdn import Norm
    from .dimensioning import Demand
    from .frontend.students import Activation, Family

    return Demand(
        family=Family(options.family),
        m=options.m,
        norm=Norm(options.norm),
        activation=Activation(options.activation) if options.activation else None,
        target=options.target,
        size=options.size,
        direction=options.direction,
        fps=options.fps,
        clock_mhz=options.clock_mhz,
        precision=options.precision,
        search_fifos=options.search_fifos,
    )


def _widths(text: str) -> list[int]:
    try:
        return [int(part) for part in text.split(",") if part]
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be whole numbers like 32,48,64, found {text}"
        ) from None
