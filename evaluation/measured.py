"""Settings that only measuring a model can fill in."""

from collections.abc import Callable

from ..frontend.model import Model
from ..settings import Settings
from .budget import Assignment, within_budget
from .ranges import with_measured_ranges


def measured(
    model: Model, settings: Settings, step: Callable[[str], None]
) -> tuple[Settings, Assignment | None]:
    """Settings with the ranges and bits that they ask to be found, and what is known of the bits;
    other settings as they are. Raises what `with_measured_ranges` and `within_budget` do."""
    settings = with_measured_ranges(model, settings, step)
    if settings.budget is None:
        return settings, None
    assignment = within_budget(model, settings, step)
    return assignment.applied(settings), assignment
