"""Parses C++ by libclang."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from .cursors import Node
from .errors import LintError, first_of
from .library import libclang

ERROR = 3  # CXDiagnostic_Error


class Token:
    """A token of the parser, as it is written; where it stands is asked of libclang when needed."""

    __slots__ = ("handle", "text")

    def __init__(self, handle: Any):
        self.handle = handle
        self.text: str = handle.spelling

    @property
    def line(self) -> int:
        """Its line, from 1 on."""
        return self.handle.extent.start.line

    @property
    def start(self) -> int:
        """Its first byte."""
        return self.handle.extent.start.offset

    @property
    def end(self) -> int:
        """The byte behind its last one."""
        return self.start + len(self.text.encode())


@dataclass(frozen=True, eq=False)
class Parsed:
    """A translation unit."""

    path: Path
    unit: Any

    @cached_property
    def root(self) -> Node:
        """All of it."""
        return Node(self.unit.cursor)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The file and what it includes, by the names that places have."""
        included = (entry.include.name for entry in self.unit.get_includes())
        return tuple(dict.fromkeys([str(self.path), *included]))

    def tokens(self, file: str) -> list[Token]:
        """The tokens of a file, comments and skipped lines among them."""
        clang = libclang()
        handle = clang.File.from_name(self.unit, file)
        size = Path(file).stat().st_size
        begin, end = (clang.SourceLocation.from_offset(self.unit, handle, n) for n in (0, size))
        extent = clang.SourceRange.from_locations(begin, end)
        return list(map(Token, self.unit.get_tokens(extent=extent)))

    def skipped(self, file: str) -> list[tuple[int, int]]:
        """What the preprocessor leaves out of a file: first byte, and the one behind the last."""
        library = libclang().conf.lib
        handle = libclang().File.from_name(self.unit, file)
        ranges = library.clang_getSkippedRanges(self.unit, handle)
        try:
            found = ranges.contents
            return [
                (found.ranges[i].start.offset, found.ranges[i].end.offset)
                for i in range(found.count)
            ]
        finally:
            library.clang_disposeSourceRangeList(ranges)


def parse(path: Path, flags: Sequence[str], unsaved: Mapping[Path, str]) -> Parsed:
    """Parses a C++ file; `unsaved` holds the text of files that are not to be read from disk.

    `LintError` with clang's first message if it is no C++.
    """
    clang = libclang()
    try:
        unit = clang.Index.create().parse(
            str(path),
            list(flags),
            [(str(name), text) for name, text in unsaved.items()],
            options=clang.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD,  # for `skipped`
        )
    except clang.TranslationUnitLoadError as error:
        raise LintError(f"{path}: cannot be parsed: {error}") from error
    errors = [entry for entry in unit.diagnostics if entry.severity >= ERROR]
    if errors:
        lines = [
            f"{entry.location.file or path}:{entry.location.line}: {entry.spelling}"
            for entry in errors
        ]
        raise LintError(f"the C++ cannot be parsed: {first_of(lines)}")
    return Parsed(path, unit)
