"""Removes channels of a checkpoint: those that cost least for what they save, in rounds, with a fit
of the layers that are left behind each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...dialects.gdn import Norm
from ...frontend import ModelError, import_model, load_model
from ...frontend.importer import ARCHIVE
from ...frontend.model import Model
from ...frontend.pruned import write_pruned
from ...passes.calibrate import Calibrate
from ...passes.pruning.choice import Candidate, choose
from ...passes.pruning.demand import parse_pruning
from ...passes.pruning.work import total_macs, work_of
from ...settings import Settings
from ..codecs import IMAGE
from ..published import curve_of
from ..rates import entropy_model
from .pace import Pace
from .removal import Removal
from .report import Pruned, pruned_report
from .widths import checkpoint_widths

IMAGES, FEWEST_IMAGES = 8, 2
ROUNDS = 2
LARGEST_STEP, SMALLEST_STEP = 0.8, 0.97


def prune_checkpoint(
    source: Path, output: Path, settings: Settings | None, step: Callable[[str], None]
) -> Pruned:
    """What `licc.prune` does."""
    settings = settings or Settings()
    demand = parse_pruning(settings.prune)
    if source.suffix in (".mlir", ARCHIVE):
        kind = "IR" if source.suffix == ".mlir" else "an archive"
        raise ModelError(
            f"{source}: {kind} cannot be written again as a checkpoint; give the checkpoint"
        )
    model = load_model(source, Norm(settings.norm) if settings.norm else None)
    search = Search(model, settings, step)
    search.removal.remove_weak(demand.norm)
    if demand.flops is not None:
        search.to_share(demand.flops)
    fps = None if demand.fps is None else search.to_rate(demand.fps)
    step("measuring what was lost")
    removal = search.removal
    report = pruned_report(model, removal, settings, search.rate_missing, fps)
    widths = checkpoint_widths(removal.module, removal.channels)
    write_pruned(source, removal.module, widths, removal.coded_channels, output)
    return report


@dataclass
class Search:
    """The removal of channels of a model, as settings ask for it."""

    model: Model
    settings: Settings
    step: Callable[[str], None]

    def __post_init__(self) -> None:
        model, images = self.model, self.settings.calibrate
        self.step(f"importing {model.provenance.file}")
        if missing := {"g_a", "g_s"} - set(model.stages):
            raise ModelError(
                f"{model.provenance.file}: has no {missing.pop()}; pruning takes both g_a and g_s"
            )
        side = -(-IMAGE // model.stride) * model.stride
        module = import_model(model, side, side)
        frames = Calibrate(str(images or ""), IMAGES).frames(module)
        if len(frames) < FEWEST_IMAGES:
            raise ValueError(
                f"prune: layers are fitted to images; {FEWEST_IMAGES} or more are needed, found "
                f"{len(frames)} in {images}"
            )
        entropy = entropy_model(model)
        self.rate_missing = entropy if isinstance(entropy, str) else None
        if self.rate_missing:
            self.step(f"{self.rate_missing}: channels are chosen by distortion alone")
        self.step("measuring how rate and distortion depend on every layer")
        known = None if isinstance(entropy, str) else entropy
        self.removal = Removal(module, frames, known, curve_of(model.family))

    def to_share(self, share: float) -> None:
        """Rounds until a share of the products is left."""
        module, whole = self.removal.module, self.removal.macs
        start = total_macs(module) / whole
        for number in range(1, ROUNDS + 1):
            self.step(f"pruning, round {number} of {ROUNDS}: {total_macs(module) / whole:.1%} left")
            candidates = self.removal.candidates()
            groups = [one.group for one in candidates]
            work = work_of(module, groups, [group.channels for group in groups])
            if work.least > share * whole:
                raise ValueError(
                    f"prune: flops={share:g} is out of reach: with one channel in every layer "
                    f"{work.least / whole:.3g} of the multiply-accumulates are left"
                )
            choose(candidates, work, whole * (start - (start - share) * number / ROUNDS))
            self.apply(candidates)

    def to_rate(self, fps: float) -> float:
        """Removes channels of the slowest stage until the fastest pipeline that fits makes so many
        frames a second; how many it makes."""
        pace = Pace(self.model, self.settings, self.removal.kept)
        candidates = self.removal.candidates()
        groups = [one.group for one in candidates]
        while True:
            rate, stage = pace.measure({one.group.name: one.gone for one in candidates})
            self.step(f"{rate:.1f} frames a second, {stage} binds")
            if rate >= fps:
                break
            left = [int(one.left.sum()) for one in candidates]
            work = work_of(self.removal.module, groups, left, {stage: 1.0})
            factor = min(max(rate / fps, LARGEST_STEP), SMALLEST_STEP)
            choose(candidates, work, work.total * factor)
            if work.channels == left:
                raise ValueError(
                    f"prune: fps={fps:g} is out of reach: {stage} binds at {rate:.2f} frames a "
                    "second, and no channel is left to remove there"
                )
        self.apply(candidates)
        return rate

    def apply(self, candidates: Sequence[Candidate]) -> None:
        """Removes what was chosen, and fits the rest."""
        gone = {one.group.name: one.gone for one in candidates if len(one.gone)}
        if gone:
            self.removal.remove(gone)
            self.removal.fit()
