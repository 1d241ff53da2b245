"""What a student is: its family, its widths, and the forms of its nonlinearities. Uses no torch."""

from dataclasses import dataclass
from enum import StrEnum

from ...dialects.gdn import Norm

MAX_WIDTH = 4096


class Family(StrEnum):
    """Which entropy model a student has, and with it which functions.

    Factorized and scale hyperprior: Ballé et al., ICLR 2018 (arXiv:1802.01436). Mean-scale
    hyperprior: Minnen et al., NeurIPS 2018 (arXiv:1809.02736).
    """

    FACTORIZED = "factorized"
    HYPERPRIOR = "hyperprior"
    MEAN_SCALE = "mean-scale"


class Activation(StrEnum):
    """What stands between the convolutions of a hyperprior."""

    RELU = "relu"
    LEAKY_RELU = "leaky_relu"


@dataclass(frozen=True)
class Architecture:
    """A student before it has weights.

    `n` is the number of channels of every hidden layer, `m` that of the latent (CompressAI's N and
    M); any positive number will do. `norm` is the form of GDN: l2 is GDN, l1 is GDN1 (Johnston et
    al., 2019). `activation` None takes the family's own: ReLU for a scale hyperprior, LeakyReLU for
    a mean-scale one. A factorized student has none to choose. Raises `ValueError`.
    """

    family: Family
    n: int
    m: int
    norm: Norm = Norm.L2
    activation: Activation | None = None

    def __post_init__(self) -> None:
        for name, width in (("n", self.n), ("m", self.m)):
            if not 1 <= width <= MAX_WIDTH:
                raise ValueError(f"{name} must be 1 to {MAX_WIDTH} channels, found {width}")
        if self.family is Family.FACTORIZED and self.activation is not None:
            raise ValueError(
                f"a factorized student has no activation but GDN, found {self.activation}"
            )

    @property
    def has_hyperprior(self) -> bool:
        """Whether there are h_a and h_s."""
        return self.family is not Family.FACTORIZED

    @property
    def stride(self) -> int:
        """What height and width of an image must be multiples of."""
        return 64 if self.has_hyperprior else 16
