"""What integers of few bits cost in quality, measured on the integer program itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from ...backends.design.program import Program
from ...compiler import PassOptions, Pipeline, known_passes, make_pipeline
from ...passes.layer_bits import LayerBits
from ...runtime.arithmetic import Array
from ...runtime.images import psnr
from ...settings import Settings, number_options
from ..codecs import run_integers
from ..rates import EntropyModel, bits_of

TO_INTEGERS = "assign-precision, choose-gdn-cores, fit-scales, round-weights, quantize"
WIDE = 16


@dataclass(frozen=True)
class Quality:
    """Mean PSNR in dB and mean bits per pixel over images."""

    psnr: float
    bpp: float


@dataclass(frozen=True)
class Measurement:
    """Measures integer programs of a float `module` with calibrated ranges, on images (uint8
    [1, 3, H, W]) that weights were not rounded for: those are the first `fitted` of the calibration
    images. Rates come from an entropy model's tables or, without one, from the symbols'
    histograms."""

    module: ModuleOp
    settings: Settings
    images: Sequence[Array]
    fitted: int
    entropy: EntropyModel | None

    def narrow(self, layer: str, bits: LayerBits) -> Quality:
        """The quality with 16 bits everywhere but in one layer, whose weights alone are rounded as
        the settings say; an empty name: with 16 bits everywhere."""
        text = f"w{WIDE}a{WIDE}" + (f",{layer}={bits}" if layer else "")
        options = number_options(replace(self.settings, precision=text))
        if bits.weights is None:
            return self._quality({**options, "round-weights": {"method": ("nearest",)}})
        return self._quality(self._rounded(options, layer))

    def of(self, precision: str) -> Quality:
        """The quality at a precision, all weights rounded as the settings say."""
        options = number_options(replace(self.settings, precision=precision))
        return self._quality(self._rounded(options, ""))

    def _rounded(self, options: PassOptions, layer: str) -> PassOptions:
        """Options with which the weights of a layer (of all if empty) are rounded."""
        rounding = {**options["round-weights"], "layers": (layer,), "limit": (self.fitted,)}
        return {**options, "round-weights": rounding}

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
