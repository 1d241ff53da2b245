"""What was removed from a model, and what that loses. Uses no torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ...passes.pruning.work import layer_macs
from ...settings import Settings
from .removal import Removal, layer_channels

if TYPE_CHECKING:
    from ...frontend.model import Model


@dataclass(frozen=True)
class Pruned:
    """A model some of whose channels were removed.

    `channels` of what each layer gives, and its products for a frame of `size`, are before and
    after; functions count once. `rate_percent` is how much more rate the float model takes at equal
    PSNR and `psnr` the change of that in dB, measured on the calibration images, which the layers
    were fitted to; where `rate_missing` says that there is no entropy model, the rate is taken to
    be the same. `fps` is modelled, where it was asked for.
    """

    demand: str
    file: str
    sha256: str
    size: tuple[int, int]
    channels: Mapping[str, tuple[int, int]]
    macs: Mapping[str, tuple[int, int]]
    rate_percent: float
    psnr: float
    rate_missing: str | None
    fps: float | None

    @property
    def total_macs(self) -> tuple[int, int]:
        """All products before and after."""
        before, after = (sum(pair[side] for pair in self.macs.values()) for side in (0, 1))
        return before, after

    def to_json(self) -> dict[str, Any]:
        """The key `pruning` of `report.json`."""
        layers = [
            {
                "name": name,
                "channels": _pair(self.channels[name]),
                "macs": _pair(self.macs[name]),
            }
            for name in self.macs
        ]
        return {
            "demand": self.demand,
            "source": {"file": self.file, "sha256": self.sha256},
            "size": list(self.size),
            "macs": _pair(self.total_macs),
            "layers": layers,
            "loss": {
                "rate_percent_at_equal_psnr": self.rate_percent,
                "psnr": self.psnr,
                "basis": "measured",
                "rate_missing": self.rate_missing,
            },
            "fps": None if self.fps is None else {"value": self.fps, "basis": "modelled"},
        }


def pruned_report(
    model: "Model", removal: Removal, settings: Settings, missing: str | None, fps: float | None
) -> Pruned:
    """The report of what was removed from a model."""
    traces = removal.traces()
    frame = settings.size[0] * settings.size[1] / removal.pixels
    channels = layer_channels(removal.module)
    macs = layer_macs(removal.module)
    return Pruned(
        demand=str(settings.prune),
        file=model.provenance.file,
        sha256=model.provenance.sha256,
        size=settings.size,
        channels={name: (removal.channels[name], channels[name]) for name in channels},
        macs={
            name: (round(removal.layer_macs[name] * frame), round(after * frame))
            for name, after in macs.items()
        },
        rate_percent=removal.loss.percent(traces, removal.rates),
        psnr=float(np.mean(removal.loss.psnr_changes(traces))),
        rate_missing=missing,
        fps=fps,
    )


def _pair(pair: tuple[int, int]) -> dict[str, int]:
    return {"before": pair[0], "after": pair[1]}
