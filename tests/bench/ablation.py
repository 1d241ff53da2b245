"""What each step from a teacher to a pipelined design costs and brings: writes docs/ablation.md.

    python tests/bench/ablation.py --teacher T.pt --plain P.pt --student S.pt --tuned Q.pt
        --prune NORM --images DIR

`--plain` is the student trained without the teacher, `--student` with it, `--tuned` the latter
trained further with the rounding of W8A8. About half an hour.
"""

import argparse
import tempfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import licc
from licc.evaluation.figures import Benchmark, Figures
from licc.passes.balance_pipeline import OutOfReach

DOCUMENT = Path(__file__).parents[2] / "docs" / "ablation.md"
SIZE = 1280, 768
SMALL = 64
WIDE = "w16a16"
NARROW = "w8a8"
HEADER = """# From a teacher to a pipelined design

Written by

```
{command}
```
PSNR and bits per pixel are measured (`licc bench`, the mean over {images}; float rows: PyTorch and
CompressAI's coder; integer rows: the bit-exact interpreter and the same coder). MACs,
frames a second and DSP slices are those of an encoder on a ZCU102, modelled (`licc compile --size
{width}x{height} --direction encoder`). A float model has no hardware of its own: its row shows the
design of its architecture with 16-bit weights and activations, which is also that of the row with
the integer GDN core, where all values are integers of that width. In the last two rows all layers
work at once; above them, a layer of the same design starts when the one before it has finished the
frame. What each GDN core and narrower norms do is in [GDN cores](gdn.md#what-it-does-to-images).

| | PSNR, dB | bpp | MACs a pixel | fps | DSP |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """A step: a model, float or at a precision, pruned or not, and how its hardware runs."""

    title: str
    model: Path
    precision: str | None
    prune: float = 0.0
    pipelined: bool = False


@dataclass(frozen=True)
class Hardware:
    """What a design takes: frames a second with layers one after another and all at once, and DSP
    slices."""

    sequential: float
    pipelined: float
    dsp: int


def main() -> None:
    """Writes the document."""
    parser = argparse.ArgumentParser()
    for name in ("teacher", "plain", "student", "tuned", "images"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--prune", type=float, required=True)
    options = parser.parse_args()
    student, prune = options.student, options.prune
    rows = (
        Row("teacher", options.teacher, None),
        Row("student", options.plain, None),
        Row("+ distillation", student, None),
        Row("+ integer GDN core, W16A16", student, WIDE),
        Row("+ quantization, W8A8", student, NARROW),
        Row(f"+ pruning, `--prune {prune}`", student, NARROW, prune),
        Row("+ pipelining", student, NARROW, prune, pipelined=True),
        Row("the same, fine-tuned with W8A8", options.tuned, NARROW, prune, pipelined=True),
    )
    measured = quality(options.teacher, NARROW, 0.0, options.images).images
    command = "python tests/bench/ablation.py " + " ".join(
        f"--{name} {getattr(options, name).name if name != 'images' else 'IMAGES'}"
        for name in ("teacher", "plain", "student", "tuned", "images")
    )
    text = HEADER.format(
        command=f"{command} --prune {prune}",
        images=", ".join(image.name for image in measured),
        width=SIZE[0],
        height=SIZE[1],
    )
    for row in rows:
        text += line(row, options.images)
        print(text.splitlines()[-1], flush=True)
    DOCUMENT.write_text(text)


def line(row: Row, images: Path) -> str:
    """A row in Markdown."""
    found = figures(row, images)
    cells = [row.title, f"{found.psnr:.2f}", f"{found.bpp:.4f}"]
    design = hardware(row.model, row.precision or WIDE, row.prune)
    cells.append(f"{macs(row.model, row.prune):,.0f}")
    if design:
        fps = design.pipelined if row.pipelined else design.sequential
        cells += [f"{fps:.1f}", f"{design.dsp:,}"]
    else:
        cells += ["does not fit", "–"]
    return f"| {' | '.join(cells)} |\n"


def figures(row: Row, images: Path) -> Figures:
    """The means over images of a row's codec."""
    found = quality(row.model, row.precision or NARROW, row.prune, images).mean
    return found.compiled if row.precision else found.reference


@cache
def quality(model: Path, precision: str, prune: float, images: Path) -> Benchmark:
    """What `licc bench` measures."""
    return licc.bench(model, [images], licc.Settings(precision=precision, prune=prune))


@cache
def hardware(model: Path, precision: str, prune: float) -> Hardware | None:
    """What `licc compile` models; None if nothing fits the board."""
    try:
        found = report(model, licc.Settings(size=SIZE, precision=precision, prune=prune))
    except OutOfReach:
        return None
    clock = 1e6 * found["target"]["clock_mhz"]
    engine = found["engines"]["encoder"]
    return Hardware(
        clock / sum(stage["cycles"] for stage in engine["stages"]),
        engine["fps"]["value"],
        engine["resources"]["dsp"]["used"],
    )


@cache
def macs(model: Path, prune: float) -> float:
    """Multiply-accumulates of the encoder for a pixel, which no size or precision changes."""
    settings = licc.Settings(size=(SMALL, SMALL), prune=prune)
    return report(model, settings)["engines"]["encoder"]["macs_per_frame"] / SMALL**2


def report(model: Path, settings: licc.Settings) -> Any:
    """The report of a compilation."""
    with tempfile.TemporaryDirectory() as folder:
        encoder = replace(settings, direction="encoder")
        return licc.compile(model, Path(folder) / "design", encoder).report


if __name__ == "__main__":
    main()
