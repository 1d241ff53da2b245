"""What integers of few bits cost in quality, measured on the integer program itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from ..backends.design.program import Program
from ..compiler import PassOptions, Pipeline, known_passes, make_pipeline
from ..frontend import import_model
from ..frontend.model import Model
from ..passes.calibrate import Calibrate
from ..passes.equalize_channels import EqualizeChannels
from ..passes.layer_bits import LayerBits
from ..runtime.arithmetic import Array
from ..runtime.images import psnr
from ..settings import Settings, number_options
from .codecs import IMAGE, run_integers
from .published import Curve
from .rates import EntropyModel, bits_of, entropy_model

IMAGES = 4
PREPARATION = "prune-channels, equalize-channels, calibrate"
TO_INTEGERS = "assign-precision, choose-gdn-cores, fit-scales, round-weights, quantize"
WIDE = 16


@dataclass(frozen=True)
class Quality:
    """Mean PSNR in dB and mean bits per pixel over images."""

    psnr: float
    bpp: float

    def below(self, best: "Quality", curve: Curve) -> float:
        """What is lost against a better quality, in dB at the rate of that one."""
        return best.psnr - self.psnr + math.log(self.bpp / best.bpp) / curve.slope(best.bpp)


@dataclass(frozen=True)
class Measurement:
    """Measures integer programs of a float `module` with calibrated ranges, on images (uint8
    [1, 3, H, W]) that ranges were not found on and weights not rounded for: those are the first
    `fitted` of the calibration images. Rates come from an entropy model's tables or, without one,
    from the symbols' histograms."""

    module: ModuleOp
    settings: Settings
    images: Sequence[Array]
    fitted: int
    entropy: EntropyModel | None

    def narrow(self, layer: str, bits: LayerBits) -> Quality:
        """The quality with 16 bits everywhere but in one layer, whose weights alone are rounded as
        the settings say; an empty name: with 16 bits everywhere."""
        text = f"w{WIDE}a{WIDE}" + (f",{layer}={bits}" if layer else "")
        if bits.weights is None:
            return self.with_settings(precision=text, rounding="nearest")
        return self.with_settings(layer, precision=text)

    def with_settings(self, layer: str = "", **changes: str) -> Quality:
        """The quality with some fields of the settings changed; weights of one layer alone are
        rounded as they say, where one is named."""
        options = number_options(replace(self.settings, **changes))
        options = limited(options, self.fitted, "fit-scales", "round-weights")
        rounding = {**options["round-weights"], "layers": (layer,)}
        return self._quality({**options, "round-weights": rounding})

    def _quality(self, options: PassOptions) -> Quality:
        integer = self.module.clone()
        passes = make_pipeline(TO_INTEGERS, options, known_passes(self.settings.load))
        Pipeline(passes).apply(integer)
        program = Program(integer, self.module)
        found = [self._image(program, image) for image in self.images]
        return Quality(*np.mean(found, axis=0).tolist())

    def _image(self, program: Program, image: Array) -> tuple[float, float]:
        coded = run_integers(program, image)
        bits = bits_of(self.entropy, coded)
        return psnr(image, coded.pixels), bits / (image.shape[2] * image.shape[3])


def measurement_of(
    model: Model, settings: Settings, fitted: int = IMAGES, measured: int = IMAGES
) -> Measurement:
    """Measures a model on so many calibration images behind the first `fitted` ones, or on half of
    them where there are fewer."""
    side = -(-IMAGE // model.stride) * model.stride
    module = import_model(model, side, side)
    images = str(settings.calibrate or "")
    frames = Calibrate(images, fitted + measured).frames(module)
    fitted = min(fitted, len(frames) // 2 or 1)
    options = limited(number_options(settings), fitted, "calibrate")
    options = limited(options, min(fitted, EqualizeChannels.limit), "equalize-channels")
    Pipeline(make_pipeline(PREPARATION, options, known_passes())).apply(module)
    entropy = entropy_model(model)
    return Measurement(
        module,
        settings,
        frames[fitted:] or frames,
        fitted,
        None if isinstance(entropy, str) else entropy,
    )


def limited(options: PassOptions, images: int, *names: str) -> PassOptions:
    """Options with which some passes look at so many images."""
    return {**options, **{name: {**options[name], "limit": (images,)} for name in names}}
