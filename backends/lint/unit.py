"""What a rule looks at, and what it finds."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from .cursors import Place
from .functions import Function
from .pragmas import Pragma
from .regions import Region, regions_of
from .scopes import Scopes


@dataclass(frozen=True, eq=False)
class Unit:
    """A C++ file with the headers that it includes.

    `functions` are those that are reached from `roots`, by their keys; `pragmas` all that the files
    hold; `uram` says whether the part has UltraRAM, None where that is not known.
    """

    functions: Mapping[str, Function]
    roots: tuple[str, ...]
    pragmas: tuple[Pragma, ...]
    scopes: Scopes
    uram: bool | None

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The dataflow regions."""
        return tuple(regions_of(self.functions))


class Found(NamedTuple):
    """What a rule objects to: where, and a sentence for the person at the terminal."""

    place: Place
    message: str


Rule = Callable[[Unit], Iterator[Found]]
