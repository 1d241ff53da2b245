"""A state dict seen as layers: which there are, and their tensors, checked and in float32."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .errors import ModelError


class State:
    """The tensors of a file by name; every accessor raises `ModelError` naming file and tensor."""

    def __init__(self, file: str, tensors: Mapping[str, Tensor]):
        self.file = file
        self.tensors = tensors

    def error(self, name: str, message: str) -> ModelError:
        """What is wrong with a tensor or a layer, as an exception to raise."""
        return ModelError(f"{self.file}: {name}: {message}")

    def has(self, name: str) -> bool:
        """Whether there is a tensor, or any tensor below `name.`."""
        return any(key == name or key.startswith(f"{name}.") for key in self.tensors)

    def expect_only(self, *roots: str) -> None:
        """Refuses tensors of parts that licc would otherwise leave out silently."""
        for key in self.tensors:
            if key.split(".")[0] not in roots:
                raise self.error(
                    key,
                    f"belongs to no part that licc compiles ({', '.join(roots)}); export the "
                    "transforms with torch.export (.pt2) instead",
                )

    def layers(self, function: str) -> dict[int, set[str]]:
        """The tensors of each layer of a sequential function, by the layer's index."""
        found: dict[int, set[str]] = {}
        for key in self.tensors:
            root, *rest = key.split(".", 2)
            if root != function:
                continue
            if len(rest) != 2 or not rest[0].isdecimal():
                raise self.error(key, f"expected {function}.<index>.<tensor>, a plain sequence")
            found.setdefault(int(rest[0]), set()).add(rest[1])
        if not found:
            raise self.error(function, "has no tensors; a model needs both g_a and g_s")
        return found

    def tensor(self, name: str, *expected: int | None) -> Tensor:
        """A finite tensor as float32; `expected` is its shape, None for any size."""
        tensor = self.tensors.get(name)
        sizes = ", ".join("any" if size is None else str(size) for size in expected)
        if tensor is None:
            raise self.error(name, f"is missing, expected shape [{sizes}]")
        shape = tuple(tensor.shape)
        if len(shape) != len(expected) or any(
            size not in (None, found) for size, found in zip(expected, shape, strict=True)
        ):
            raise self.error(name, f"expected shape [{sizes}], found {list(shape)}")
        if not tensor.is_floating_point():
            raise self.error(name, f"expected float32 or float16, found {tensor.dtype}")
        bad = int(tensor.numel() - torch.isfinite(tensor).sum())
        if bad:
            raise self.error(
                name, f"{bad} of {tensor.numel()} values are NaN or infinite; use an earlier epoch"
            )
        return tensor.detach().to(torch.float32)

    def tables(self, roots: Iterable[str]) -> dict[str, NDArray[Any]]:
        """The tensors of the entropy models, untouched."""
        return {
            key: np.asarray(tensor.detach())
            for key, tensor in self.tensors.items()
            if key.split(".")[0] in roots and tensor.dtype is not torch.bfloat16
        }
