"""`licc lint` on projects and files that are right, wrong, or not there."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest

from licc.backends.lint import LintError, lint, require_clean
from licc.backends.lint.sources import without_initializers
from licc.cli import main

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "hls"
SECOND_STREAM = "    LICC_PROCESS(licc::read_axis<g_a_read_axis>, in, g_a_read_axis_out);\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The golden project, with one core, and the headers it includes."""
    folder = tmp_path / "design" / "hls"
    copytree(GOLDEN, folder)
    copytree(ROOT / "backends" / "hls" / "include" / "licc", folder / "include" / "licc")
    manifest = json.loads((folder / "project.json").read_text())
    manifest["cores"] = [core for core in manifest["cores"] if core["top"] == "g_a"]
    (folder / "project.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def edit(project: Path) -> Callable[[str, str, str], None]:
    """`edit(file, old, new)` changes a text of the project that must be there."""

    def change(name: str, old: str, new: str) -> None:
        path = project / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    return change


def test_the_golden_core_is_clean(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(project / "g_a" / "g_a.cpp") == ()
    require_clean(project)
    assert main(["lint", str(project.parent)]) == 0
    assert capsys.readouterr().out == f"{project.parent}: nothing to object to\n"


def test_findings_are_printed_and_saved(
    project: Path, edit: Callable[[str, str, str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    edit("g_a/g_a.cpp", SECOND_STREAM, 2 * SECOND_STREAM)
    figures = project / "figures.json"
    assert main(["lint", str(project.parent), "--json", str(figures)]) == 1
    output, (first, second) = capsys.readouterr().out, json.loads(figures.read_text())
    assert first["file"] == second["file"] == "hls/g_a/g_a.cpp"
    assert (first["rule"], second["rule"]) == ("stream-consumer", "stream-producer")
    assert "2 processes read the stream `in`" in first["message"]
    assert "2 processes write the stream `g_a_read_axis_out`" in second["message"]
    assert f"{project}/g_a/g_a.cpp:{first['line']}: stream-consumer: 2 processes" in output
    with pytest.raises(LintError, match=r"hls/g_a/g_a.cpp:6: stream-consumer: .* \(and 1 more\)"):
        require_clean(project.parent)


LANES = """\
#include <licc/licc.h>

template <int LANES> struct lanes_of {
    using input = licc::sint<4>;
    using output = licc::uint<4>;
    static constexpr int pixels = 8, channels = 2 * LANES, lanes = LANES;
};

template <class Cfg>
using in_stream = hls::stream<licc::word<typename Cfg::input, Cfg::lanes>>;
template <class Cfg>
using out_stream = hls::stream<licc::word<typename Cfg::output, Cfg::lanes>>;

void most(in_stream<lanes_of<1024>> &in, out_stream<lanes_of<1024>> &out) {
#pragma HLS dataflow
    LICC_PROCESS(licc::absolute<lanes_of<1024>>, in, out);
}

void too_many(in_stream<lanes_of<1025>> &in, out_stream<lanes_of<1025>> &out) {
#pragma HLS dataflow
    LICC_PROCESS(licc::absolute<lanes_of<1025>>, in, out);
}
"""


def test_bounds_are_those_of_the_configuration(tmp_path: Path) -> None:
    """The same loop of a kernel is clean for one configuration, and unrolled too often for
    another."""
    source = tmp_path / "lanes.cpp"
    source.write_text(LANES)
    (finding,) = lint(source)
    assert finding.rule == "unroll-bound"
    assert finding.file.endswith("licc/absolute.h")
    assert finding.message == (
        "a loop of `absolute<lanes_of<1025>>` is unrolled 1,025 times; at most 1,024"
    )


def test_uram_is_for_parts_that_have_it(
    project: Path, edit: Callable[[str, str, str], None]
) -> None:
    edit("include/licc/line_buffer.h", "impl=bram", "impl=uram")
    (finding,) = lint(project)
    assert (finding.file, finding.rule) == ("include/licc/line_buffer.h", "memory-uram")
    assert lint(project, uram=True) == ()
    edit("project.json", "xczu9eg-ffvb1156-2-e", "xczu7ev-ffvc1156-2-e")
    assert lint(project) == ()


def test_weights_are_looked_at_without_their_values(project: Path) -> None:
    weights = project / "g_a" / "g_a_weights.h"
    bare = without_initializers(weights.read_text())
    assert "g_a_0_convolve_weights[2][4][6] = {\n" in bare
    assert "21,25" not in bare
    assert bare.count("\n") == weights.read_text().count("\n")
    assert without_initializers("int a = {1, {2}}; {") == "int a = {}; {"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nowhere", "nowhere: no such file or folder"),
        ("empty", "empty: not a design: there is no hls/project.json in it"),
        ("notes.txt", "notes.txt: not a C++ file (.cpp, .cc, .cxx)"),
        ("broken.cpp", "the C++ cannot be parsed: "),
        ("library.cpp", "library.cpp:1: 'vector' file not found"),
        ("cut/hls", "cut/hls/project.json: not the manifest of an HLS project"),
        ("lost", "g_a.cpp: no such file, but"),
    ],
)
def test_what_cannot_be_checked_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, expected: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "broken.cpp").write_text("void f( {")
    (tmp_path / "library.cpp").write_text("#include <vector>\n")
    (tmp_path / "cut" / "hls").mkdir(parents=True)
    (tmp_path / "cut" / "hls" / "project.json").write_text('{"cores": ')
    (tmp_path / "lost" / "hls").mkdir(parents=True)
    manifest = json.dumps({"cores": [{"top": "g_a"}], "part": "xczu9eg-ffvb1156-2-e"})
    (tmp_path / "lost" / "hls" / "project.json").write_text(manifest)
    assert main(["lint", str(tmp_path / path)]) == 1
    message = capsys.readouterr().err.rpartition("licc: error: ")[2]
    assert expected in message
    assert len(message.splitlines()) == 1
