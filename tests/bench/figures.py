"""What codecs for 1280x720 video reach on a ZCU102, and how far the simulator agrees.

    python tests/bench/figures.py [MODEL…]

Three models with random weights, at 8 bits; then each MODEL, encoder and decoder together. Frames
are padded to what a model's strides need. Prints Markdown: the figures of docs/performance.md.
"""

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from models import write_checkpoint
from xdsl.dialects.func import FuncOp

from licc import Design, Settings, compile
from licc.backends.simulator import simulate_function
from licc.compiler import PassRun
from licc.dialects.schedule import frame_cycles
from licc.driver import Observer

CASES = (
    ("factorized", 64, 192, (1280, 720), "encoder"),
    ("factorized", 128, 192, (1280, 720), "encoder"),
    ("hyperprior", 64, 192, (1280, 768), "both"),
)
HEADER = """
| design | engine | fps | DSP efficiency | DSP | BRAM36 | LUT | modelled | simulated | ratio |
|---|---|---|---|---|---|---|---|---|---|"""
LAYERS = """
| layer with 3 channels | po, pi, pk, px | products a slice | DSP | efficiency |
|---|---|---|---|---|"""
TIMES = """
| design | whole compile, s | balance-pipeline, s | size-fifos, s |
|---|---|---|---|"""


def main() -> None:
    """Prints the tables."""
    with tempfile.TemporaryDirectory() as name:
        cases: list[tuple[str, Path, Settings]] = []
        for family, n, m, size, direction in CASES:
            path = Path(name) / f"{family}-{n}.pth"
            write_checkpoint(path, family, n, m)
            title = f"{family} N={n}, M={m}, {size[0]}x{size[1]}"
            cases.append((title, path, Settings(size=size, direction=direction)))
        for model in map(Path, sys.argv[1:]):
            cases.append((model.stem, model, Settings()))
        print(HEADER)
        layers: list[str] = []
        times: list[str] = []
        for title, path, settings in cases:
            runs: list[PassRun] = []
            start = time.perf_counter()
            design = compile(path, Path(name) / title, settings, Observer(passed=runs.append))
            seconds = time.perf_counter() - start
            report(title, design)
            layers += three_channels(title, design)
            times.append(f"| {title} | {seconds:.1f} | {passes(runs)} |")
    print(LAYERS, *layers, TIMES, *times, sep="\n")


def passes(runs: list[PassRun]) -> str:
    """The seconds of the two passes that search."""
    seconds = {run.name: run.seconds for run in runs}
    return f"{seconds['balance-pipeline']:.1f} | {seconds['size-fifos']:.1f}"


def report(title: str, design: Design) -> None:
    """Prints the rows of one design: an engine's figures, then each of its functions."""
    functions = {
        op.sym_name.data: op for op in design.module("stream").ops if isinstance(op, FuncOp)
    }
    for engine, figures in design.report["engines"].items():
        names = [name for name in functions if name.endswith("_a") == (engine == "encoder")]
        for name in names:
            head = engine_cells(figures) if name == names[0] else " | | | | "
            found, modelled = simulate_function(functions[name]), frame_cycles(functions[name])
            ratio = found.interval / modelled
            cycles = f"{modelled:,} | {found.interval:,} | {ratio:.4f}"
            label = f"{title if name == names[0] else ''} | {engine}, `{name}`"
            print(f"| {label} | {head}| {cycles} |", flush=True)


def three_channels(title: str, design: Design) -> list[str]:
    """The first layer of an encoder and the last one of a decoder, and how busy their slices are
    with useful products at the common frame interval."""
    rows: list[str] = []
    for engine, figures in design.report["engines"].items():
        part = "g_a." if engine == "encoder" else "g_s."
        convolutions = [
            stage
            for stage in figures["stages"]
            if stage["name"].startswith(part) and stage["op"].startswith("conv")
        ]
        stage = convolutions[0 if engine == "encoder" else -1]
        able = stage["dsp"] * max(1, stage["macs_per_dsp"]) * figures["cycles_per_frame"]
        shape = ", ".join(map(str, stage["parallelism"].values()))
        rows.append(
            f"| {title}, `{stage['name']}` | {shape} | {stage['macs_per_dsp']} | {stage['dsp']} | "
            f"{stage['macs'] / able:.2f} |"
        )
    return rows


def engine_cells(figures: Any) -> str:
    """Rate, efficiency and resources."""
    used = figures["resources"]
    lut = used["lut"]["used"] / used["lut"]["available"]
    return (
        f"{figures['fps']['value']:.1f} | {figures['dsp_efficiency']:.3f} | "
        f"{used['dsp']['used']:,} | {used['bram36']['used']:.0f} | {lut:.0%} "
    )


if __name__ == "__main__":
    main()
