"""What a user allows images to lose."""

import math
import re
from dataclasses import dataclass

from ..published import Curve

NUMBER = r"\d+(?:\.\d*)?|\.\d+"
BUDGET = re.compile(rf"(?:bd-)?rate=(?P<rate>{NUMBER})%|psnr=(?P<psnr>{NUMBER})")


@dataclass(frozen=True)
class Budget:
    """So much more rate in percent at equal PSNR, or so many dB less at equal rate; one is None."""

    rate: float | None
    psnr: float | None

    def in_decibels(self, curve: Curve, bpp: float) -> float:
        """The loss of PSNR at equal rate that is allowed to a model of so many bits per pixel."""
        if self.psnr is not None:
            return self.psnr
        assert self.rate is not None
        return math.log1p(self.rate / 100) / curve.slope(bpp)

    def __str__(self) -> str:
        return f"bd-rate={self.rate:g}%" if self.psnr is None else f"psnr={self.psnr:g}"


def parse_budget(text: str) -> Budget:
    """The budget in a text like bd-rate=1% or psnr=0.1; `ValueError` if it is none."""
    match = BUDGET.fullmatch(text)
    parts = {k: float(n) for k, n in match.groupdict().items() if n} if match else {}
    if not any(amount > 0 for amount in parts.values()):
        raise ValueError(
            f"budget must be like bd-rate=1% (rate at equal PSNR) or psnr=0.1 (dB at equal rate), "
            f"above 0, found {text}"
        )
    return Budget(parts.get("rate"), parts.get("psnr"))
