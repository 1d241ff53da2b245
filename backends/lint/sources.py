"""The C++ files that lint parses: those of a design, of an HLS project, or one of anyone's own."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..hls.project import MANIFEST
from ..targets import list_targets, load_target
from .errors import LintError

SOURCES = (".cpp", ".cc", ".cxx")
PACKAGED = Path(__file__).parents[1] / "hls" / "include"


@dataclass(frozen=True)
class Source:
    """A C++ file; `include` is where `<licc/...>` is, `weights` a header of ROMs of which only the
    declarations count."""

    path: Path
    include: Path
    weights: Path

    def unsaved(self) -> Mapping[Path, str]:
        """What is parsed in the place of files: the weights without their values, megabytes that
        no rule looks at."""
        if not self.weights.is_file():
            return {}
        return {self.weights: without_initializers(self.weights.read_text())}


@dataclass(frozen=True)
class Sources:
    """The files to check; places are given from `base` on. `part` is the device, if it is known."""

    base: Path
    files: tuple[Source, ...]
    part: str | None = None

    @property
    def uram(self) -> bool | None:
        """Whether the part has UltraRAM; None if it is none of licc's targets."""
        for target in map(load_target, list_targets()):
            if target.part == self.part:
                return target.resources.uram > 0
        return None


def find_sources(path: Path) -> Sources:
    """What there is to check at a path; `LintError` if that is nothing."""
    if path.is_file():
        if path.suffix not in SOURCES:
            raise LintError(f"{path}: not a C++ file ({', '.join(SOURCES)})")
        project = path.resolve().parents[1] / "include"
        include = project if (project / "licc").is_dir() else PACKAGED
        weights = path.with_name(f"{path.stem}_weights.h")
        return Sources(path.parent, (Source(path, include, weights),))
    if not path.is_dir():
        raise LintError(f"{path}: no such file or folder")
    for folder in (path / "hls", path):
        if (folder / MANIFEST).is_file():
            return _project(path, folder)
    raise LintError(
        f"{path}: not a design: there is no hls/{MANIFEST} in it; "
        "`licc compile MODEL -o DESIGN` writes one"
    )


def _project(base: Path, folder: Path) -> Sources:
    manifest = folder / MANIFEST
    try:
        table: dict[str, Any] = json.loads(manifest.read_text())
        tops = [str(core["top"]) for core in table["cores"]]
        part = str(table["part"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LintError(f"{manifest}: not the manifest of an HLS project: {error!r}") from error
    files = [
        Source(folder / top / f"{top}.cpp", folder / "include", folder / top / f"{top}_weights.h")
        for top in tops
    ]
    for source in files:
        if not source.path.is_file():
            raise LintError(f"{source.path}: no such file, but {manifest} names it")
    return Sources(base, tuple(files), part)


def without_initializers(text: str) -> str:
    """C++ of which what stands between outermost braces is left out; lines stay where they are."""
    return "".join(_outside_braces(text))


def _outside_braces(text: str) -> Iterator[str]:
    position = 0
    while (start := text.find("{", position)) >= 0:
        yield text[position : start + 1]
        depth, position = 1, start + 1
        while depth:
            close = text.find("}", position)
            if close < 0:
                yield text[position:]
                return
            depth += text.count("{", position, close) - 1
            position = close + 1
        yield "\n" * text.count("\n", start, position) + "}"
    yield text[position:]
