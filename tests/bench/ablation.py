"""What each step from a teacher to a pipelined design costs and brings: writes docs/ablation.md.

    python tests/bench/ablation.py --teacher T.pt --plain P.pt --student S.pt --tuned Q.pt
        --images DIR

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
from licc.evaluation.figures import Benchmark, Comparison, Figures
from licc.passes.balance_pipeline import OutOfReach
from licc.settings import DEFAULT_PRECISION

DOCUMENT = Path(__file__).parents[2] / "docs" / "ablation.md"
SIZE = 1280, 768
SMALL = 64
WIDE = licc.Settings(precision="w16a16", rounding="nearest")
PLAIN = licc.Settings(precision="w8a8", rounding="nearest")
ADAPTIVE = licc.Settings(precision="w8a8", rounding="adaptive")
DEFAULT = licc.Settings(precision=DEFAULT_PRECISION, rounding="adaptive")
PRUNE = "flops=0.7"
HEADER = """# From a teacher to a pipelined design

Written by

```
{command}
```
(checkpoints: the last lines of [`train.sh`](../examples/students/train.sh)). PSNR and bits per
pixel are measured (`licc bench`, the mean over {images} images; float rows: PyTorch and
CompressAI's coder; integer rows: the bit-exact interpreter and the same coder). The rate is that
at equal PSNR against the student trained without a teacher, along the slope of the [published
curve](evaluation.md#one-number-for-two-changes). MACs, frames a second and DSP slices are those of
an encoder on a ZCU102, modelled (`licc compile --size {width}x{height} --direction encoder`). A
float model has no hardware of its own: its row shows the design of its architecture with 16-bit
weights and activations. In the last rows all layers work at once; above them, a layer of the same
design starts when the one before it has finished the frame. What each GDN core and narrower norms
do is in [GDN cores](gdn.md#what-it-does-to-images), what each step of quantization does in
[quantization](quantization.md#what-it-comes-to).

| | PSNR, dB | bpp | rate | MACs a pixel | fps | DSP |
|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """A step: a model, float or with integers of some settings, and how its hardware runs."""

    title: str
    model: Path
    integers: licc.Settings | None = None
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
    names = ("teacher", "plain", "student", "tuned", "images")
    for name in names:
        parser.add_argument(f"--{name}", type=Path, required=True)
    options = parser.parse_args()
    given = {name: getattr(options, name).name for name in names[:-1]}
    text = HEADER.format(
        command="python tests/bench/ablation.py "
        + " ".join(f"--{name} {file}" for name, file in given.items())
        + " --images KODAK",
        images=len(quality(options.plain, PLAIN, options.images).images),
        width=SIZE[0],
        height=SIZE[1],
    )
    with tempfile.TemporaryDirectory() as folder:
        pruned = Path(folder) / "pruned.pt"
        licc.prune(options.student, pruned, licc.Settings(prune=PRUNE))
        for row in rows(options, pruned):
            text += line(row, options.plain, options.images)
            print(text.splitlines()[-1], flush=True)
    DOCUMENT.write_text(text)


def rows(options: argparse.Namespace, pruned: Path) -> tuple[Row, ...]:
    """All steps, each on top of the one before it but for the last two."""
    student = options.student
    return (
        Row("teacher", options.teacher),
        Row("student", options.plain),
        Row("+ distillation", student),
        Row("+ integer GDN core, W16A16", student, WIDE),
        Row("+ quantization, W8A8, nearest", student, PLAIN),
        Row("+ adaptive rounding", student, ADAPTIVE),
        Row(f"+ mixed precision, {DEFAULT_PRECISION}", student, DEFAULT),
        Row(f"+ pruning, `--prune {PRUNE}`", pruned, DEFAULT),
        Row("+ pipelining", pruned, DEFAULT, pipelined=True),
        Row("pipelined, W8A8, not pruned", student, ADAPTIVE, pipelined=True),
        Row("the same, fine-tuned", options.tuned, PLAIN, pipelined=True),
    )


def line(row: Row, base: Path, images: Path) -> str:
    """A row in Markdown; rates against a float model."""
    found = figures(row, images)
    start = quality(base, PLAIN, images)
    rate = Comparison(start.mean.reference, found).at_equal_psnr(start.curve)
    cells = [row.title, f"{found.psnr:.2f}", f"{found.bpp:.4f}", f"{rate:+.1f} %"]
    design = hardware(row.model, row.integers or WIDE)
    cells.append(f"{macs(row.model):,.0f}")
    if design:
        fps = design.pipelined if row.pipelined else design.sequential
        cells += [f"{fps:.1f}", f"{design.dsp:,}"]
    else:
        cells += ["does not fit", "–"]
    return f"| {' | '.join(cells)} |\n"


def figures(row: Row, images: Path) -> Figures:
    """The means over images of a row's codec."""
    found = quality(row.model, row.integers or PLAIN, images).mean
    return found.compiled if row.integers else found.reference


@cache
def quality(model: Path, settings: licc.Settings, images: Path) -> Benchmark:
    """What `licc bench` measures."""
    return licc.bench(model, [images], settings)


@cache
def hardware(model: Path, settings: licc.Settings) -> Hardware | None:
    """What `licc compile` models; None if nothing fits the board."""
    try:
        found = report(model, replace(settings, size=SIZE))
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
def macs(model: Path) -> float:
    """Multiply-accumulates of the encoder for a pixel, which no size or precision changes."""
    found = report(model, replace(PLAIN, size=(SMALL, SMALL)))
    return found["engines"]["encoder"]["macs_per_frame"] / SMALL**2


def report(model: Path, settings: licc.Settings) -> Any:
    """The report of a compilation."""
    with tempfile.TemporaryDirectory() as folder:
        encoder = replace(settings, direction="encoder")
        return licc.compile(model, Path(folder) / "design", encoder).report


if __name__ == "__main__":
    main()
