"""The HLS project of a small module: its text, and what its test benches say of right and wrong
values."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser

from licc.backends.hls import HlsError, Project, write_project
from licc.backends.hls.core import cores_of
from licc.backends.interpreter import run
from licc.backends.lint import lint
from licc.compiler import make_context

PROGRAM = Path(__file__).parents[1] / "filecheck" / "backends" / "hls.mlir"
REPORT = {"target": {"part": "xczu9eg-ffvb1156-2-e", "clock_mhz": 200.0}}
TEXTS = (
    "Makefile",
    "README.md",
    "project.json",
    "g_a/g_a.cpp",
    "g_a/g_a.h",
    "g_a/g_a_test.cpp",
    "g_a/g_a_weights.h",
    "g_a/hls_config.cfg",
    "g_a/run_hls.tcl",
)


def parse(text: str) -> ModuleOp:
    """A verified module."""
    module = Parser(make_context(), text).parse_module()
    module.verify()
    return module


@pytest.fixture(scope="module")
def program() -> ModuleOp:
    return parse(PROGRAM.read_text())


@pytest.fixture(scope="module")
def frames(program: ModuleOp) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(0)
    given = {
        "g_a": rng.integers(0, 256, (1, 3, 4, 6), np.uint8),
        "residual": rng.integers(-(1 << 19), 1 << 19, (1, 4, 4, 4), np.int32),
    }
    return {name: (frame, run(program, name, frame)) for name, frame in given.items()}


@pytest.fixture(scope="module")
def written(
    tmp_path_factory: pytest.TempPathFactory,
    program: ModuleOp,
    frames: dict[str, tuple[np.ndarray, np.ndarray]],
) -> Path:
    folder = tmp_path_factory.mktemp("hls") / "project"
    write_project(program, folder, frames, REPORT)
    return folder


@pytest.fixture
def built(written: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("CXXFLAGS", "-O0 -Wall -Wextra -Werror")
    project = Project(written)
    project.build()
    return project


@pytest.mark.parametrize("name", TEXTS)
def test_text(written: Path, golden: Callable[[str, str], None], name: str) -> None:
    golden(f"hls/{name}", (written / name).read_text())


def test_lint_has_nothing_to_object_to(written: Path) -> None:
    assert lint(written) == ()


def test_folder_is_whole(written: Path) -> None:
    assert (written / "include/licc/licc.h").is_file()
    assert (written / "include/sim/hls_stream.h").is_file()
    assert (written / "include/ap_types/ap_int.h").is_file()
    assert "Apache License" in (written / "include/ap_types/LICENSE").read_text()
    assert (written / "g_a/g_a_input.bin").stat().st_size == 3 * 4 * 6
    assert str(written.parent) not in (written / "Makefile").read_text()


def test_compiled_equals_interpreter(
    built: Project, frames: dict[str, tuple[np.ndarray, np.ndarray]]
) -> None:
    for name, (frame, expected) in frames.items():
        found = built.simulate(name, frame)
        assert found.dtype == expected.dtype
        assert np.array_equal(found, expected)
        assert len(np.unique(found)) > 10
        assert built.check(name).count(": 0 of") == 2


def test_a_changed_golden_value_is_found(built: Project, tmp_path: Path) -> None:
    folder = built.path / "g_a"
    expected = bytearray((folder / "g_a_expected.bin").read_bytes())
    channel, y, x = 1, 1, 2
    place = (y * 3 + x) * 3 + channel
    right, expected[place] = expected[place], expected[place] ^ 1
    (tmp_path / "edited.bin").write_bytes(expected)
    command = [folder / "build/g_a_test", folder / "g_a_input.bin", tmp_path / "edited.bin"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stdout.count(": 1 of 18 values differ") == 2
    expected, found = (int(np.int8(np.uint8(v))) for v in (expected[place], right))
    line = f"g_a, frame 1: channel 1, y 1, x 2: expected {expected}, found {found}\n"
    assert line in done.stderr


@pytest.mark.parametrize("missing", [0, 1])
def test_a_missing_or_short_file_is_an_error(built: Project, tmp_path: Path, missing: int) -> None:
    files = [built.path / "g_a" / f"g_a_{name}.bin" for name in ("input", "expected")]
    (tmp_path / "short.bin").write_bytes(files[missing].read_bytes()[:-1])
    for wrong, message in (("none.bin", "cannot read"), ("short.bin", "bytes, ")):
        given = [str(file) for file in files]
        given[missing] = str(tmp_path / wrong)
        done = subprocess.run(
            [built.path / "g_a/build/g_a_test", *given], capture_output=True, text=True
        )
        assert done.returncode == 3
        assert message in done.stderr


def test_what_does_not_compile_is_shown(written: Path, tmp_path: Path) -> None:
    shutil.copytree(written, tmp_path / "broken")
    (tmp_path / "broken/g_a/g_a_weights.h").write_text("no C++\n")
    with pytest.raises(HlsError, match=r"does not compile:\n.*g_a_weights.h:1:1: error"):
        Project(tmp_path / "broken").simulate("g_a", np.zeros((1, 3, 4, 6), np.uint8))


def test_wrong_questions(built: Project, tmp_path: Path) -> None:
    with pytest.raises(HlsError, match=r"has no core of @g_s; it has g_a, residual"):
        built.simulate("g_s", np.zeros((1, 3, 4, 6), np.uint8))
    with pytest.raises(ValueError, match="takes frames"):
        built.simulate("g_a", np.zeros((1, 3, 6, 4), np.uint8))
    with pytest.raises(HlsError, match="is no HLS project"):
        Project(tmp_path).build()


def test_nothing_is_written_for_wrong_modules(tmp_path: Path, program: ModuleOp) -> None:
    folder = tmp_path / "hls"
    with pytest.raises(HlsError, match="@g_a has no golden frame"):
        write_project(program, folder, {}, REPORT)
    integers = "func.func @f(%x: tensor<1x1x2x2xi8>) -> tensor<1x1x2x2xi8> {\n"
    integers += "  func.return %x : tensor<1x1x2x2xi8>\n}"
    with pytest.raises(HlsError, match="@f is not at the stream level: tensor"):
        write_project(parse(integers), folder, {}, REPORT)
    assert not folder.exists()


SKIP = """
func.func @{name}(%x: !stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = 2>)
    -> !stream.fifo<tensor<1x2x6x8xi9>, lanes = 2, depth = 2> {{
  %a, %b = stream.fork %x {{layer = "{name}.0"}}
      : (!stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = 2>)
      -> (!stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = 2>,
          !stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = {depth}>)
  %w = stream.line_buffer %a {{layer = "{name}.1",
      window = #stream.window<kernel = 3, stride = 1, padding = 1>}}
      : (!stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = 2>)
      -> !stream.windows<tensor<1x2x6x8xi8>, lanes = 2, taps = 3, repeat = 1, depth = 2>
  %weight = arith.constant dense<1> : tensor<2x2x3x3xi8>
  %bias = arith.constant dense<3> : tensor<2xi8>
  %m = arith.constant dense<70000> : tensor<2xi32>
  %c = stream.convolve %w, %weight, %bias, %m {{layer = "{name}.1", shift = 18 : i64,
      window = #stream.window<kernel = 3, stride = 1, padding = 1>, accumulator = i13}}
      : (!stream.windows<tensor<1x2x6x8xi8>, lanes = 2, taps = 3, repeat = 1, depth = 2>,
         tensor<2x2x3x3xi8>, tensor<2xi8>, tensor<2xi32>)
      -> !stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = 2>
  %y = stream.add %c, %b {{layer = "{name}.2"}}
      : (!stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = 2>,
         !stream.fifo<tensor<1x2x6x8xi8>, lanes = 2, depth = {depth}>)
      -> !stream.fifo<tensor<1x2x6x8xi9>, lanes = 2, depth = 2>
  func.return %y : !stream.fifo<tensor<1x2x6x8xi9>, lanes = 2, depth = 2>
}}
"""


def test_a_fifo_that_is_too_shallow_is_a_deadlock_with_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window of the first pixel needs two rows, 16 words, which the other branch must hold."""
    monkeypatch.setenv("CXXFLAGS", "-O0")
    frame = np.random.default_rng(1).integers(-128, 128, (1, 2, 6, 8), np.int8)
    module = parse(SKIP.format(name="deep", depth=24) + SKIP.format(name="flat", depth=2))
    golden = {name: (frame, run(module, name, frame)) for name in ("deep", "flat")}
    write_project(module, tmp_path, golden, REPORT)
    project = Project(tmp_path)
    assert ": 0 of 96 values differ" in project.check("deep")
    with pytest.raises(HlsError, match="deadlock") as caught:
        project.simulate("flat", frame)
    message = str(caught.value)
    assert "licc::fork<flat_0_fork> writes to flat_0_fork_out_2, which is full" in message
    assert "licc::add<flat_2_add> reads from flat_1_convolve_out, which is empty" in message


def test_a_core_that_counts_too_far_is_named() -> None:
    text = """
    func.func @f(%x: !stream.fifo<tensor<1x1x50000x50000xi8>, lanes = 1, depth = 2>)
        -> !stream.fifo<tensor<1x1x50000x50000xi8>, lanes = 1, depth = 2> {
      %y = stream.abs %x {layer = "f.0"}
          : (!stream.fifo<tensor<1x1x50000x50000xi8>, lanes = 1, depth = 2>)
          -> !stream.fifo<tensor<1x1x50000x50000xi8>, lanes = 1, depth = 2>
      func.return %y : !stream.fifo<tensor<1x1x50000x50000xi8>, lanes = 1, depth = 2>
    }"""
    with pytest.raises(HlsError, match=r"f\.0: stream.abs takes 2500000000 cycles a frame"):
        cores_of(parse(text))


@pytest.mark.slow
def test_exact_widths_give_the_same(written: Path) -> None:
    """The whole project with AMD's ap_int for every width."""
    command = ["make", "EXACT=1", "CXXFLAGS=-O0"]
    done = subprocess.run(command, cwd=written, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": 0 of") == 4
