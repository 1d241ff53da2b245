"""Measures a model on images: both codecs, image by image."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ..dialects.gdn import Norm
from ..frontend import ModelError, load_model
from ..frontend.model import Model
from ..runtime.arithmetic import Array
from ..runtime.images import ImageError, crop_to, find_images, pad_to, psnr, read_image
from ..settings import Settings
from .budget import parse_budget
from .codecs import Coded, integer_program, passes_to_integers, run_float, run_integers
from .figures import Benchmark, Comparison, Figures, ImageFigures
from .measured import measured
from .metrics import ms_ssim
from .pruning import pruned_first
from .published import curve_of
from .rates import EntropyModel, entropy_model, histogram_bits

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Measure:
    """What makes figures of what a codec made of an image."""

    entropy: EntropyModel | str

    def __call__(self, image: Array, coded: Coded) -> Figures:
        """Figures of the pixels inside the padding, and of all that is coded."""
        height, width = image.shape[2:]
        pixels = crop_to(coded.pixels, height, width)
        return Figures(
            psnr(image, pixels), ms_ssim(image, pixels), *self._rates(coded, height * width)
        )

    def _rates(self, coded: Coded, pixels: int) -> tuple[float | None, float | None, float | None]:
        if isinstance(self.entropy, str):
            return None, None, histogram_bits(coded) / pixels
        streams = self.entropy.streams(coded)
        coded_bits = sum(8 * len(stream.encode()) for stream in streams)
        return coded_bits / pixels, sum(stream.bits for stream in streams) / pixels, None


def measure(
    source: Path,
    images: tuple[Path, ...],
    settings: Settings | None,
    step: Tell,
    warn: Tell,
) -> Benchmark:
    """What `licc.bench` does."""
    settings = settings or Settings()
    if settings.budget:
        parse_budget(settings.budget)
    passes_to_integers(settings)
    paths = find_images(images)
    step(f"importing {source.name}")
    norm = Norm(settings.norm) if settings.norm else None
    model = _load(source, norm)
    if model.assumption:
        step(model.assumption)
    asked = settings
    with pruned_first(source, settings, step) as (pruned, settings, removed):
        compiled = _load(pruned, norm) if removed else model
    settings = settings.for_model(compiled.precision)
    settings, _ = measured(compiled, settings, step)
    figures = Measure(entropy_model(model)), Measure(entropy_model(compiled))
    program = integer_program(compiled, passes_to_integers(settings))
    found: list[ImageFigures] = []
    skipped: list[str] = []
    for number, path in enumerate(paths, start=1):
        step(f"{path.name}: float model and integer program ({number} of {len(paths)})")
        try:
            image = read_image(path)
        except ImageError as error:
            warn(f"{error}; left out")
            skipped.append(path.name)
            continue
        height, width = image.shape[2:]
        padded = pad_to_stride(image, model.stride)
        sides = run_float(model, padded), run_integers(program, padded)
        both = zip(figures, sides, strict=True)
        comparison = Comparison(*(measure(image, side) for measure, side in both))
        found.append(ImageFigures(path.name, width, height, comparison))
    if not found:
        raise ImageError(f"{paths[0]}: none of the images can be read")
    entropy = figures[0].entropy
    missing = entropy if isinstance(entropy, str) else None
    curve = curve_of(model.family)
    numbers = {**settings.numbers(), "prune": asked.prune}
    return Benchmark(_about(model), numbers, curve, tuple(found), tuple(skipped), missing)


def _load(source: Path, norm: Norm | None) -> Model:
    if source.suffix == ".mlir":
        raise ModelError(f"{source}: IR has no float model in PyTorch; give the checkpoint instead")
    model = load_model(source, norm)
    if missing := {"g_a", "g_s"} - set(model.stages):
        raise ModelError(f"{source}: has no {missing.pop()}; quality takes both g_a and g_s")
    return model


def pad_to_stride(image: Array, stride: int) -> Array:
    """An image, padded in the middle to multiples of a model's stride."""
    height, width = (-(-size // stride) * stride for size in image.shape[2:])
    return pad_to(image, height, width)


def _about(model: Model) -> dict[str, object]:
    return {
        "file": model.provenance.file,
        "sha256": model.provenance.sha256,
        "family": model.family,
        "channels": model.channels,
        "latents": model.latents,
    }
