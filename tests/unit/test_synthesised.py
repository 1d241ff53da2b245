"""What yosys found is kept, and taken apart actor by actor."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from licc.backends.rtl.errors import RtlError
from licc.backends.rtl.synthesised import MOST_TOGETHER, Synthesiser
from licc.backends.rtl.yosys import Stat, Yosys, part_of, total_of

CREATOR = "Yosys 0.70 (made up)"


@dataclass(frozen=True)
class Counted(Yosys):
    """A tool that says that every actor takes as many LUTs as its text has characters."""

    command: tuple[str, ...] = ("true",)
    runs: list[Sequence[str]] = field(default_factory=list[Sequence[str]])

    def version(self) -> str:
        return CREATOR

    def synthesise(self, folder: Path, library: str, modules: Sequence[str]) -> dict[str, Stat]:
        self.runs.append(modules)
        return {
            name: {
                "creator": CREATOR,
                "modules": {
                    name: {"num_cells_by_type": {"LUT2": len((folder / f"{name}.sv").read_text())}}
                },
            }
            for name in modules
        }


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A core of three actors, and an empty cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    core = tmp_path / "rtl" / "core"
    core.mkdir(parents=True)
    (core.parent / "library").mkdir()
    for name, text in (("fifo", "licc_counter"), ("counter", "count"), ("add", "sum")):
        (core.parent / "library" / f"licc_{name}.sv").write_text(text)
    for name in "abc":
        (core / f"{name}.sv").write_text(f"{name} licc_fifo")
        (core / f"{name}_rom.hex").write_text("0")
    return core


def luts(synthesiser: Synthesiser, *actors: str) -> list[float]:
    reports = synthesiser.reports(actors, lambda text: None)
    return [total_of(report, actor).lut for report, actor in zip(reports, actors, strict=True)]


def test_no_actor_is_synthesised_twice(folder: Path) -> None:
    tool = Counted()
    first = Synthesiser(tool, folder, "../library")
    assert luts(first, "a", "b") == [11, 11]
    assert luts(first, "a", "c", "b") == [11, 11, 11]
    assert tool.runs == [["a", "b"], ["c"]]
    kept = json.loads((folder / "b.stat.json").read_text())
    assert list(kept["modules"]) == ["b"]


@pytest.mark.parametrize("path", ["a.sv", "a_rom.hex", "../library/licc_counter.sv"])
def test_what_it_rests_on_is_looked_at(folder: Path, path: str) -> None:
    tool = Counted()
    luts(Synthesiser(tool, folder, "../library"), "a")
    (folder / path).write_text("other")
    assert luts(Synthesiser(tool, folder, "../library"), "a") == [5 if path == "a.sv" else 11]
    assert tool.runs == [["a"], ["a"]]


def test_what_it_does_not_rest_on_is_not(folder: Path) -> None:
    tool = Counted()
    for path in ("../library/licc_add.sv", "b.sv"):
        luts(Synthesiser(tool, folder, "../library"), "a")
        (folder / path).write_text("other")
    assert tool.runs == [["a"]]


def test_actors_are_shared_out(folder: Path) -> None:
    tool, names = Counted(), [f"x{n}" for n in range(2 * MOST_TOGETHER + 1)]
    for name in names:
        (folder / f"{name}.sv").write_text(name)
    synthesiser = Synthesiser(tool, folder, "../library", jobs=2)
    assert luts(synthesiser, "a", "b", "c") == [11, 11, 11]
    assert sorted(map(len, tool.runs)) == [1, 2]
    assert luts(synthesiser, *names) == [len(name) for name in names]
    assert sorted(map(len, tool.runs[2:])) == [5, 6, 6]


def test_a_failure_keeps_nothing(folder: Path) -> None:
    tool = replace(Counted(), command=("false",))
    failing = Yosys(tool.command)
    with pytest.raises(RtlError, match="false fails"):
        luts(Synthesiser(failing, folder, "../library"), "a")
    assert not list(folder.glob("*.stat.json"))


def test_a_part_has_what_is_inside() -> None:
    cells = {"a": {"f": 2, "LUT2": 1}, "b": {"f": 1}, "f": {"\\g": 1}, "\\g": {"FDRE": 4}, "h": {}}
    stat: Stat = {
        "creator": CREATOR,
        "modules": {name: {"num_cells_by_type": found} for name, found in cells.items()},
    }
    assert list(part_of(stat, "a")["modules"]) == ["a", "f", "g"]
    assert list(part_of(stat, "b")["modules"]) == ["b", "f", "g"]
