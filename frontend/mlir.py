"""Reads `.mlir` files at any level of the IR, without torch."""

import re
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError, VerifyException

from ..dialects import get_all_dialects
from .errors import ModelError

# A string literal, a comment, or the quote of a string that never ends.
QUOTES = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|//[^\n]*|"', re.DOTALL)


def import_mlir(path: Path) -> ModuleOp:
    """Parses and verifies a file that holds one module in licc's dialects.

    Raises `ModelError` if it cannot be read, parsed or verified.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"{path}: cannot be read as text: {error}") from error
    _require_closed_strings(path, text)
    context = Context()
    for name, dialect in get_all_dialects().items():
        context.register_dialect(name, dialect)
    try:
        module = Parser(context, text, str(path)).parse_module()
        module.verify()
    except ParseError as error:
        line = text.count("\n", 0, error.span.start) + 1
        raise ModelError(f"{path}:{line}: is not IR that licc knows: {error.msg}") from error
    except VerifyException as error:
        raise ModelError(f"{path}: does not verify: {_first_line(error)}") from error
    return module


def _first_line(error: VerifyException) -> str:
    return next((line.strip() for line in str(error).splitlines() if line.strip()), "")


def _require_closed_strings(path: Path, text: str) -> None:
    """A file that was cut off inside a constant would keep xDSL's lexer busy for ever."""
    for quote in QUOTES.finditer(text):
        if quote[0] == '"':
            line = text.count("\n", 0, quote.start()) + 1
            raise ModelError(f"{path}: is cut off: the text that begins in line {line} never ends")
