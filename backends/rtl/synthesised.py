"""Synthesises actors, several at once if asked to, and none twice: what yosys found is kept by all
that it rests on.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ..calibrate.reports import Report
from .simulate import cache_folder
from .yosys import SCRIPT, Stat, Yosys, write_stat

MODULE_NAME = re.compile(r"\blicc_\w+")
MOST_TOGETHER = 8  # actors in a run of yosys, for the memory that it takes


@dataclass(frozen=True)
class Synthesiser:
    """yosys on the actors in a folder, whose library of modules lies at `library`; `jobs` runs of
    it at once."""

    tool: Yosys
    folder: Path
    library: str
    jobs: int = 1

    def reports(self, actors: Sequence[str], progress: Callable[[str], None]) -> list[Report]:
        """What actors take; leaves `<actor>.stat.json` of each. `RtlError` if yosys fails."""
        unknown = [actor for actor in actors if not self._kept(actor).is_file()]
        count = max(self.jobs, -(-len(unknown) // MOST_TOGETHER))
        groups = [group for n in range(count) if (group := unknown[n::count])]
        with ThreadPoolExecutor(self.jobs) as pool:
            for group, found in zip(groups, pool.map(self._run, groups), strict=True):
                progress(f"yosys: {', '.join(group)}")
                for actor, stat in found.items():
                    _keep(self._kept(actor), stat)
        return [self._report(actor) for actor in actors]

    def _run(self, actors: Sequence[str]) -> dict[str, Stat]:
        return self.tool.synthesise(self.folder, self.library, actors)

    def _report(self, actor: str) -> Report:
        stat: Stat = json.loads(self._kept(actor).read_text())
        return write_stat(self.folder / f"{actor}.stat.json", stat)

    def _kept(self, actor: str) -> Path:
        """The file of the cache: its name is a hash of the tool, of what it is told, and of the
        actor's text, constants and modules of the library."""
        digest = hashlib.sha256(f"{self._version}\n{SCRIPT}\n".encode())
        text = self.folder / f"{actor}.sv"
        modules = sorted(self._used(text, set()))
        for path in (text, *sorted(self.folder.glob(f"{actor}_*.hex")), *modules):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
        return cache_folder() / "yosys" / f"{digest.hexdigest()}.json"

    @cached_property
    def _version(self) -> str:
        return self.tool.version()

    def _used(self, path: Path, found: set[Path]) -> set[Path]:
        """The modules of the library that a text names, and those that these name."""
        for name in MODULE_NAME.findall(path.read_text()):
            module = self.folder / self.library / f"{name}.sv"
            if module not in found and module.is_file():
                found.add(module)
                self._used(module, found)
        return found


def _keep(path: Path, stat: Stat) -> None:
    """Writes a file of the cache, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{id(stat)}")
    partial.write_text(json.dumps(stat))
    partial.replace(path)
