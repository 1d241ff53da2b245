"""The families of students as data: which layers each transform has, for any width.

A student is one of CompressAI's families (Ballé et al., 2017 and 2018; Minnen et al., 2018), with N
channels inside and M latents. Nothing here needs torch, so that a width can be weighed before there
is a model; tests hold every family against what the frontend imports of CompressAI's own modules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from ..dialects.gdn import Norm
from .errors import ModelError
from .sizes import check_multiple

PIXELS = 3
LEAKY_SLOPE = 0.01
MOST_CHANNELS = 1024


class Family(StrEnum):
    """The families, by the names that the command line has for them."""

    FACTORIZED = "factorized"
    HYPERPRIOR = "hyperprior"
    MEAN_SCALE = "mean-scale"


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
class Activation:
    """A leaky ReLU; a ReLU where the slope is 0."""

    slope: float


@dataclass(frozen=True)
class Magnitude:
    """|x|, without parameters."""


@dataclass(frozen=True)
class Medians:
    """The constants that the entropy model adds to each channel: no parameters of the transform."""


Layer: TypeAlias = Convolution | Normalization | Activation | Magnitude | Medians


@dataclass(frozen=True)
class Transform:
    """A function of a codec: its layers by name, and its input [channels, image / stride]."""

    layers: Mapping[str, Layer]
    inputs: int
    stride: int


@dataclass(frozen=True)
class Student:
    """A member of a family: `n` channels inside, `m` latents, the form of its GDN.

    Raises `ModelError` for a width below 1 or above 1024.
    """

    family: Family
    n: int
    m: int = 192
    norm: Norm = Norm.L2

    def __post_init__(self) -> None:
        for name, value in (("N", self.n), ("M", self.m)):
            if not 1 <= value <= MOST_CHANNELS:
                raise ModelError(f"{name} must be in 1..{MOST_CHANNELS}, found {value}")

    @property
    def stride(self) -> int:
        """What the image's height and width must be multiples of."""
        return 16 if self.family is Family.FACTORIZED else 64

    def check_size(self, height: int, width: int) -> None:
        """Raises `ModelError` unless height and width are positive multiples of `stride`."""
        check_multiple(f"{self.family} N={self.n}", self.stride, height, width)

    @property
    def transforms(self) -> dict[str, Transform]:
        """The functions of the codec, by name, in the order in which the frontend has them."""
        n, m = self.n, self.m
        factorized = self.family is Family.FACTORIZED
        found = {
            "g_a": Transform(analysis(n, m, factorized), PIXELS, 1),
            "g_s": Transform(synthesis(n, factorized), m, 16),
        }
        match self.family:
            case Family.FACTORIZED:
                return found
            case Family.HYPERPRIOR:
                inner = {"h_a": hyper_analysis(n, 0.0), "h_s": hyper_synthesis(n, n, m, 0.0)}
                inner["h_a"] = {"abs": Magnitude(), **inner["h_a"]}
                inner["h_s"]["5"] = Activation(0.0)
            case Family.MEAN_SCALE:
                inner = {
                    "h_a": hyper_analysis(n, LEAKY_SLOPE),
                    "h_s": hyper_synthesis(m, m * 3 // 2, 2 * m, LEAKY_SLOPE),
                }
        found["h_a"] = Transform(inner["h_a"], m, 16)
        found["h_s"] = Transform(inner["h_s"], n, 64)
        return found


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
    layers = [Convolution(n, 3, 1), Activation(slope), Convolution(n), Activation(slope)]
    return numbered([*layers, Convolution(n)]) | {"median": Medians()}


def hyper_synthesis(first: int, second: int, outputs: int, slope: float) -> dict[str, Layer]:
    """Hyper-latent to scales, or to scales and means."""
    layers: list[Layer] = []
    for channels in (first, second):
        layers += [Convolution(channels, transposed=True), Activation(slope)]
    return {"median": Medians()} | numbered([*layers, Convolution(outputs, 3, 1)])


def numbered(layers: list[Layer]) -> dict[str, Layer]:
    """Layers named as a plain sequence of modules names them."""
    return {str(number): layer for number, layer in enumerate(layers)}
