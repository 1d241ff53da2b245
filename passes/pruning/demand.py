"""What a user wants to be pruned."""

import math
from dataclasses import dataclass

KEYS = ("norm", "flops", "fps")


@dataclass(frozen=True)
class Pruning:
    """Channels of a norm up to `norm` go; others go until at most the share `flops` of the
    multiply–accumulates is left, and until the pipeline reaches `fps` frames a second."""

    norm: float = 0.0
    flops: float | None = None
    fps: float | None = None

    @property
    def searches(self) -> bool:
        """Whether channels are to be chosen by what they cost in rate and distortion."""
        return self.flops is not None or self.fps is not None


def parse_pruning(demand: str | float) -> Pruning:
    """The demand in a text like flops=0.7, fps=60, norm=1e-3, several with commas between, or a
    norm alone; `ValueError` if it is none."""
    found: dict[str, float] = {}
    for part in str(demand).split(","):
        key, _, text = part.rpartition("=")
        name = key.strip() or "norm"
        if name not in KEYS or name in found:
            raise ValueError(_expected(demand))
        try:
            found[name] = float(text)
        except ValueError:
            raise ValueError(_expected(demand)) from None
    pruning = Pruning(**found)
    if not 0 <= pruning.norm < math.inf:
        raise ValueError(f"prune must not be negative, and finite, found {pruning.norm}")
    if pruning.flops is not None and not 0 < pruning.flops <= 1:
        raise ValueError(
            f"prune: flops is the share of multiply-accumulates that stays, above 0 and up to 1, "
            f"found {pruning.flops:g}"
        )
    if pruning.fps is not None and not 0 < pruning.fps < math.inf:
        raise ValueError(f"prune: fps must be positive and finite, found {pruning.fps:g}")
    return pruning


def _expected(demand: str | float) -> str:
    return (
        "prune must be like flops=0.7 (the share of multiply-accumulates that stays), fps=60, "
        f"norm=1e-3 (or 1e-3), or several with commas between, found {demand}"
    )
