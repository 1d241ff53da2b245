"""The entropy model of a checkpoint in integers: its own tables, or tables made anew."""

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
import torch

from ..runtime.arithmetic import Array
from ..runtime.codec import FRACTION_BITS
from ..runtime.entropy import Conditional, EntropyModel, Tables
from ..runtime.entropy.model import SCALE_VALUES
from .cdf_tables import (
    BOTTLENECK,
    CONDITIONAL,
    PARTS,
    SCALES,
    read_scales,
    read_tables,
    scale_bound,
)
from .errors import ModelError
from .model import Model


def integer_entropy_model(model: Model, warn: Callable[[str], None]) -> EntropyModel | None:
    """The tables of a model, and the integer thresholds between its scales; None for a model that
    has no entropy model. `warn` is told of tables that the file lacks, which are made anew.
    Raises `ModelError` for wrong tables or parameters."""
    if not model.tables:
        return None
    file, tensors = model.provenance.file, model.tables
    channels = model.stages["h_a" if "h_a" in model.stages else "g_a"].outputs
    bottleneck = read_tables(tensors, BOTTLENECK, file)
    if bottleneck is None:
        warn(_made_anew(file, BOTTLENECK))
        bottleneck = _rebuilt(tensors, BOTTLENECK, file, _bottleneck(channels))
    if len(bottleneck.lengths) != channels:
        raise ModelError(
            f"{file}: {BOTTLENECK}: expected tables of {channels} channels, found "
            f"{len(bottleneck.lengths)}"
        )
    if "h_s" not in model.stages:
        return EntropyModel(bottleneck)
    tables = read_tables(tensors, CONDITIONAL, file)
    if tables is None or SCALES not in tensors:
        warn(_made_anew(file, CONDITIONAL))
        library = _conditional()
        tables = _rebuilt(tensors, CONDITIONAL, file, library)
        tensors = {**tensors, SCALES: library.scale_table.numpy()}
    scales = read_scales(tensors, tables, file)
    return EntropyModel(bottleneck, Conditional(tables, _thresholds(scales, scale_bound(tensors))))


def _thresholds(scales: Array, bound: np.float32) -> Array:
    """Integer thresholds that choose the tables that CompressAI's comparisons choose: for each
    scale but the last, the largest number of steps of 2^-6 that does not exceed it. A scale below
    the bound is exceeded by every number."""
    steps = np.floor(scales[:-1].astype(np.float64) * (1 << FRACTION_BITS))
    steps = np.where(scales[:-1] < bound, SCALE_VALUES.min - 1, steps)
    return np.minimum(steps, SCALE_VALUES.max).astype(np.int32)


def _made_anew(file: str, name: str) -> str:
    return (
        f"{file}: {name} has no CDF tables, which are made anew from its parameters; files that "
        "other tables coded cannot be decoded with them"
    )


def _rebuilt(tensors: Mapping[str, Array], name: str, file: str, library: Any) -> Tables:
    """The tables that CompressAI's `update` makes of the parameters of a file."""
    prefix = f"{name}."
    own = library.state_dict()
    given = {
        key.removeprefix(prefix): torch.as_tensor(np.array(value, np.float32))
        for key, value in tensors.items()
        if key.startswith(prefix)
        and value.size
        and key.removeprefix(prefix) not in PARTS
        and key.removeprefix(prefix) in own
    }
    parameters = {key for key, _ in library.named_parameters()}
    if missing := sorted(parameters - set(given)):
        raise ModelError(
            f"{file}: {name} has neither CDF tables nor {missing[0]} to make them of; call the "
            "model's update() before it is saved"
        )
    try:
        library.load_state_dict(own | given)
        library.update()
    except (RuntimeError, ValueError) as error:
        line = str(error).strip().splitlines()[-1].strip()
        raise ModelError(f"{file}: {name}: no tables can be made: {line}") from error
    found = {f"{prefix}{part}": np.asarray(getattr(library, part)) for part in PARTS}
    tables = read_tables(found, name, file)
    assert tables is not None
    return tables


def _bottleneck(channels: int) -> Any:
    return _library("compressai.entropy_models").EntropyBottleneck(channels)


def _conditional() -> Any:
    """With the scales that CompressAI gives every hyperprior."""
    scales = _library("compressai.models.google").get_scale_table()
    with torch.no_grad():
        return _library("compressai.entropy_models").GaussianConditional(scales.tolist())


def _library(module: str) -> Any:
    """A module of CompressAI, which has no types, and whose package warns of what it imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(module)
