"""Writes the card of every student in `examples/students/`.

    python tests/bench/zoo.py KODAK [STUDENT…]
    python tests/bench/zoo.py --board [STUDENT…]

For each student, or those named: quality and rate on the images of a folder, float and compiled
(measured, as `licc bench`), the proof on the first image (as `licc verify`), and encoder and
decoder together on a ZCU102 (modelled, as `licc compile`), beside what the file says of its
training. About eight minutes a student. With --board only what is modelled is written anew.
"""

import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from PIL import Image

import licc
from licc.frontend import load_model
from licc.runtime.images import find_images

BOARD = "ZCU102"
STUDENTS = Path(__file__).parents[2] / "examples" / "students"
SIZES = {"FactorizedPrior": (1280, 720), "ScaleHyperprior": (1280, 768)}
IMAGES = (
    "The 209 training images of CID22 (512×512, CC BY-SA 4.0) and the 25 of gb82 (576×576, CC0)."
)
DEFAULTS = {
    "norm": ("norm", "l2"),
    "activation": ("activation", None),
    "plain": ("plain", 0.2),
    "begin": ("beginning", "components"),
    "teacher-step": ("teacher_step", 1.0),
    "quantize": ("quantize", None),
    "prune": ("prune", None),
    "weight-rd": ("weight_rate_distortion", 0.4),
    "weight-latent": ("weight_latent", 0.2),
    "weight-reconstruction": ("weight_reconstruction", 0.2),
    "weight-hyper-latent": ("weight_hyper_latent", 0.0),
    "weight-perceptual": ("weight_perceptual", 0.0),
}
"""Options of `licc distill`, where the file has them, and what goes without saying."""


def main() -> None:
    """Writes the cards."""
    source, *names = sys.argv[1:]
    for student in map(Path, names) if names else sorted(STUDENTS.glob("*.pt")):
        page = student.with_suffix(".md")
        size = SIZES[load_model(student).family]
        with tempfile.TemporaryDirectory() as folder:
            settings = licc.Settings(size=size)
            report = licc.compile(student, Path(folder) / "design", settings).report
        if source == "--board":
            measured, _, _ = page.read_text().partition(BOARD)
        else:
            measured = card(student, Path(source), report)
        page.write_text(measured + board(student, report))
        print(page.read_text(), flush=True)


def card(student: Path, images: Path, report: Mapping[str, Any]) -> str:
    """What of a student's card is measured, in Markdown."""
    content: dict[str, Any] = torch.load(student, weights_only=True)
    found = licc.bench(student, [images])
    mean, precision = found.mean, found.numbers["precision"]
    parameters = sum(
        value.numel()
        for name, value in content["state_dict"].items()
        if re.match(r"[gh]_[as]\.", name) and "_reparam." not in name
    )
    macs = sum(each["macs_per_frame"] for each in report["engines"].values())
    width, height = report["size"]
    first = find_images((images,))[0]
    lines = [
        f"# {student.stem}",
        f"Written by `python tests/bench/zoo.py`; SHA-256 `{found.model['sha256']}`.",
        "",
        "| | |",
        "|---|---|",
        f"| architecture | {found.model['family']}, N = {found.model['channels']}, "
        f"M = {found.model['latents']}, GDN ({content['norm']}) |",
        f"| size | {parameters:,} parameters of transforms, "
        f"{macs / width / height:,.0f} MACs a pixel, encoder and decoder together |",
        f"| last training | `{command(content['recipe'])}` |",
        "| all trainings | [train.sh](train.sh) |",
        f"| seed | {content['recipe']['seed']} |",
        f"| trained on | {IMAGES} |",
        "",
        f"Kodak, mean of {len(found.images)} images, measured (`licc bench {student.name} "
        f"--images KODAK`):",
        "",
        "| | PSNR, dB | MS-SSIM | bits per pixel |",
        "|---|---|---|---|",
    ]
    for title, side in (("float", mean.reference), (precision, mean.compiled)):
        lines.append(f"| {title} | {side.psnr:.2f} | {side.ms_ssim:.4f} | {side.bpp:.4f} |")
    lines += [
        f"| change | {mean.psnr_change:+.2f} | | {mean.rate_percent:+.2f} % |",
        "",
        *proof(student, first),
    ]
    return "\n".join(lines) + "\n\n"


def board(student: Path, report: Mapping[str, Any]) -> str:
    """What of it is modelled."""
    width, height = report["size"]
    precision = report["model"]["numbers"]["precision"]
    lines = [
        f"{BOARD}, {width}×{height}, {precision}, encoder and decoder on one board, "
        f"modelled (`licc compile {student.name} --size {width}x{height}`):",
        "",
        "| | frames a second | DSP | BRAM36 | LUT | FF |",
        "|---|---|---|---|---|---|",
        *(engine_row(name, engine) for name, engine in report["engines"].items()),
    ]
    return "\n".join(lines) + "\n"


def proof(student: Path, image: Path) -> list[str]:
    """What `licc verify` finds on an image; `SystemExit` if not all is as it should be."""
    with Image.open(image) as opened:
        size = opened.size
    with tempfile.TemporaryDirectory() as folder:
        settings = licc.Settings(size=size, passes="..., size-fifos{search=false}")
        design = licc.compile(student, Path(folder) / "design", settings)
        found = licc.verify_design(design, (image,), lambda text: None)
    if not found.ok:
        sys.exit(f"{student}: {found.to_json()}")
    exact = [check for check in found.checks if check.max_abs is None and not check.skipped]
    lines = [f"`licc verify` on {image.name}, measured:", "", "| link | values | differ |"]
    lines.append("|---|---|---|")
    return lines + [f"| {each.name} | {each.values:,} | {each.mismatches} |" for each in exact]


def engine_row(name: str, engine: Mapping[str, Any]) -> str:
    """Rate and resources of an engine."""
    used = {key: value["used"] for key, value in engine["resources"].items()}
    return (
        f"| {name} | {engine['fps']['value']:.1f} | {used['dsp']:,} | {used['bram36']:,.1f} | "
        f"{used['lut']:,} | {used['ff']:,} |"
    )


def command(recipe: Mapping[str, Any]) -> str:
    """The command of the training that wrote a file, with hashes for teacher and start."""
    words = ["licc distill", f"--student {recipe['family']}", f"--n {recipe['n']}"]
    words += [f"--m {recipe['m']}", f"--lambda {recipe['lambda']}"]
    for option, key in (("teacher", "teacher"), ("from", "start")):
        if recipe[key]:
            words.append(f"--{option} {recipe[key][:12]}….pt")
    words += [f"--{option} {recipe[option]}" for option in ("steps", "batch", "crop", "lr", "seed")]
    for option, (key, usual) in DEFAULTS.items():
        if recipe[key] != usual:
            words.append(f"--{option} {recipe[key]}")
    return " ".join(words)


if __name__ == "__main__":
    main()
