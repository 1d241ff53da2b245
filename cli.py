"""The command line. Nothing heavy is imported before a command runs."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .cli_codec import add_decode, add_encode, run_decode, run_encode
from .cli_dimension import add_dimension, frame_size, run_dimension
from .cli_gdn import add_gdn, run_gdn
from .cli_numbers import add_load, add_numbers, numbers_of
from .cli_package import add_package, run_package
from .cli_rtl import add_synth, print_cycles, run_synth
from .distillation import add_distill_options, run_distill
from .evaluation.options import add_bench_options, run_bench
from .evaluation.pruning.options import add_prune_options, run_prune
from .files import write_json

if TYPE_CHECKING:
    from .backends.design import Design
    from .console import Console
    from .settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `licc`; returns its exit status: 0, 1 for a failure, 2 for a wrong command line."""
    options = _parser().parse_args(arguments)
    from .console import Console, expected_errors

    console = Console(quiet=getattr(options, "quiet", False))
    try:
        return _COMMANDS[options.command](options, console)
    except expected_errors() as error:
        console.error(str(error))
        return 1
    except KeyboardInterrupt:
        console.error("interrupted")
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="licc", description="Compiles trained learned-image-compression models to FPGA codecs."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_compile(commands.add_parser("compile", help="compile a model into a design"))
    _add_verify(commands.add_parser("verify", help="check every link of a design's chain of proof"))
    add_encode(commands.add_parser("encode", help="code images into files, by a design"))
    add_decode(commands.add_parser("decode", help="decode such files into images"))
    _add_simulate(commands.add_parser("simulate", help="run a design's pipeline cycle by cycle"))
    _add_calibrate(
        commands.add_parser("calibrate", help="fit a target to reports of Vitis HLS or yosys")
    )
    add_synth(commands.add_parser("synth", help="synthesise a design's SystemVerilog with yosys"))
    add_dimension(commands.add_parser("dimension", help="find the widest student that fits"))
    _add_lint(commands.add_parser("lint", help="check C++ against what Vitis HLS takes"))
    add_bench_options(
        commands.add_parser("bench", help="measure quality and rate, float against integers")
    )
    add_prune_options(commands.add_parser("prune", help="remove channels of a checkpoint"))
    add_distill_options(commands.add_parser("distill", help="train a student, taught or not"))
    add_gdn(commands.add_parser("gdn", help="list and prove what computes the roots of GDN"))
    add_package(commands.add_parser("package", help="write what a board needs"))
    commands.add_parser("targets", help="list the boards that licc knows")
    return parser


def _add_compile(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("model", type=Path, help="a checkpoint (.pt, .pth, .pth.tar), an archive (.pt2), or .mlir")
    add("--target", default="zcu102", help="a board (see `licc targets`) or a file (zcu102)")
    add("--size", type=frame_size, default=(1280, 720), metavar="WxH", help="the frame (1280x720)")
    add("--direction", choices=("encoder", "decoder", "both"), default="both")
    add(
        "--fps",
        type=float,
        default=0.0,
        help="the cheapest design of this frame rate, not the fastest that fits",
    )
    add("--clock-mhz", type=float, help="the clock, if not the target's")
    add_numbers(parser)
    add(
        "--passes",
        default="...",
        metavar="PIPELINE",
        help="the passes, as in '..., fuse-streams, mine{threshold=3}, ...'",
    )
    add_load(parser)
    add("--dump-ir", type=Path, metavar="DIR", help="write the IR after every pass")
    add("--check", type=Path, metavar="IMAGE", help="run an image after every pass")
    add(
        "--explain",
        action="store_true",
        help="print what binds the frame rate, and the three cheapest ways out",
    )
    add("--timing", action="store_true", help="print the time of every pass")
    add("--quiet", action="store_true", help="print errors only")
    add("-o", "--output", type=Path, default=Path("design"), metavar="DESIGN", help="(design)")


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("design", type=Path, help="a folder that `licc compile` wrote")
    parser.add_argument("--images", type=Path, nargs="+", required=True, metavar="DIR|PNG")
    parser.add_argument("--rtl", action="store_true", help="simulate the SystemVerilog as well")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    parser.add_argument("--quiet", action="store_true", help="print errors only")


def _add_simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("design", type=Path, help="a folder that `licc compile` wrote")
    parser.add_argument("--frames", type=int, default=4, help="how many, at least 3 (4)")
    parser.add_argument(
        "--timing",
        type=_cycles,
        metavar="FIRST..LAST",
        help="show what every actor does in these cycles, as 0..80",
    )
    parser.add_argument(
        "--certificate", action="store_true", help="replay the certificate of the FIFO depths too"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to a file")
    parser.add_argument("--quiet", action="store_true", help="print errors only")


def _add_calibrate(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "reports",
        type=Path,
        nargs="+",
        metavar="REPORT",
        help="csynth.xml of Vitis HLS, or what `stat -json` of yosys prints",
    )
    add("--design", type=Path, required=True, help="the folder whose cores the reports are of")
    add("--target", help="a board or a file to begin with (the design's)")
    add("-o", "--output", type=Path, required=True, metavar="FILE.toml", help="the new target")
    add("--quiet", action="store_true", help="print errors only")


def _add_lint(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "design",
        type=Path,
        help="a folder that `licc compile` wrote, an HLS project in one, or a C++ file",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings to a file")
    parser.add_argument("--quiet", action="store_true", help="print errors only")


def _cycles(text: str) -> tuple[int, int]:
    first, _, last = text.partition("..")
    if not (first.isdecimal() and last.isdecimal()):
        raise argparse.ArgumentTypeError(f"must be like 0..80, found {text}")
    return int(first), int(last)


def _compile(options: argparse.Namespace, console: "Console") -> int:
    from .driver import Observer, compile
    from .passes.balance_pipeline import OutOfReach

    settings = _settings(options)
    observer = Observer(console.step, console.passed, console.warning)
    try:
        with console:
            design = compile(options.model, options.output, settings, observer)
    except OutOfReach as error:
        console.error(str(error))
        if error.explanation:
            console.explanation(error.explanation.to_json())
        return 1
    console.summary(design, timing=options.timing)
    if found := design.report["balance"]["explanation"]:
        console.explanation(found)
    return 0


def _settings(options: argparse.Namespace) -> "Settings":
    from .settings import Settings

    return Settings(
        target=options.target,
        size=options.size,
        direction=options.direction,
        fps=options.fps,
        clock_mhz=options.clock_mhz,
        passes=options.passes,
        dump_ir=options.dump_ir,
        check=options.check,
        explain=options.explain,
        **numbers_of(options),
    )


def _verify(options: argparse.Namespace, console: "Console") -> int:
    from .backends.design import open_design
    from .driver import verify_design
    from .runtime.images import find_images

    with console:
        design = open_design(options.design)
        images = find_images(tuple(options.images))
        result = verify_design(design, images, console.step, options.rtl)
    console.verification(result)
    print_cycles(result, console)
    if options.json:
        write_json(options.json, result.to_json())
    return 0 if result.ok else 1


def _simulate(options: argparse.Namespace, console: "Console") -> int:
    from .backends.design import open_design
    from .backends.simulator import simulate
    from .backends.simulator.timing import timings

    with console:
        design = open_design(options.design)
        module = design.module("stream")
        diagrams = timings(module, *options.timing) if options.timing else {}
        console.step(f"simulating {options.frames} frames")
        found = simulate(module, options.frames)
    console.simulation(found, design.report["target"]["clock_mhz"])
    console.timings(diagrams)
    if options.json:
        figures = [simulation.to_json() for simulation in found]
        write_json(options.json, figures)
    if any(simulation.deadlock for simulation in found):
        return 1
    return _replay(design, console) if options.certificate else 0


def _replay(design: "Design", console: "Console") -> int:
    from .backends.simulator.replay import replay

    with console:
        console.step("replaying the certificate of the FIFO depths")
        found = replay(design.module("stream"))
    console.replays(found)
    return 0 if all(one.ok for one in found) else 1


def _calibrate(options: argparse.Namespace, console: "Console") -> int:
    from .backends.calibrate import calibrate_target

    with console:
        console.step(f"fitting to {len(options.reports)} reports")
        found = calibrate_target(options.reports, options.design, options.output, options.target)
    console.calibration(found, options.output)
    return 0


def _lint(options: argparse.Namespace, console: "Console") -> int:
    from .backends.lint import lint

    with console:
        console.step("checking the C++")
        found = lint(options.design)
    console.findings(options.design, found)
    if options.json:
        entries = [finding.to_json() for finding in found]
        write_json(options.json, entries)
    return 1 if found else 0


def _targets(options: argparse.Namespace, console: "Console") -> int:
    console.targets()
    return 0


_COMMANDS = {
    "compile": _compile,
    "verify": _verify,
    "encode": run_encode,
    "decode": run_decode,
    "simulate": _simulate,
    "calibrate": _calibrate,
    "dimension": run_dimension,
    "gdn": run_gdn,
    "lint": _lint,
    "synth": run_synth,
    "bench": run_bench,
    "prune": run_prune,
    "distill": run_distill,
    "package": run_package,
    "targets": _targets,
}


if __name__ == "__main__":
    sys.exit(main())
