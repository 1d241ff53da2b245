"""How fast a pipeline is whose layers have lost channels, and which of its stages binds."""

from collections.abc import Mapping

import numpy as np
from xdsl.dialects.builtin import ModuleOp

from ...backends.targets import load_target
from ...compiler import Pipeline, known_passes, make_pipeline
from ...dialects.coefficients import set_coefficients
from ...explain import balance_pass
from ...frontend import import_model
from ...frontend.model import Model
from ...passes.pruning.groups import codec_groups
from ...runtime.arithmetic import Array
from ...settings import Settings, pass_options

TO_STREAM = "calibrate{limit=1}, assign-precision, select-direction, ..., balance-pipeline"


class Pace:
    """Balances the pipeline of a model at the size, target, clock, direction and precision of some
    settings, as `licc compile` does; only the fit of numbers, which changes no layer's shape, is
    left out. `kept` are the channels that are left at the beginning, by layer."""

    def __init__(self, model: Model, settings: Settings, kept: Mapping[str, Array]):
        width, height = settings.size
        target = load_target(settings.target)
        options = dict(pass_options(settings, target))
        options["balance-pipeline"] = {**options["balance-pipeline"], "fps": (0.0,)}
        passes = make_pipeline(TO_STREAM, options, known_passes())
        self.balance = balance_pass(passes)
        self.before = Pipeline(passes[: passes.index(self.balance)])
        self.module = import_model(model, height, width)
        set_coefficients(self.module, target.coefficients)
        keep(self.module, kept)

    def measure(self, gone: Mapping[str, Array]) -> tuple[float, str]:
        """Frames a second of the fastest pipeline that fits when more channels go, by the name of
        their group; and its slowest stage."""
        module = self.module.clone()
        sizes = {group.name: group.channels for group in codec_groups(module)}
        keep(module, {name: np.setdiff1d(np.arange(sizes[name]), gone[name]) for name in gone})
        self.before.apply(module)
        problem = self.balance.problem(module)
        choice = self.balance.fastest_of(problem)
        return self.balance.rate(choice.interval), problem.binding(choice)


def keep(module: ModuleOp, kept: Mapping[str, Array]) -> None:
    """Keeps some channels of the groups that have a name among `kept`."""
    for name in [group.name for group in codec_groups(module)]:
        if name in kept:
            group = next(one for one in codec_groups(module) if one.name == name)
            group.keep(kept[name])
