"""The runner in conftest.py: passes what holds, fails what does not."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

FILES = {
    "holds": "// RUN: licc-opt %s | filecheck %s\n// CHECK: builtin.module\nbuiltin.module {}\n",
    "differs": "// RUN: licc-opt %s | filecheck %s\n// CHECK: func.func\nbuiltin.module {}\n",
    "no_pass": "// RUN: licc-opt %s -p no-such-pass | filecheck %s\n// CHECK: {{.*}}\n",
    "no_tool": "// RUN: true\n",
    "no_command": "// CHECK: builtin.module\n",
    "diagnostic": """\
// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s
// CHECK: expects low <= high, found 2.0 and 1.0
func.func private @f(tensor<1xf32, #quant.range<2.0, 1.0>>)
// -----
// CHECK: func.func private @g
func.func private @g()
""",
}


def test_run_lines(pytester: pytest.Pytester) -> None:
    pytester.makeconftest((Path(__file__).parents[1] / "conftest.py").read_text())
    folder = pytester.mkdir("filecheck")
    for name, text in FILES.items():
        (folder / f"{name}.mlir").write_text(text)
    result = pytester.runpytest_inprocess("-rA", "--continue-on-collection-errors")
    words = ("PASSED", "FAILED", "ERROR")
    summary = {line.split(" - ")[0] for line in result.outlines if line.startswith(words)}
    assert summary == {
        "PASSED filecheck/holds.mlir::run0",
        "PASSED filecheck/diagnostic.mlir::run0",
        "FAILED filecheck/differs.mlir::run0",
        "FAILED filecheck/no_pass.mlir::run0",
        "FAILED filecheck/no_tool.mlir::run0",
        "ERROR filecheck/no_command.mlir",
    }
