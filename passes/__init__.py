"""IR to IR, one pass a file, each file named as its pass is called.

`get_all_passes` maps each name to a factory, so that a tool loads only what its pipeline uses.
"""

from collections.abc import Callable
from importlib import import_module

from xdsl.passes import ModulePass

NAMES = (
    "assign-precision",
    "balance-pipeline",
    "calibrate",
    "choose-gdn-cores",
    "equalize-channels",
    "fit-scales",
    "fuse-streams",
    "lower-to-stream",
    "prune-channels",
    "quantize",
    "round-weights",
    "select-direction",
    "size-fifos",
)


def get_all_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """All passes of licc, by name."""
    return {name: _factory(name) for name in NAMES}


def _factory(name: str) -> Callable[[], type[ModulePass]]:
    """What loads a pass: `round-weights` is `RoundWeights` in round_weights.py."""

    def load() -> type[ModulePass]:
        module = import_module(f".{name.replace('-', '_')}", __name__)
        return getattr(module, name.title().replace("-", ""))

    return load
