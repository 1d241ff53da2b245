"""What determines a student: everything that its weights depend on, besides images and teacher.

Uses no torch.
"""

import math
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from .architecture import Architecture

Card = dict[str, str | int | float | None]

MS_SSIM_CROP = 161
MAX_SEED = 2**32 - 1


class Beginning(StrEnum):
    """What weights a student begins with: principal components of the images, or random ones."""

    COMPONENTS = "components"
    RANDOM = "random"


@dataclass(frozen=True)
class Weights:
    """What the terms of the loss count for once distillation has begun; see `losses`."""

    rate_distortion: float = 0.4
    latent: float = 0.2
    reconstruction: float = 0.2
    hyper_latent: float = 0.0
    perceptual: float = 0.0

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not 0 <= value < math.inf:
                raise ValueError(
                    f"the weight of the {name.replace('_', '-')} term must not be negative, and "
                    f"finite, found {value}"
                )
        if self.rate_distortion == 0:
            raise ValueError(
                "the weight of the rate-distortion term must be positive, for without it nothing "
                "trains the entropy model"
            )


@dataclass(frozen=True)
class Recipe:
    """How a student is trained.

    `lmbda` weighs 255² times the mean squared error (pixels in 0..1) against bits per pixel, as in
    CompressAI. A batch has `batch` crops of `crop` x `crop` pixels, over all processes. `lr` is the
    peak of the learning rate. `plain` is the share of steps, from the first, that minimise rate and
    distortion alone before the teacher is asked. `seed` draws weights, crops and noise.
    `beginning` are the weights before the first step, if they are not those of a checkpoint.
    `teacher_step` is the step that the teacher's latents are rounded to: a larger one than 1 makes
    it a teacher of a lower rate. `quantize` is the precision, as in w8a8, whose rounding the
    student is trained with, `prune` the threshold of the channels that it has to do without. Raises
    `ValueError` for what is out of range.
    """

    architecture: Architecture
    lmbda: float
    steps: int
    batch: int = 8
    crop: int = 256
    lr: float = 5e-4
    plain: float = 0.2
    seed: int = 0
    beginning: Beginning = Beginning.COMPONENTS
    teacher_step: float = 1.0
    quantize: str | None = None
    prune: float | None = None
    weights: Weights = field(default_factory=Weights)

    def __post_init__(self) -> None:
        for name, value in (("steps", self.steps), ("batch", self.batch)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1, found {value}")
        for name, value in self._positive():
            if not 0 < value < math.inf:
                raise ValueError(f"{name} must be positive and finite, found {value}")
        if not 0 <= self.plain <= 1:
            raise ValueError(f"plain must be a share of the steps, 0 to 1, found {self.plain}")
        if self.prune is not None and not 0 <= self.prune < math.inf:
            raise ValueError(f"prune must not be negative, and finite, found {self.prune}")
        if not 0 <= self.seed <= MAX_SEED:
            raise ValueError(f"seed must be 0 to {MAX_SEED}, found {self.seed}")
        stride = self.architecture.stride
        if self.crop < stride or self.crop % stride:
            raise ValueError(
                f"crop must be a positive multiple of {stride} for a "
                f"{self.architecture.family} student, found {self.crop}"
            )
        if self.weights.perceptual and self.crop < MS_SSIM_CROP:
            raise ValueError(
                f"the perceptual term (MS-SSIM) needs crops of at least {MS_SSIM_CROP} pixels, "
                f"found {self.crop}"
            )
        if self.weights.hyper_latent and not self.architecture.has_hyperprior:
            raise ValueError(
                "the hyper-latent term needs a student with a hyperprior, found a "
                f"{self.architecture.family} one"
            )

    def _positive(self) -> tuple[tuple[str, float], ...]:
        return ("lambda", self.lmbda), ("lr", self.lr), ("teacher step", self.teacher_step)

    @property
    def needs_formats(self) -> bool:
        """Whether the student is to be rounded or pruned as the compiler would do it."""
        return self.quantize is not None or self.prune is not None

    @property
    def plain_steps(self) -> int:
        """How many steps come before distillation."""
        return round(self.plain * self.steps)

    def learning_rate(self, step: int) -> float:
        """The rate of a step, from 0: a short rise, a plateau, and from six tenths of the steps on
        half a cosine down to a hundredth."""
        rise = min(200, max(1, self.steps // 20))
        tail = max(0.0, (step / self.steps - 0.6) / 0.4)
        fall = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * tail))
        return self.lr * min(1.0, (step + 1) / rise) * fall

    def card(self) -> Card:
        """The recipe as plain values, for the file of the student."""
        architecture = {
            key: None if value is None else value if isinstance(value, int) else str(value)
            for key, value in asdict(self.architecture).items()
        }
        own: Card = {
            "lambda": self.lmbda,
            "steps": self.steps,
            "batch": self.batch,
            "crop": self.crop,
            "lr": self.lr,
            "plain": self.plain,
            "seed": self.seed,
            "beginning": str(self.beginning),
            "teacher_step": self.teacher_step,
            "quantize": self.quantize,
            "prune": self.prune,
        }
        weights: Card = {f"weight_{key}": value for key, value in asdict(self.weights).items()}
        return architecture | own | weights
