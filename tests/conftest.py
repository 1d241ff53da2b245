"""Runs filecheck files inside pytest, and compares goldens.

Every `// RUN:` line of `tests/filecheck/**/*.mlir` is one test: a pipe of `licc-opt` and
`filecheck`, run in this process (a process per tool would cost a hundred times more). The files
stay compatible with lit.
"""

import io
import os
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from licc.cli import main

RUN_LINE = re.compile(r"^// RUN: (.*)$", re.MULTILINE)
FILECHECK = Path(__file__).parent / "filecheck"
GOLDEN = Path(__file__).parent / "golden"
TOOLS = ("licc-opt", "filecheck")


# C++ of tests is compiled more often than it runs; `make demo` takes the flags of users.
os.environ.setdefault("CXXFLAGS", "-O1")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    if file_path.suffix == ".mlir" and file_path.is_relative_to(FILECHECK):
        return FileCheckFile.from_parent(parent, path=file_path)
    return None


class ToolFailedError(Exception):
    """A tool of a RUN line ended with a status other than 0."""


class FileCheckFile(pytest.File):
    """An `.mlir` file; without a RUN line it is an error, for it would check nothing."""

    def collect(self) -> Iterator[pytest.Item]:
        commands = RUN_LINE.findall(self.path.read_text().replace("\\\n// RUN:", ""))
        if not commands:
            raise self.CollectError(f"{self.path}: no `// RUN:` line")
        for number, command in enumerate(commands):
            yield FileCheckItem.from_parent(self, name=f"run{number}", command=command)


class FileCheckItem(pytest.Item):
    """One RUN line."""

    def __init__(self, *, command: str, **kwargs):
        super().__init__(**kwargs)
        self.command = command

    def runtest(self) -> None:
        lexer = shlex.shlex(self.command, posix=True, punctuation_chars="|")
        lexer.whitespace_split = True
        lexer.commenters = ""
        text, stage = "", []
        for word in [*lexer, "|"]:
            if word != "|":
                stage.append(word.replace("%s", str(self.path)))
                continue
            text, stage = run_tool(stage, text), []

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style=None):
        if isinstance(excinfo.value, ToolFailedError):
            return f"{self.command}\n{excinfo.value}"
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, 0, f"{self.path.name}: {self.command}"


def run_tool(argv: list[str], text: str) -> str:
    """Runs a console script's `main` with `text` as its input; gives its output."""
    if argv[0] not in TOOLS:
        raise ToolFailedError(f"{argv[0]}: only {', '.join(TOOLS)} can be run here")
    (script,) = entry_points(group="console_scripts", name=argv[0])
    main = script.load()
    output = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(output):
        patch.setattr(sys, "argv", argv)
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        try:
            status = main()
        except SystemExit as exit_:
            status = exit_.code
    if status:
        raise ToolFailedError(f"{argv[0]}: {status}\n{output.getvalue()}{text}")
    return output.getvalue()


@pytest.fixture(name="run_tool")
def run_tool_fixture() -> Callable[[list[str]], str]:
    """`run_tool(argv)` runs `licc-opt` in this process and gives its output."""
    return lambda argv: run_tool(argv, "")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden(name, text)` compares with `tests/golden/<name>`; `--update-golden` writes it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        assert path.exists(), f"{path}: no such golden, run `make golden`"
        assert text == path.read_text(), f"{path} differs; `make golden` rewrites it"

    return compare


@pytest.fixture
def fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs `licc` with arguments that must fail and write nothing; gives the one line of the
    message."""

    def run(*arguments: str | Path) -> str:
        before = sorted(tmp_path.rglob("*"))
        status = main([*map(str, arguments)])
        message = capsys.readouterr().err
        assert status == 1
        assert "Traceback" not in message
        assert sorted(tmp_path.rglob("*")) == before
        error = message.rpartition("licc: error: ")[2]
        assert len(error.splitlines()) == 1
        return error

    return run
