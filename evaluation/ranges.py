"""`--ranges rate-distortion`: ranges of values with which images lose least.

Value by value, in the order of the program, ever smaller shares of the range of min–max are tried
for as long as images lose less, or larger ones where no smaller one helps. What they lose is
measured on the integer program, with weights rounded to the nearest step, on images that ranges
were not calibrated on, so that a range which others leave shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from ..compiler import Pipeline, known_passes, make_pipeline
from ..frontend.model import Model
from ..passes.fit_scales import ranged
from ..passes.value_ranges import SEARCHED, ranges_text
from ..settings import Settings, number_options
from .published import curve_of
from .sensitivity import Quality, measurement_of

SHARES = (0.8, 0.64, 0.5, 0.4), (1.25, 1.6)
LEAST_GAIN = 0.001
FITTED, MEASURED = 8, 16


def with_measured_ranges(
    model: Model, settings: Settings, step: Callable[[str], None] = lambda text: None
) -> Settings:
    """Settings with the ranges that `rate-distortion` means for a model, at their precision; other
    settings as they are. Raises `ImageError` or `PassFailedException`."""
    if settings.ranges != SEARCHED:
        return settings
    return replace(settings, ranges=_Search(model, settings, step).run())


class _Search:
    def __init__(self, model: Model, settings: Settings, step: Callable[[str], None]):
        plain = replace(settings, rounding="nearest")
        self.measure = measurement_of(model, plain, FITTED, MEASURED)
        module = self.measure.module.clone()
        options = number_options(settings)
        Pipeline(make_pipeline("assign-precision", options, known_passes())).apply(module)
        self.layers = dict.fromkeys(layer for layer, _ in ranged(module))
        self.curve, self.step = curve_of(model.family), step
        self.shares: dict[str, float] = {}

    def run(self) -> str:
        """The ranges that lose least, in the words of `--ranges`."""
        self.step("measuring the program with the ranges of min-max")
        start = best = self.quality(self.shares)
        for layer in self.layers:
            gained = start.below(best, self.curve)
            self.step(f"measuring ranges of {layer}: {gained:.3f} dB gained so far")
            for shares in SHARES:
                better = self.walk(layer, shares, best)
                if better != best:
                    best = better
                    break
        return ranges_text(self.shares)

    def quality(self, shares: Mapping[str, float]) -> Quality:
        """The quality with shares of the range of min-max."""
        return self.measure.with_settings(ranges=ranges_text(shares))

    def walk(self, layer: str, shares: tuple[float, ...], best: Quality) -> Quality:
        """The quality after ever smaller or larger ranges of a layer, for as long as they help."""
        for share in shares:
            found = self.quality({**self.shares, layer: share})
            if best.below(found, self.curve) < LEAST_GAIN:
                break
            self.shares[layer], best = share, found
        return best
