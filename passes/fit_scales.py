"""`fit-scales`: what one step of every stored value is worth, from how its values are spread."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import ReturnOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects.quant import UniformAttr
from ..dialects.tensors import integer_range, tensor_type, type_of
from ..runtime.arithmetic import Array
from .assign_precision import LAYERS, is_inherited, layer_of
from .calibrate import Calibrate
from .value_ranges import Range, parse_layer_ranges, parse_range

SHRINKS = np.geomspace(1.0, 1 / 16, 41)
PERCENTILE = 99.99
MOST_SAMPLES = 1 << 15


@dataclass
class Samples:
    """Some of the numbers that each of some values took."""

    wanted: Collection[SSAValue]
    found: dict[SSAValue, list[Array]] = field(default_factory=dict[SSAValue, list[Array]])

    def observe(self, value: SSAValue, array: Array) -> None:
        """Keeps evenly spaced numbers of a frame, and both of its extremes."""
        if value not in self.wanted:
            return
        flat = array.ravel()
        some = flat[:: max(1, len(flat) // MOST_SAMPLES)]
        extremes = np.array([flat.min(), flat.max()])
        self.found.setdefault(value, []).append(np.concatenate([some, extremes]))


def is_returned(value: SSAValue) -> bool:
    """Whether a value leaves its function, in a format of the codec's interfaces."""
    return any(isinstance(use.operation, ReturnOp) for use in value.uses)


def ranged(module: ModuleOp) -> Iterator[tuple[str, SSAValue]]:
    """The values whose bits `assign-precision` chose, with the layers that give them."""
    for op in module.walk():
        for value in op.results if isinstance(op, LAYERS) else ():
            chosen = isinstance(type_of(value).encoding, UniformAttr)
            if chosen and not is_inherited(value) and not is_returned(value):
                yield layer_of(op), value


def widest(samples: Array, format: UniformAttr) -> float:
    """The scale that holds every sample."""
    low, high = integer_range(format.storage)
    return max(samples.max() / high, samples.min() / low if low else 0.0) or 1.0


def by_percentile(samples: Array, format: UniformAttr) -> float:
    """The scale that holds all but one in ten thousand of the samples on each side."""
    sides = np.percentile(samples, [100 - PERCENTILE, PERCENTILE])
    return widest(sides, format)


def by_error(samples: Array, format: UniformAttr) -> float:
    """The scale with the least squared error of rounding and saturation together."""
    low, high = integer_range(format.storage)
    scales = widest(samples, format) * SHRINKS

    def loss(scale: float) -> float:
        rounded = np.clip(np.floor(samples / scale + 0.5), low, high) * scale
        return float(np.square(rounded - samples).sum())

    return min(scales.tolist(), key=loss)


BY_SAMPLES: dict[Range, Callable[[Array, UniformAttr], float]] = {
    "mse": by_error,
    "percentile": by_percentile,
}


@dataclass(frozen=True)
class FitScales(ModulePass):
    """Gives every value whose bits `assign-precision` chose the scale that an `estimator` finds
    best for what the value is on calibration images.

    `min-max` leaves what `assign-precision` found, which holds everything; `percentile` leaves out
    a ten-thousandth on each side; `mse` has the least squared error of rounding and saturation
    together; a number is a share of the range of `min-max`. `layers` says otherwise of what single
    layers give, as in `g_a.1=mse, g_s.3=0.8`. `images` and `limit` are those of `calibrate`.
    """

    name = "fit-scales"

    estimator: str = "mse"
    layers: str = ""
    images: str = ""
    limit: int = 8

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        try:
            default, layers = parse_range(self.estimator), parse_layer_ranges(self.layers)
        except ValueError as error:
            raise PassFailedException(f"fit-scales: {error}") from error
        values = list(ranged(op))
        if unknown := layers.keys() - {layer for layer, _ in values}:
            raise PassFailedException(
                f"fit-scales: {min(unknown)} gives no value whose range is to be chosen; these do: "
                f"{', '.join(layer for layer, _ in values)}"
            )
        choices = {value: layers.get(layer, default) for layer, value in values}
        samples = Samples([value for value, choice in choices.items() if choice in BY_SAMPLES])
        if samples.wanted:
            Calibrate(self.images, self.limit).measure(op, samples.observe)
        for value, choice in choices.items():
            format = type_of(value).encoding
            assert isinstance(format, UniformAttr)
            if choice in BY_SAMPLES:
                seen = np.concatenate(samples.found[value]).astype(np.float64)
                _rescale(value, UniformAttr(format.storage, BY_SAMPLES[choice](seen, format)))
            elif isinstance(choice, float):
                _rescale(value, UniformAttr(format.storage, format.scale * choice))


def _rescale(value: SSAValue, format: UniformAttr) -> None:
    type = type_of(value)
    new = tensor_type(type.element_type, type.get_shape(), format)
    Rewriter.replace_value_with_new_type(value, new)
