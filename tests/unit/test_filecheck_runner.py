"""The runner in conftest.py: passes what holds, fails what does not."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

SIMPLE = "// RUN: licc-opt %s | filecheck %s\n// CHECK: {check}\nbuiltin.module {{}}\n"
DIAGNOSTIC = """\
// RUN: licc-opt %s --split-input-file --verify-diagnostics | filecheck %s
// CHECK: expects low <= high, found 2.0 and 1.0
func.func private @f(tensor<1xf32, #quant.range<2.0, 1.0>>)
// -----
// CHECK: func.func private @g
func.func private @g()
"""


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (SIMPLE.format(check="builtin.module"), {"passed": 1}),
        (SIMPLE.format(check="func.func"), {"failed": 1}),
        (DIAGNOSTIC, {"passed": 1}),
        ("// RUN: licc-opt %s -p no-such-pass | filecheck %s\n", {"failed": 1}),
        ("// RUN: true\n", {"failed": 1}),
        ("// no command\n", {"errors": 1}),
    ],
)
def test_run_lines(pytester: pytest.Pytester, text: str, outcome: dict[str, int]) -> None:
    conftest = Path(__file__).parents[1] / "conftest.py"
    pytester.makeconftest(conftest.read_text())
    folder = pytester.mkdir("filecheck")
    (folder / "case.mlir").write_text(text)
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(**outcome)
