"""Passes from outside: from a Python file, or from installed packages' entry points."""

import importlib.util
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from xdsl.passes import ModulePass

ENTRY_POINTS = "licc.passes"


class PluginError(ValueError):
    """A file or package that was to bring passes and does not."""


def installed_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """Passes of installed packages: entry points of the group `licc.passes`, by their names."""
    return {point.name: point.load for point in entry_points(group=ENTRY_POINTS)}


def load_passes(path: Path) -> dict[str, Callable[[], type[ModulePass]]]:
    """Every `ModulePass` that a Python file defines, by its name.

    The file is run as a module of its own. `PluginError` if it cannot be, or defines no pass.
    """
    spec = importlib.util.spec_from_file_location(f"licc_plugin_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise PluginError(f"{path}: no Python file to load passes from")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise PluginError(f"{path}: {type(error).__name__}: {error}") from error
    found: dict[str, type[ModulePass]] = {
        value.name: value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, ModulePass)
        and value.__module__ == spec.name
    }
    if not found:
        raise PluginError(f"{path}: defines no pass; a pass is a subclass of xdsl's ModulePass")
    return {name: _factory(pass_) for name, pass_ in found.items()}


def _factory(pass_: type[ModulePass]) -> Callable[[], type[ModulePass]]:
    return lambda: pass_
