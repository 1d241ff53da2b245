"""Passes from files and from installed packages."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from licc.compiler import known_passes
from licc.passes.plugins import PluginError, installed_passes, load_plugin

TWO_PASSES = """\
from dataclasses import dataclass

from licc.passes.calibrate import Calibrate
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp, StringAttr
from xdsl.passes import ModulePass


@dataclass(frozen=True)
class Mark(ModulePass):
    name = "mark"

    word: str = "seen"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        op.attributes["mark"] = StringAttr(self.word)


@dataclass(frozen=True)
class Other(Mark):
    name = "other"
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """A file that defines two passes and imports a third."""
    path = tmp_path / "my_passes.py"
    path.write_text(TWO_PASSES)
    return path


def test_a_file_brings_what_it_defines(plugin: Path) -> None:
    found = load_plugin(plugin).passes
    assert sorted(found) == ["mark", "other"]
    assert {name: factory().name for name, factory in found.items()} == {
        "mark": "mark",
        "other": "other",
    }


def test_the_compiler_knows_them_beside_its_own(plugin: Path) -> None:
    assert {"mark", "other", "calibrate", "quantize"} <= set(known_passes((plugin,)))
    assert "mark" not in known_passes()


def test_the_tool_loads_them(
    plugin: Path, tmp_path: Path, run_tool: Callable[[list[str]], str]
) -> None:
    (tmp_path / "a.mlir").write_text("builtin.module {}")
    argv = ["licc-opt", str(tmp_path / "a.mlir"), "--load", str(plugin), "-p", 'mark{word="hi"}']
    assert 'attributes {mark = "hi"}' in run_tool(argv)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "defines no pass; a pass is a subclass of xdsl's ModulePass"),
        ("from licc.passes.quantize import Quantize\n", "defines no pass"),
        ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def f(:\n", "SyntaxError: "),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
    ],
)
def test_files_without_passes(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "broken.py"
    path.write_text(text)
    with pytest.raises(PluginError, match="broken") as error:
        load_plugin(path)
    assert message in str(error.value)


@pytest.mark.parametrize("name", ["missing.py", "folder.py", "passes.txt"])
def test_no_python_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "passes.txt").write_text(TWO_PASSES)
    with pytest.raises(PluginError, match="no Python file to load passes from"):
        load_plugin(tmp_path / name)


def test_an_installed_package(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    information = plugin.parent / "marking-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: marking\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[licc.passes]\nmark = my_passes:Mark\n")
    assert "mark" not in installed_passes()
    monkeypatch.syspath_prepend(str(plugin.parent))
    monkeypatch.delitem(sys.modules, "my_passes", raising=False)
    found = installed_passes()
    assert found["mark"]().name == "mark"
    assert "mark" in known_passes()
