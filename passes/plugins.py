"""Passes and GDN cores from outside: from a Python file, or from installed packages' entry
points."""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import TypeAlias

from xdsl.passes import ModulePass

from ..runtime.gdn_cores import GdnCore, built_in_cores, check

ENTRY_POINTS = "licc.passes"
CORE_ENTRY_POINTS = "licc.gdn_cores"
CORE_NAME = re.compile(r"[a-z][a-z0-9-]*")
TAKEN = ("cheapest",)
PassFactory: TypeAlias = Callable[[], type[ModulePass]]


class PluginError(ValueError):
    """A file or package that was to bring passes or GDN cores and does not."""


@dataclass(frozen=True)
class Plugin:
    """What a Python file brings, by name."""

    passes: Mapping[str, PassFactory]
    cores: Mapping[str, GdnCore]


def installed_passes() -> dict[str, PassFactory]:
    """Passes of installed packages: entry points of the group `licc.passes`, by their names."""
    return {point.name: point.load for point in entry_points(group=ENTRY_POINTS)}


def installed_cores() -> dict[str, GdnCore]:
    """GDN cores of installed packages: entry points of the group `licc.gdn_cores`, proven like
    those of a file. `PluginError` for one that is none."""
    found: list[GdnCore] = []
    for point in entry_points(group=CORE_ENTRY_POINTS):
        core = point.load()
        if not isinstance(core, GdnCore):
            raise PluginError(f"{point.value}: expected a GdnCore, found {type(core).__name__}")
        found.append(core)
    return checked_cores(CORE_ENTRY_POINTS, found)


def load_plugin(path: Path) -> Plugin:
    """Every `ModulePass` and every `GdnCore` that a Python file defines.

    The file is run as a module of its own; the errors that cores declare are proven. `PluginError`
    if it cannot be run, defines neither, or declares an error that does not hold.
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
    values = list(vars(module).values())
    passes: dict[str, type[ModulePass]] = {
        value.name: value
        for value in values
        if isinstance(value, type)
        and issubclass(value, ModulePass)
        and value.__module__ == spec.name
    }
    own = built_in_cores().values()
    cores = [value for value in values if isinstance(value, GdnCore) and value not in own]
    if not passes and not cores:
        raise PluginError(
            f"{path}: defines no pass; a pass is a subclass of xdsl's ModulePass (nor a GDN core, "
            "which is a licc.runtime.gdn_cores.GdnCore)"
        )
    factories = {name: _factory(pass_) for name, pass_ in passes.items()}
    return Plugin(factories, checked_cores(str(path), cores))


def checked_cores(where: str, cores: Iterable[GdnCore]) -> dict[str, GdnCore]:
    """Cores by their names, proven; `PluginError` that says where a wrong one came from."""
    found: dict[str, GdnCore] = {}
    for core in cores:
        if not CORE_NAME.fullmatch(core.name) or core.name in (*TAKEN, *built_in_cores(), *found):
            raise PluginError(
                f"{where}: the name of a GDN core must be lower case, and not taken, "
                f"found {core.name}"
            )
        if not core.forms or f"struct {core.struct}" not in core.header:
            raise PluginError(
                f"{where}: GDN core {core.name} must have a form, and a header that defines "
                f"struct {core.struct}"
            )
        try:
            check(core)
        except Exception as error:
            raise PluginError(f"{where}: {error}") from error
        found[core.name] = core
    return found


def with_cores(
    passes: Mapping[str, PassFactory], plugins: Iterable[Plugin]
) -> dict[str, PassFactory]:
    """Passes, among which `choose-gdn-cores` knows the cores of plugins and installed packages."""
    loaded = {name: core for plugin in plugins for name, core in plugin.cores.items()}

    def choose() -> type[ModulePass]:
        from .choose_gdn_cores import ChooseGdnCores

        return ChooseGdnCores.knowing(installed_cores() | loaded)

    return {**passes, "choose-gdn-cores": choose}


def _factory(pass_: type[ModulePass]) -> PassFactory:
    return lambda: pass_
