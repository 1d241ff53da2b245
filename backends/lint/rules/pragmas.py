"""Pragmas are where and as AMD's front end takes them (UG1399, "HLS Pragmas"; the grammar is in
`pragmas.toml`)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from ..pragmas import Option, Pragma, Syntax, grammar
from ..unit import Found, Unit

NAMING = ("variable", "port", "ports")
ULTRARAM = ("uram", "uram_ecc")


def place(unit: Unit) -> Iterator[Found]:
    """A pragma stands in the body of a function."""
    for pragma in unit.pragmas:
        if unit.scopes.at(pragma.place) is None:
            yield Found(pragma.place, f"`{pragma.name}` stands outside of any function")


def name(unit: Unit) -> Iterator[Found]:
    """A pragma is one that there is."""
    known = grammar()
    for pragma in unit.pragmas:
        if pragma.name not in known.pragmas and pragma.name not in known.deprecated:
            near = _nearest(pragma.name, known.pragmas)
            yield Found(pragma.place, f"there is no pragma `{pragma.name}`{near}")


def deprecated(unit: Unit) -> Iterator[Found]:
    """A pragma is one that Vitis HLS still takes."""
    for pragma in unit.pragmas:
        if pragma.name in grammar().deprecated:
            instead = "; bind_storage and bind_op do its work" if pragma.name == "resource" else ""
            yield Found(pragma.place, f"`{pragma.name}` is deprecated{instead}")


def option(unit: Unit) -> Iterator[Found]:
    """A pragma has options that belong to it, each once."""
    for pragma, syntax in _known(unit):
        named, words = {*syntax.required, *syntax.optional}, set(syntax.words)
        for given, count in Counter(option.name for option in pragma.options).items():
            if count > 1:
                yield Found(pragma.place, f"`{pragma.name}` has `{given}` {count} times")
        for given in pragma.options:
            allowed = words if given.value is None else named
            if given.name not in allowed:
                what = f"{given.name}=" if given.value is not None else given.name
                known = sorted(f"{n}=" for n in named) + sorted(words)
                yield Found(
                    pragma.place,
                    f"`{pragma.name}` has no option `{what}`; it has {', '.join(known) or 'none'}",
                )


def required(unit: Unit) -> Iterator[Found]:
    """A pragma has the options that it needs."""
    for pragma, syntax in _known(unit):
        for needed in syntax.required:
            if pragma.value(needed) is None:
                yield Found(pragma.place, f"`{pragma.name}` needs `{needed}=`")


def value(unit: Unit) -> Iterator[Found]:
    """An option has one of its values, or a number that is not too low."""
    for pragma, syntax in _known(unit):
        for given in pragma.options:
            if given.value is not None and (message := _wrong(given, given.value, syntax)):
                yield Found(pragma.place, f"`{pragma.name}`: {message}")


def spaces(unit: Unit) -> Iterator[Found]:
    """There is no space beside a sign of equality."""
    for pragma in unit.pragmas:
        for given in pragma.options:
            if given.spaced:
                yield Found(
                    pragma.place,
                    f"`{pragma.name}` has a space beside the = of `{given.name}`; write "
                    f"{given.name}={given.value}",
                )


def variable(unit: Unit) -> Iterator[Found]:
    """What a pragma names is declared before it, in a scope around it."""
    for pragma in unit.pragmas:
        scope = unit.scopes.at(pragma.place)
        for named in _names(pragma) if scope else ():
            is_result = named == "return" and pragma.name == "interface"
            known = is_result or named in unit.scopes.outside
            if scope and not known and not scope.declares(named, pragma.place.offset):
                yield Found(
                    pragma.place,
                    f"`{pragma.name}` names `{named}`, which is not declared here",
                )


def uram(unit: Unit) -> Iterator[Found]:
    """Nothing is put into UltraRAM on a part that has none."""
    for pragma in unit.pragmas if unit.uram is False else ():
        for given in ("impl", "storage_impl"):
            if pragma.value(given) in ULTRARAM:
                yield Found(
                    pragma.place,
                    f"`{pragma.name}` asks for {given}={pragma.value(given)}; the part has none",
                )


def _known(unit: Unit) -> Iterator[tuple[Pragma, Syntax]]:
    for pragma in unit.pragmas:
        if syntax := grammar().pragmas.get(pragma.name):
            yield pragma, syntax


def _names(pragma: Pragma) -> Iterator[str]:
    """The variables that a pragma names; of `a.b`, `a->b` and `a[1]` it is `a`."""
    for naming in NAMING:
        for entry in (pragma.value(naming) or "").split(","):
            if stem := entry.partition(".")[0].partition("[")[0].partition("->")[0]:
                yield stem


def _wrong(given: Option, text: str, syntax: Syntax) -> str | None:
    allowed, lowest = syntax.values.get(given.name), grammar().lowest.get(given.name)
    if not text:
        return f"`{given.name}=` has no value"
    if allowed and text.lower() not in allowed:
        return f"{given.name} must be one of {', '.join(allowed)}, found {text}"
    number = text.removeprefix("-")
    if lowest is not None and number.isdecimal() and int(text) < lowest:
        return f"{given.name} must be at least {lowest}, found {text}"
    if lowest is not None and not number.isdecimal() and not number[:1].isalpha():
        return f"{given.name} must be a whole number, found {text}"
    return None


def _nearest(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, known, 1)
    return f"; the nearest is `{near[0]}`" if near else ""
