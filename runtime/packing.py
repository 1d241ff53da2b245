"""Frozen dataclasses of numbers, arrays and each other as JSON and arrays, and back."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, cast

import numpy as np

from .arithmetic import Array

TYPE, ARRAY = "type", "array"


def pack(value: object, name: str, arrays: dict[str, Array]) -> object:
    """The JSON of a value; its arrays go into `arrays`, named after `name`."""
    if isinstance(value, np.ndarray):
        arrays[name] = np.ascontiguousarray(cast(Array, value))
        return {ARRAY: name}
    if is_dataclass(value):
        entries = {f.name: getattr(value, f.name) for f in fields(value)}
        packed = {key: pack(entry, f"{name}.{key}", arrays) for key, entry in entries.items()}
        return {TYPE: type(value).__name__, **packed}
    if isinstance(value, Mapping):
        entries = cast(Mapping[str, object], value)
        return {key: pack(entry, f"{name}.{key}", arrays) for key, entry in entries.items()}
    if isinstance(value, tuple):
        entries = cast(tuple[object, ...], value)
        return [pack(entry, f"{name}.{number}", arrays) for number, entry in enumerate(entries)]
    return value


def unpack(packed: object, types: Mapping[str, type[Any]], arrays: Mapping[str, Array]) -> Any:
    """The value that `pack` was given, whose dataclasses are among `types`, by name; `KeyError` or
    `TypeError` for what it never gives."""
    if isinstance(packed, list):
        entries = cast(list[object], packed)
        return tuple(unpack(entry, types, arrays) for entry in entries)
    if not isinstance(packed, dict):
        return packed
    content = cast(dict[str, Any], packed)
    if set(content) == {ARRAY}:
        return arrays[content[ARRAY]]
    values = {key: unpack(entry, types, arrays) for key, entry in content.items() if key != TYPE}
    return types[content[TYPE]](**values) if TYPE in content else values
