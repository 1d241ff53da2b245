"""The integer entropy model of checkpoints, against CompressAI's own."""

from pathlib import Path

import numpy as np
import pytest
import torch

from licc.frontend import ModelError, load_model
from licc.frontend.entropy import integer_entropy_model
from licc.frontend.students.checkpoints import read_student, write_student
from licc.runtime.entropy import EntropyModel
from licc.tests.unit.students import ALL, FACTORIZED, HYPERPRIOR, MEAN_SCALE, write_teacher

STEPS = np.arange(-(1 << 15), 1 << 15).astype(np.int16)
PARTS = ("_quantized_cdf", "_cdf_length", "_offset")


def model_of(path: Path, warnings: list[str] | None = None) -> EntropyModel:
    """The entropy model of a checkpoint, and what was told of it."""
    told: list[str] = []
    found = integer_entropy_model(load_model(path), told.append)
    assert told == (warnings or [])
    assert found is not None
    return found


@pytest.mark.parametrize("architecture", [HYPERPRIOR, MEAN_SCALE], ids=lambda a: str(a.family))
def test_every_scale_has_the_table_of_compressai(tmp_path: Path, architecture) -> None:
    library = write_teacher(tmp_path / "student.pt", architecture)
    found = model_of(tmp_path / "student.pt")
    assert found.conditional is not None
    scales = torch.as_tensor(STEPS.astype(np.float32) / 64)
    expected = library.gaussian_conditional.build_indexes(scales).numpy()
    assert np.array_equal(found.conditional.rows(STEPS), expected)


def test_scales_below_the_bound(tmp_path: Path) -> None:
    """A bound above the first scales leaves their tables unused."""
    library = write_teacher(tmp_path / "student.pt", HYPERPRIOR)
    state = dict(read_student(tmp_path / "student.pt").state)
    state["gaussian_conditional.lower_bound_scale.bound"] = torch.tensor([0.7])
    write_student(tmp_path / "student.pt", state, HYPERPRIOR, {})
    library.gaussian_conditional.lower_bound_scale.bound.fill_(0.7)
    found = model_of(tmp_path / "student.pt")
    assert found.conditional is not None
    scales = torch.as_tensor(STEPS.astype(np.float32) / 64)
    expected = library.gaussian_conditional.build_indexes(scales).numpy()
    assert np.array_equal(found.conditional.rows(STEPS), expected)
    assert expected.min() > 0


@pytest.mark.parametrize("architecture", ALL, ids=lambda a: str(a.family))
def test_tables_are_made_anew_where_there_are_none(tmp_path: Path, architecture) -> None:
    path = tmp_path / "student.pt"
    write_teacher(path, architecture)
    expected = model_of(path)
    state = dict(read_student(path).state)
    names = ["entropy_bottleneck", "gaussian_conditional"][
        : 2 if architecture.m and expected.conditional else 1
    ]
    for name in names:
        for part in PARTS:
            state[f"{name}.{part}"] = torch.zeros(0, dtype=torch.int32)
    if expected.conditional:
        state["gaussian_conditional.scale_table"] = torch.zeros(0)
    write_student(path, state, architecture, {})
    found = model_of(
        path,
        [
            f"student.pt: {name} has no CDF tables, which are made anew from its parameters; files "
            "that other tables coded cannot be decoded with them"
            for name in names
        ],
    )
    assert found.digest == expected.digest
    assert all(np.array_equal(a, expected.arrays()[name]) for name, a in found.arrays().items())


def test_neither_tables_nor_parameters(tmp_path: Path) -> None:
    path = tmp_path / "student.pt"
    write_teacher(path, FACTORIZED)
    state = dict(read_student(path).state)
    del state["entropy_bottleneck._quantized_cdf"]
    del state["entropy_bottleneck.matrices.0"]
    write_student(path, state, FACTORIZED, {})
    with pytest.raises(ModelError, match=r"has neither CDF tables nor matrices\.0"):
        integer_entropy_model(load_model(path), print)


def test_pair_of_transforms_has_no_entropy_model(tmp_path: Path) -> None:
    write_teacher(tmp_path / "student.pt", FACTORIZED)
    state = read_student(tmp_path / "student.pt").state
    pair = {name: value for name, value in state.items() if name.startswith("g_")}
    torch.save(pair, tmp_path / "pair.pth")
    assert integer_entropy_model(load_model(tmp_path / "pair.pth"), print) is None


def test_too_few_tables(tmp_path: Path) -> None:
    path = tmp_path / "student.pt"
    write_teacher(path, FACTORIZED)
    state = dict(read_student(path).state)
    for part in PARTS:
        state[f"entropy_bottleneck.{part}"] = state[f"entropy_bottleneck.{part}"][:3]
    write_student(path, state, FACTORIZED, {})
    with pytest.raises(ModelError, match="expected tables of 4 channels, found 3"):
        integer_entropy_model(load_model(path), print)


def test_arrays_hold_all_of_it(tmp_path: Path) -> None:
    write_teacher(tmp_path / "student.pt", MEAN_SCALE)
    found = model_of(tmp_path / "student.pt")
    again = EntropyModel.from_arrays(found.arrays())
    assert again.digest == found.digest
    changed = found.arrays()
    changed["conditional.thresholds"] = changed["conditional.thresholds"] + 1
    assert EntropyModel.from_arrays(changed).digest != found.digest
