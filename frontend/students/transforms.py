"""The layers of a student as data, for any width.

Nothing here needs torch, so that a width can be weighed before there is a model; a test holds every
family against what the frontend imports of CompressAI's own modules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .architecture import Activation, Architecture, Family

PIXELS = 3
LEAKY_SLOPE = 0.01


@dataclass(frozen=True)
class Convolution:
    """A convolution to `outputs` channels, with a bias and the padding of kernel // 2."""

    outputs: int
    kernel: int = 5
    stride: int = 2
    transposed: bool = False


@dataclass(frozen=True)
class Normalization:
    """A GDN, or an inverse one."""

    inverse: bool


@dataclass(frozen=True)
class Rectifier:
    """A leaky ReLU; a ReLU where the slope is 0."""

    slope: float


@dataclass(frozen=True)
class Magnitude:
    """|x|, without parameters."""


@dataclass(frozen=True)
class Medians:
    """The constants that the entropy model adds to each channel: no parameters of the transform."""


Layer: TypeAlias = Convolution | Normalization | Rectifier | Magnitude | Medians


@dataclass(frozen=True)
class Transform:
    """A function of a codec: its layers by name, and its input [channels, image / stride]."""

    layers: Mapping[str, Layer]
    inputs: int
    stride: int


def transforms_of(architecture: Architecture) -> dict[str, Transform]:
    """The functions of a student, by name, in the order in which the frontend has them."""
    n, m = architecture.n, architecture.m
    factorized = not architecture.has_hyperprior
    found = {
        "g_a": Transform(analysis(n, m, factorized), PIXELS, 1),
        "g_s": Transform(synthesis(n, factorized), m, 16),
    }
    match architecture.family:
        case Family.FACTORIZED:
            return found
        case Family.HYPERPRIOR:
            slope = slope_of(architecture.activation or Activation.RELU)
            inner = {"h_a": hyper_analysis(n, slope), "h_s": hyper_synthesis(n, n, m, slope)}
            inner["h_a"] = {"abs": Magnitude(), **inner["h_a"]}
            inner["h_s"]["5"] = Rectifier(0.0)
        case Family.MEAN_SCALE:
            slope = slope_of(architecture.activation or Activation.LEAKY_RELU)
            inner = {
                "h_a": hyper_analysis(n, slope),
                "h_s": hyper_synthesis(m, m * 3 // 2, 2 * m, slope),
            }
    found["h_a"] = Transform(inner["h_a"], m, 16)
    found["h_s"] = Transform(inner["h_s"], n, 64)
    return found


def slope_of(activation: Activation) -> float:
    """What an activation multiplies negative values by."""
    return 0.0 if activation is Activation.RELU else LEAKY_SLOPE


def analysis(n: int, m: int, factorized: bool) -> dict[str, Layer]:
    """Image to latent, 16 times smaller; a factorized prior takes its medians off."""
    layers: list[Layer] = []
    for _ in range(3):
        layers += [Convolution(n), Normalization(inverse=False)]
    return numbered([*layers, Convolution(m)]) | ({"median": Medians()} if factorized else {})


def synthesis(n: int, factorized: bool) -> dict[str, Layer]:
    """Latent to image."""
    layers: list[Layer] = []
    for _ in range(3):
        layers += [Convolution(n, transposed=True), Normalization(inverse=True)]
    layers.append(Convolution(PIXELS, transposed=True))
    medians: dict[str, Layer] = {"median": Medians()} if factorized else {}
    return medians | numbered(layers)


def hyper_analysis(n: int, slope: float) -> dict[str, Layer]:
    """Latent to hyper-latent, 4 times smaller, less its medians."""
    layers = [Convolution(n, 3, 1), Rectifier(slope), Convolution(n), Rectifier(slope)]
    return numbered([*layers, Convolution(n)]) | {"median": Medians()}


def hyper_synthesis(first: int, second: int, outputs: int, slope: float) -> dict[str, Layer]:
    """Hyper-latent to scales, or to scales and means."""
    layers: list[Layer] = []
    for channels in (first, second):
        layers += [Convolution(channels, transposed=True), Rectifier(slope)]
    return {"median": Medians()} | numbered([*layers, Convolution(outputs, 3, 1)])


def numbered(layers: list[Layer]) -> dict[str, Layer]:
    """Layers named as a plain sequence of modules names them."""
    return {str(number): layer for number, layer in enumerate(layers)}
