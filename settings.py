"""What a user decides about a compilation, and what that means as options of passes."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from .backends.targets import Target
from .compiler import ELLIPSIS, PassOptions
from .passes.layer_bits import parse_layers
from .passes.pruning.demand import parse_pruning

PRECISION = re.compile(r"w(\d+)a(\d+)(?:,(.*))?")


@dataclass(frozen=True)
class Settings:
    """What a user decides about a compilation.

    `size` is width and height in pixels; `fps` 0 asks for the fastest pipeline that fits;
    `clock_mhz` None takes the target's; `calibrate` is a folder of images; `prune` is which
    channels go, as in `flops=0.7`, `fps=60`, or the norm up to which they do; `precision` is
    `w<weights>a<activations>` in bits, then what single layers get instead, as in
    `w8a8,g_a.0=w9,g_a.1=a10`; `ranges` how ranges of values are found
    (min-max, percentile or mse); `rounding` of weights is nearest or adaptive; `budget` is what
    images may lose, as in `bd-rate=1%` or `psnr=0.1`: then `precision` and `rounding` are found;
    `passes` is a pipeline as in `make_pipeline`; `load` Python files with more passes; `norm` (l1
    or l2) what form of GDN a checkpoint has, where the file does not say; `dump_ir` a folder for
    the IR after every pass; `check` an image to run after every pass; `explain` asks what binds the
    frame rate, and what would raise it.
    """

    target: str = "zcu102"
    size: tuple[int, int] = (1280, 720)
    direction: str = "both"
    fps: float = 0.0
    clock_mhz: float | None = None
    calibrate: Path | None = None
    prune: str | float = 0.0
    precision: str = "w8a8"
    ranges: str = "min-max"
    rounding: str = "nearest"
    budget: str | None = None
    passes: str = ELLIPSIS
    load: tuple[Path, ...] = ()
    norm: str | None = None
    dump_ir: Path | None = None
    check: Path | None = None
    explain: bool = False


def parse_precision(text: str) -> dict[str, tuple[int] | tuple[str]]:
    """What a text like `w8a8` or `w8a10,g_a.0=w9` means as options of `assign-precision`;
    `ValueError` if it is none."""
    match = PRECISION.fullmatch(text)
    if match is None:
        raise ValueError(
            f"precision must be like w8a8 (bits of weights and activations), found {text}"
        )
    layers = match[3] or ""
    parse_layers(layers)
    return {"weights": (int(match[1]),), "activations": (int(match[2]),), "layers": (layers,)}


def number_options(settings: Settings) -> PassOptions:
    """The options that settings give to the passes which decide on numbers."""
    images = str(settings.calibrate) if settings.calibrate else ""
    return {
        "prune-channels": {"threshold": (parse_pruning(settings.prune).norm,)},
        "equalize-channels": {"images": (images,)},
        "calibrate": {"images": (images,)},
        "assign-precision": parse_precision(settings.precision),
        "fit-scales": {"estimator": (settings.ranges,), "images": (images,)},
        "round-weights": {"method": (settings.rounding,), "images": (images,)},
    }


def pass_options(settings: Settings, target: Target) -> PassOptions:
    """The options that settings and target give to licc's passes."""
    _require_finite("fps", settings.fps)
    available = target.available
    return {
        **number_options(settings),
        "select-direction": {"direction": (settings.direction,)},
        "balance-pipeline": {
            "dsp": (available.dsp,),
            "bram36": (available.bram36,),
            "lut": (available.lut,),
            "ff": (available.ff,),
            "fps": (float(settings.fps),),
            "clock_mhz": (float(settings.clock_mhz or target.clock_mhz),),
        },
    }


def _require_finite(name: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} must not be negative, and finite, found {value}")
