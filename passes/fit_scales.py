"""`fit-scales`: what one step of every stored value is worth, from how its values are spread."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from xdsl.context import Context
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import ReturnOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..dialects.quant import UniformAttr
from ..dialects.tensors import integer_range, tensor_type, type_of
from ..runtime.arithmetic import Array
from .assign_precision import is_inherited
from .calibrate import Calibrate

SHRINKS = np.geomspace(1.0, 1 / 16, 41)
PERCENTILE = 99.99
MOST_SAMPLES = 1 << 15


@dataclass
class Samples:
    """Some of the numbers that each value took."""

    found: dict[SSAValue, list[Array]] = field(default_factory=dict[SSAValue, list[Array]])

    def observe(self, value: SSAValue, array: Array) -> None:
        """Keeps evenly spaced numbers of a frame, and both of its extremes."""
        if isinstance(value.owner, ConstantOp) or is_inherited(value) or is_returned(value):
            return
        flat = array.ravel()
        some = flat[:: max(1, len(flat) // MOST_SAMPLES)]
        extremes = np.array([flat.min(), flat.max()])
        self.found.setdefault(value, []).append(np.concatenate([some, extremes]))


def is_returned(value: SSAValue) -> bool:
    """Whether a value leaves its function, in a format of the codec's interfaces."""
    return any(isinstance(use.operation, ReturnOp) for use in value.uses)


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


ESTIMATORS: dict[str, Callable[[Array, UniformAttr], float]] = {
    "min-max": widest,
    "mse": by_error,
    "percentile": by_percentile,
}


@dataclass(frozen=True)
class FitScales(ModulePass):
    """Gives every value whose bits `assign-precision` chose the scale that an `estimator` finds
    best for what the value is on calibration images.

    `min-max` leaves what `assign-precision` found, which holds everything; `percentile` leaves out
    a ten-thousandth on each side; `mse` has the least squared error of rounding and saturation
    together. `images` and `limit` are those of `calibrate`.
    """

    name = "fit-scales"

    estimator: str = "mse"
    images: str = ""
    limit: int = 8

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.estimator not in ESTIMATORS:
            raise PassFailedException(
                f"fit-scales: estimator must be one of {', '.join(ESTIMATORS)}, "
                f"found {self.estimator}"
            )
        if self.estimator == "min-max":
            return
        samples = Samples()
        Calibrate(self.images, self.limit).measure(op, samples.observe)
        for value, parts in samples.found.items():
            type = type_of(value)
            format = type.encoding
            if isinstance(format, UniformAttr):
                scale = ESTIMATORS[self.estimator](np.concatenate(parts).astype(np.float64), format)
                fitted = UniformAttr(format.storage, scale)
                Rewriter.replace_value_with_new_type(
                    value, tensor_type(type.element_type, type.get_shape(), fitted)
                )
