"""What the documentation shows is run, and what it links to exists."""

import argparse
import doctest
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from xdsl.parser import Parser

import licc
from licc.cli_codec import add_decode, add_encode
from licc.compiler import make_context
from licc.distillation import add_distill_options
from licc.evaluation.options import add_bench_options
from licc.evaluation.pruning.options import add_prune_options
from licc.tests.bench.models import write_checkpoint

ROOT = Path(__file__).parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "examples").rglob("*.md")),
]
ENGINES = ROOT / "docs" / "engines"
DOCTESTS = [ROOT / "docs" / "numbers.md", *sorted(ENGINES.glob("*.md"))]
MLIR = re.compile(r"^```mlir\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PIPELINE = re.compile(r'--passes "([^"]*)"')
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [t for t in LINK.findall(page.read_text()) if not (page.parent / t).exists()]
    assert missing == []


@pytest.mark.parametrize("page", DOCTESTS, ids=lambda page: page.name)
def test_examples_give_what_the_page_shows(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    result = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("path", sorted(ENGINES.glob("*.mlir")), ids=lambda path: path.name)
def test_engines_have_a_page_that_shows_them(path: Path) -> None:
    text = path.read_text()
    module = Parser(make_context(), text, str(path)).parse_module()
    module.verify()
    pages = [page.read_text() for page in ENGINES.glob("*.md")]
    assert any(f'Path("docs/engines/{path.name}")' in page for page in pages)
    shown = [block for page in pages for block in MLIR.findall(page)]
    assert text in shown or any(f"]({path.name})" in page for page in pages)


def test_pages_show_no_engine_of_their_own() -> None:
    files = [path.read_text() for path in ENGINES.glob("*.mlir")]
    for page in ENGINES.glob("*.md"):
        assert all(block in files for block in MLIR.findall(page.read_text())), page.name


OPTIONS = {
    "distillation.md": (add_distill_options, {"--target", "--nproc-per-node"}),
    "evaluation.md": (add_bench_options, set[str]()),
    "pruning.md": (add_prune_options, {"--images", "--flops", "--from"}),
}


@pytest.mark.parametrize("page", OPTIONS)
def test_pages_and_commands_have_the_same_options(page: str) -> None:
    add, of_others = OPTIONS[page]
    parser = argparse.ArgumentParser(prog="licc")
    add(parser)
    options = set(re.findall(r"--[a-z][a-z-]*", parser.format_help()))
    named = set(re.findall(r"--[a-z][a-z-]*", (ROOT / "docs" / page).read_text()))
    assert named - options == of_others
    assert options - named <= {"--help", "--output", "--quiet"}


def test_codec_page_and_commands_have_the_same_options() -> None:
    page = (ROOT / "docs" / "codec.md").read_text()
    options: set[str] = set()
    for add_options in (add_encode, add_decode):
        parser = argparse.ArgumentParser(prog="licc")
        add_options(parser)
        options |= set(re.findall(r"--[a-z]+", parser.format_help()))
    assert set(re.findall(r"--[a-z]+", page)) == options - {"--help", "--output", "--quiet"}


ENGINE = """\
func.func @g_a(%w: !stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>)
    -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2> {
  %weight = arith.constant dense<1> : tensor<8x4x3x3xi8>
  %v = arith.constant dense<1> : tensor<8xi32>
  %y = stream.convolve %w, %weight, %v, %v {layer = "g_a.0", shift = 24 : i64,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i20}
      : (!stream.windows<tensor<1x4x8x8xi8>, lanes = 2, taps = 1, repeat = 4, depth = 2>,
         tensor<8x4x3x3xi8>, tensor<8xi32>, tensor<8xi32>)
      -> !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x8x8x8xi8>, lanes = 2, depth = 2>
}
"""


def save_passes_page(folder: Path) -> Path:
    """The page's code as the file that it tells to save."""
    (code,) = PYTHON.findall((ROOT / "docs" / "passes.md").read_text())
    path = folder / "my_pass.py"
    path.write_text(code)
    return path


@pytest.mark.parametrize(("threshold", "moved"), [(287, False), (288, True)])
def test_passes_page(
    tmp_path: Path, run_tool: Callable[[list[str]], str], threshold: int, moved: bool
) -> None:
    my_pass, engine = save_passes_page(tmp_path), tmp_path / "engine.mlir"
    engine.write_text(ENGINE)
    pipeline = f"small-weights{{threshold={threshold}}}"
    text = run_tool(["licc-opt", str(engine), "--load", str(my_pass), "-p", pipeline])
    assert ("memory lutram" in text) is moved


@pytest.mark.slow
def test_passes_page_in_the_pipeline(tmp_path: Path) -> None:
    (pipeline,) = PIPELINE.findall((ROOT / "docs" / "passes.md").read_text())
    settings = licc.Settings(
        size=(128, 64),
        passes=pipeline,
        load=(save_passes_page(tmp_path),),
        dump_ir=tmp_path / "ir",
    )
    write_checkpoint(tmp_path / "model.pth", "factorized", 24, 48)
    licc.compile(tmp_path / "model.pth", tmp_path / "design", settings)
    counts = {
        dump.stem[3:]: dump.read_text().count("memory lutram")
        for dump in (tmp_path / "ir").iterdir()
    }
    assert counts["small-weights"] > counts["balance-pipeline"]
    assert counts["small-weights"] == counts["size-fifos"]
