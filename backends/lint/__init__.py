"""Checks C++ against what Vitis HLS takes: pragmas, dataflow, streams, loops, arrays, widths.

By libclang, on the syntax tree of the C++ that synthesis sees (`__SYNTHESIS__`), templates as the
design instantiates them; see `cursors`. The rules are in `rules/`, one function each.

Headers of the vendor (`ap_int.h`, `hls_stream.h`, `ap_axi_sdata.h`) and `<cstdint>` are those in
`include/`: declarations only, so that no vendor tool and no C++ library is needed, and a core takes
well under a second.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from os.path import relpath
from pathlib import Path

from .errors import LintError, first_of
from .functions import functions_of, roots_of
from .parser import Parsed, parse
from .pragmas import Pragma, pragmas_of
from .rules import get_all_rules
from .scopes import Scopes, add_scopes
from .sources import Source, find_sources
from .unit import Unit

HEADERS = Path(__file__).parent / "include"
THREADS = 2


@dataclass(frozen=True, order=True)
class Finding:
    """An objection: the file, from the folder that was checked on, the line, the rule and what is
    wrong."""

    file: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.rule}: {self.message}"

    def to_json(self) -> dict[str, str | int]:
        """The entry of `licc lint --json`."""
        return asdict(self)


def lint(path: str | Path, uram: bool | None = None) -> tuple[Finding, ...]:
    """What there is to object to in a design, an HLS project, or a C++ file, in the order of the
    files and lines.

    `uram` says whether the part has UltraRAM; by default it is looked up among licc's targets.
    `LintError` if there is no C++ at `path`, or if it does not parse.
    """
    sources = find_sources(Path(path))
    has_uram = sources.uram if uram is None else uram
    headers, found = _Headers(), set[Finding]()
    # A file is checked while the next ones are parsed.
    with ThreadPoolExecutor(THREADS) as threads:
        parsed = threads.map(_parse, sources.files)
        for source, unit in zip(sources.files, parsed, strict=True):
            found.update(_check(headers.unit(source, unit, has_uram), sources.base))
    return tuple(sorted(found))


def require_clean(path: str | Path, uram: bool | None = None) -> None:
    """Raises `LintError` with the first finding of `lint`, if there is one."""
    found = lint(path, uram)
    if found:
        raise LintError(f"the C++ is not what Vitis HLS takes: {first_of(found)}")


@dataclass(frozen=True)
class _Headers:
    """What has been read of the files of a project: a header is read once, not once a core."""

    scopes: Scopes = field(default_factory=Scopes)
    pragmas: dict[str, tuple[Pragma, ...]] = field(default_factory=dict[str, tuple[Pragma, ...]])

    def unit(self, source: Source, parsed: Parsed, uram: bool | None) -> Unit:
        """What the rules look at in a file."""
        own = [file for file in parsed.files if not Path(file).is_relative_to(HEADERS)]
        add_scopes(self.scopes, parsed, own)
        for file in own:
            if file not in self.pragmas:
                whole = file != str(source.weights)
                self.pragmas[file] = tuple(pragmas_of(parsed, file)) if whole else ()
        pragmas = tuple(pragma for file in own for pragma in self.pragmas[file])
        roots = list(roots_of(parsed.root, str(source.path)))
        functions = functions_of(roots, self.scopes, pragmas)
        return Unit(functions, tuple(root.key for root in roots), pragmas, self.scopes, uram)


def _parse(source: Source) -> Parsed:
    flags = ["-x", "c++", "-std=c++17", "-D__SYNTHESIS__", "-nostdinc", "-w"]
    flags += [f"-I{source.include}", "-isystem", str(HEADERS)]
    return parse(source.path, flags, source.unsaved())


def _check(unit: Unit, base: Path) -> Iterator[Finding]:
    for name, rule in get_all_rules().items():
        for place, message in rule(unit):
            yield Finding(relpath(place.file, base), place.line, name, message)


__all__ = ["Finding", "LintError", "lint", "require_clean"]
