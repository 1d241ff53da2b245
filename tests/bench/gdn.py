"""What GDN cores and their widths do to images and to hardware: prints the tables of docs/gdn.md.

python tests/bench/gdn.py --images DIR MODEL...
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

import licc
from licc.dialects.gdn import CoreOp, Norm, largest_term
from licc.dialects.tensors import array_of, type_of
from licc.evaluation.codecs import integer_program, passes_to_integers
from licc.evaluation.figures import Figures
from licc.frontend import load_model
from licc.passes.balance_pipeline import OutOfReach

CHOICES = (
    "table",
    "small-table",
    "polynomial",
    "newton",
    "cheapest",
    "table:n32",
    "table:n16",
)
PRECISIONS = "w16a16", "w8a8"
SIZE = 1280, 768


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    parser.add_argument("--images", type=Path, required=True)
    options = parser.parse_args()
    for model in options.models:
        print(f"\n{model.name}\n\n| `--gdn` | w16a16, dB | bpp | w8a8, dB | bpp |")
        print("|---|---|---|---|---|")
        for choice in CHOICES:
            print(quality(model, options.images, choice), flush=True)
        print("\n| GDN | zero | below 2^-17 of β |\n|---|---|---|")
        print("\n".join(shares(model)))
        print(
            "\n| GDN | po × pi | zero γ multipliers left out | DSP of the layer | saved |"
            "\n|---|---|---|---|---|"
        )
        for line in zeros(model):
            print(line, flush=True)


def shares(model: Path) -> list[str]:
    """The share of γ that is zero in the integer program of each layer, and the share that could be
    left out if norms might change by 2^-17 of β: the smallest entries of a row whose largest
    contributions together stay below that."""
    program = integer_program(load_model(model, None), passes_to_integers(licc.Settings()))
    lines: list[str] = []
    for op in program.integer.walk():
        if isinstance(op, CoreOp):
            gamma, beta = (array_of(v).astype(np.int64) for v in (op.gamma, op.beta))
            element = type_of(op.input).element_type
            largest = largest_term(element, op.norm.data is Norm.L2, 0)
            sums = np.sort(gamma, axis=1).cumsum(axis=1) * largest
            negligible = float(np.mean(sums <= beta[:, np.newaxis] >> 17))
            zero = float(np.mean(gamma == 0))
            lines.append(f"| {op.layer.data} | {zero:.1%} | {negligible:.1%} |")
    return lines


def quality(model: Path, images: Path, choice: str) -> str:
    """What `licc bench` measures of one choice, in 16 bits and in 8; before the first, the float
    model."""
    means = [
        licc.bench(model, [images], licc.Settings(gdn=choice, precision=precision)).mean
        for precision in PRECISIONS
    ]
    text = f"| `{choice}` | {' | '.join(map(cells, (mean.compiled for mean in means)))} |"
    if choice != CHOICES[0]:
        return text
    return f"| float | {' | '.join(map(cells, (mean.reference for mean in means)))} |\n{text}"


def cells(found: Figures) -> str:
    """PSNR and rate, by histograms where a model has no entropy tables."""
    assert found.rate is not None
    return f"{found.psnr:.3f} | {found.rate:.4f}"


def zeros(model: Path) -> list[str]:
    """What zeros of γ save in the fastest codec, or encoder, on the default board."""
    with tempfile.TemporaryDirectory() as folder:
        for direction in ("both", "encoder"):
            try:
                settings = licc.Settings(size=SIZE, direction=direction)
                engines = licc.compile(model, Path(folder) / "design", settings).report["engines"]
                break
            except OutOfReach:
                continue
        else:
            return ["| does not fit | | | | |"]
    lines: list[str] = []
    for name, engine in engines.items():
        for stage in engine["stages"]:
            if stage["op"] == "normalize":
                po, pi = stage["parallelism"]["po"], stage["parallelism"]["pi"]
                cells = f"{po} × {pi} | {stage['dropped_products']} of {po * pi}"
                lines.append(
                    f"| {stage['name']} | {cells} | {stage['dsp']} | {stage['saved_dsp']} |"
                )
        used = engine["resources"]["dsp"]["used"]
        saved = sum(stage["saved_dsp"] for stage in engine["stages"])
        lines.append(f"| {name}, {engine['fps']['value']:.1f} fps | | | {used} | {saved} |")
    return lines


if __name__ == "__main__":
    main()
