"""The `#pragma HLS` lines of a file, from the tokens of the parser, and AMD's grammar of them."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from .cursors import Place
from .parser import Parsed, Token

GRAMMAR = "pragmas.toml"


@dataclass(frozen=True)
class Syntax:
    """What may follow the name of a pragma: options that must be there, options that may be, words
    that stand alone, and the values of those options that do not take any."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    words: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Grammar:
    """All pragmas; `lowest` is the least value of each option that is a number."""

    deprecated: tuple[str, ...]
    lowest: Mapping[str, int]
    pragmas: Mapping[str, Syntax]


@dataclass(frozen=True)
class Option:
    """`name=value`, or a word (no value); `spaced` if there is a space beside the sign."""

    name: str
    value: str | None
    spaced: bool = False


@dataclass(frozen=True)
class Pragma:
    """A pragma; names are in lower case, as Vitis HLS takes them in any."""

    name: str
    place: Place
    options: tuple[Option, ...] = field(default=())

    def value(self, name: str) -> str | None:
        """The value of an option."""
        return next((option.value for option in self.options if option.name == name), None)

    def says(self, word: str) -> bool:
        """Whether a word is there, alone or as a `type`."""
        return any(
            (option.name == word and option.value is None)
            or (option.name == "type" and option.value == word)
            for option in self.options
        )


@cache
def grammar() -> Grammar:
    """The grammar in `pragmas.toml`."""
    table = tomllib.loads((files(__package__ or "") / GRAMMAR).read_text())
    return Grammar(
        tuple(table["deprecated"]),
        table["lowest"],
        {name: _syntax(entry) for name, entry in table["pragmas"].items()},
    )


def _syntax(entry: Mapping[str, Any]) -> Syntax:
    required, optional, words = (
        tuple[str, ...](entry.get(key, ())) for key in ("required", "optional", "words")
    )
    values: dict[str, list[str]] = entry.get("values", {})
    return Syntax(required, optional, words, {key: tuple(known) for key, known in values.items()})


def pragmas_of(parsed: Parsed, file: str) -> Iterator[Pragma]:
    """The HLS pragmas of a file that the preprocessor does not skip."""
    text = Path(file).read_bytes()
    tokens, skipped = parsed.tokens(file), parsed.skipped(file)
    for index, (sign, word) in enumerate(pairwise(tokens)):
        if sign.text == "#" and word.text == "pragma":
            if any(first <= sign.start < end for first, end in skipped):
                continue
            words = list(_rest_of_line(tokens[index + 2 :], word, text))
            if words and words[0].text == "HLS":
                name = words[1].text if len(words) > 1 else ""
                place = Place(file, sign.line, sign.start)
                yield Pragma(name.lower(), place, tuple(_options(words[2:])))


def _rest_of_line(tokens: list[Token], previous: Token, text: bytes) -> Iterator[Token]:
    """The tokens up to the end of a line, which goes on behind a backslash."""
    for token in tokens:
        between = text[previous.end : token.start].replace(b"\\\n", b"")
        if b"\n" in between or token.text.startswith(("//", "/*")):
            return
        yield token
        previous = token


def _options(tokens: list[Token]) -> Iterator[Option]:
    """What stands between spaces, and what a sign of equality joins across them."""
    pieces: list[str] = []
    spaced: list[bool] = []
    end = -1
    for token in tokens:
        beside_sign = bool(pieces) and (pieces[-1].endswith("=") or token.text.startswith("="))
        if token.start == end:
            pieces[-1] += token.text
        elif beside_sign:
            pieces[-1] += token.text
            spaced[-1] = True
        else:
            pieces.append(token.text)
            spaced.append(False)
        end = token.end
    for piece, wide in zip(pieces, spaced, strict=True):
        name, sign, value = piece.partition("=")
        yield Option(name.lower(), value if sign else None, wide)
