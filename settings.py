"""What a user decides about a compilation, and what that means as options of passes."""

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path

from .backends.targets import Target
from .compiler import ELLIPSIS, PassOptions
from .passes.gdn_choice import parse_gdn
from .passes.layer_bits import parse_layers
from .passes.pruning.demand import parse_pruning
from .passes.value_ranges import parse_ranges

DEFAULT_PRECISION = "w9a10"
PRECISION = re.compile(r"w(\d+)a(\d+)(?:,(.*))?")


@dataclass(frozen=True)
class Settings:
    """What a user decides about a compilation.

    `size` is width and height in pixels; `fps` 0 asks for the fastest pipeline that fits;
    `clock_mhz` None takes the target's; `calibrate` is a folder of images; `prune` is which
    channels go, as in `flops=0.7`, `fps=60`, or the norm up to which they do; `precision` is
    `w<weights>a<activations>` in bits, then what single layers get instead, as in
    `w8a8,g_a.0=w9,g_a.1=a10`; `ranges` how ranges of values are found, then what single layers give
    instead, as in `mse,g_s.3=0.8` (see docs/quantization.md); `rounding` of weights is nearest or
    adaptive (for it and `precision` None is what `for_model` says); `budget` is what images may
    lose, as in `bd-rate=1%` or `psnr=0.1`: then `precision` and `rounding` are found; `gdn` is the
    implementation of GDN cores, and their widths, then what single layers get instead, as in
    `cheapest:n32,g_a.1=newton` (see docs/gdn.md); `gdn_error` the relative error that `cheapest`
    allows, 0 for what a layer's result shows; `passes` is a pipeline as in `make_pipeline`; `load`
    Python files with more passes and GDN cores; `norm` (l1 or l2) what form of GDN a checkpoint
    has, where the file does not say; `dump_ir` a folder for the IR after every pass; `check` an
    image to run after every pass; `explain` asks what binds the frame rate, and what would raise
    it.
    """

    target: str = "zcu102"
    size: tuple[int, int] = (1280, 720)
    direction: str = "both"
    fps: float = 0.0
    clock_mhz: float | None = None
    calibrate: Path | None = None
    prune: str | float = 0.0
    precision: str | None = None
    ranges: str = "min-max"
    rounding: str | None = None
    budget: str | None = None
    gdn: str = "table"
    gdn_error: float = 0.0
    passes: str = ELLIPSIS
    load: tuple[Path, ...] = ()
    norm: str | None = None
    dump_ir: Path | None = None
    check: Path | None = None
    explain: bool = False

    def for_model(self, trained: str | None) -> "Settings":
        """Settings with a precision and a rounding. One that was not asked for is that with whose
        rounding the model was `trained`, and the nearest step, which such a model has learnt to
        live with; for any other model 9-bit weights, rounded adaptively, and 10-bit values: the
        widest of which a DSP slice does two products a cycle."""
        precision = self.precision or trained or DEFAULT_PRECISION
        rounding = self.rounding or ("nearest" if trained else "adaptive")
        return replace(self, precision=precision, rounding=rounding)

    def numbers(self) -> dict[str, object]:
        """What integers are made with, by name, as reports list it."""
        names = ("precision", "ranges", "rounding", "gdn", "gdn_error")
        return {name: getattr(self, name) for name in names}


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
    _require_finite("gdn-error", settings.gdn_error)
    images = str(settings.calibrate) if settings.calibrate else ""
    numbers = settings.for_model(None)
    assert numbers.precision is not None
    assert numbers.rounding is not None
    return {
        "prune-channels": {"threshold": (parse_pruning(settings.prune).norm,)},
        "equalize-channels": {"images": (images,)},
        "calibrate": {"images": (images,)},
        "assign-precision": parse_precision(numbers.precision),
        "choose-gdn-cores": {**parse_gdn(settings.gdn), "error": (float(settings.gdn_error),)},
        "fit-scales": {**parse_ranges(settings.ranges), "images": (images,)},
        "round-weights": {"method": (numbers.rounding,), "images": (images,)},
    }


def pass_options(settings: Settings, target: Target) -> PassOptions:
    """The options that settings and target give to licc's passes."""
    _require_finite("fps", settings.fps)
    available = target.available
    device = {
        "dsp": (available.dsp,),
        "bram36": (available.bram36,),
        "lut": (available.lut,),
        "ff": (available.ff,),
    }
    numbers = number_options(settings)
    return {
        **numbers,
        "choose-gdn-cores": {**numbers["choose-gdn-cores"], **device},
        "select-direction": {"direction": (settings.direction,)},
        "balance-pipeline": {
            **device,
            "fps": (float(settings.fps),),
            "clock_mhz": (float(settings.clock_mhz or target.clock_mhz),),
        },
    }


def _require_finite(name: str, value: float) -> None:
    if not 0 <= value < math.inf:
        raise ValueError(f"{name} must not be negative, and finite, found {value}")
