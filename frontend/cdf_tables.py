"""The CDF tables of an entropy model as a checkpoint holds them."""

from collections.abc import Mapping

import numpy as np

from ..runtime.arithmetic import Array
from ..runtime.entropy import Tables
from .errors import ModelError

BOTTLENECK, CONDITIONAL = "entropy_bottleneck", "gaussian_conditional"
SCALES = f"{CONDITIONAL}.scale_table"
SCALE_BOUND = f"{CONDITIONAL}.lower_bound_scale.bound"
PARTS = ("_quantized_cdf", "_cdf_length", "_offset")


def read_tables(tensors: Mapping[str, Array], name: str, file: str) -> Tables | None:
    """The tables of a part of an entropy model (`entropy_bottleneck` or `gaussian_conditional`);
    None where the file has none, or empty ones. Raises `ModelError` for wrong ones."""
    parts = [tensors.get(f"{name}.{key}") for key in PARTS]
    cdf, lengths, offsets = (np.zeros(0) if part is None else part for part in parts)
    if not (cdf.size and lengths.size and offsets.size):
        return None
    try:
        return Tables(cdf, lengths.ravel(), offsets.ravel())
    except ValueError as error:
        raise ModelError(f"{file}: {name}: {error}") from error


def read_scales(tensors: Mapping[str, Array], tables: Tables, file: str) -> Array:
    """The scales of Gaussian tables, float32; `ModelError` unless they rise, one a table."""
    scales = tensors[SCALES].astype(np.float32)
    if scales.shape != tables.lengths.shape or not (np.diff(scales) > 0).all():
        raise ModelError(
            f"{file}: {SCALES}: expected {len(tables.lengths)} rising scales, one for each table"
        )
    return scales


def scale_bound(tensors: Mapping[str, Array]) -> np.float32:
    """What a smaller scale is taken for."""
    return np.float32(tensors.get(SCALE_BOUND, np.zeros(1)).item())
