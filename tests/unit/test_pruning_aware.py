"""Training without the channels that the compiler removes."""

from dataclasses import replace
from pathlib import Path

import pytest
from xdsl.dialects.builtin import ModuleOp

from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.dialects import nn
from licc.dialects.gdn import Norm
from licc.dialects.tensors import type_of
from licc.frontend import import_model
from licc.frontend.students import Architecture, Family, Reporter, distill
from licc.frontend.students.checkpoints import read_student, write_student
from licc.student_formats import student_formats
from licc.tests.unit.students import HYPERPRIOR, recipe, run, write_teacher

WIDE = (Architecture(Family.FACTORIZED, 7, 5), replace(HYPERPRIOR, n=6, norm=Norm.L1))
THRESHOLD = 0.05


class Stopped(Exception):
    """Ends a training where a kill would."""


def widths(path: Path) -> dict[str, int]:
    """The channels that each convolution has after exact removals."""
    module: ModuleOp = import_model(path, 64, 64)
    Pipeline(make_pipeline("prune-channels", {}, known_passes())).apply(module)
    return {
        op.layer.data: type_of(op.results[0]).get_shape()[1]
        for op in module.walk()
        if isinstance(op, nn.Conv2dOp | nn.ConvTranspose2dOp)
    }


def write_start(path: Path, architecture: Architecture) -> None:
    """A student with two weak channels in @g_a and one in @g_s."""
    state = write_teacher(path, architecture).state_dict()
    for channel in (1, 4):
        state["g_a.2.weight"][channel] /= 100
        state["g_a.2.bias"][channel] /= 100
    state["g_s.4.weight"][:, 3] /= 100
    state["g_s.4.bias"][3] /= 100
    write_student(path, state, architecture, {})


@pytest.mark.parametrize("architecture", WIDE, ids=lambda a: a.family)
@pytest.mark.parametrize("quantize", [None, "w6a6"])
def test_what_was_trained_away_is_removed_exactly(
    architecture: Architecture, quantize: str | None, tmp_path: Path
) -> None:
    start = tmp_path / "start.pt"
    write_start(start, architecture)
    formats = student_formats(start, architecture.norm, quantize, THRESHOLD)
    removed = {layer: channels.tolist() for layer, channels in formats.pruned.items()}
    assert removed == {"g_a.2": [1, 4], "g_s.4": [3]}
    wanted = recipe(architecture, steps=4, lr=1e-2, prune=THRESHOLD, quantize=quantize)
    tuned = distill(wanted, run(tmp_path, start=start, output=tmp_path / "tuned.pt"), None, formats)
    before, after = widths(start), widths(tuned)
    assert {layer: before[layer] - after[layer] for layer in removed} == {"g_a.2": 2, "g_s.4": 1}
    assert sum(before.values()) - sum(after.values()) == 3
    weight = {path: read_student(path).state["g_s.2.weight"].numpy() for path in (start, tuned)}
    assert (weight[start] != weight[tuned]).any()


def test_a_stopped_pruned_training_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    start, architecture = tmp_path / "start.pt", WIDE[0]
    write_start(start, architecture)
    formats = student_formats(start, architecture.norm, None, THRESHOLD)
    wanted = recipe(architecture, steps=6, lr=1e-2, prune=THRESHOLD)
    whole = run(tmp_path, start=start, output=tmp_path / "whole.pt")
    distill(wanted, whole, None, formats)
    parts = replace(whole, output=tmp_path / "parts.pt", log_every=1, save_every=2)

    def stop(text: str) -> None:
        if text.startswith("step 3 "):
            raise Stopped

    with pytest.raises(Stopped):
        distill(wanted, parts, Reporter(stop), formats)
    distill(wanted, replace(parts, resume=True), None, formats)
    assert parts.output.read_bytes() == whole.output.read_bytes()


def test_prune_needs_a_start_and_a_threshold(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="quantize and prune need a student to start from"):
        distill(recipe(prune=0.1), run(tmp_path))
    with pytest.raises(ValueError, match=r"prune must not be negative, and finite, found -1"):
        recipe(prune=-1)
