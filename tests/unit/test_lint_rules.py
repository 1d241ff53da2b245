"""Every rule of lint objects to its failing examples in `tests/lint`, by name, and to nothing else
there: what is not marked with `// expect:` is a passing example."""

import re
from pathlib import Path

import pytest

from licc.backends.lint import lint
from licc.backends.lint.rules import get_all_rules

EXAMPLES = sorted((Path(__file__).parents[1] / "lint").glob("*.cpp"))
EXPECTED = re.compile(r'([a-z-]+) "([^"]*)"')


def expected_of(example: Path) -> list[tuple[int, str, str]]:
    """Line, rule and a part of the message of what lint is to find in an example."""
    lines = enumerate(example.read_text().splitlines(), 1)
    marked = ((number, line.partition("// expect: ")[2]) for number, line in lines)
    return [(number, *match) for number, text in marked for match in EXPECTED.findall(text)]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_examples(example: Path) -> None:
    found = lint(example, uram=False)
    expected = expected_of(example)
    assert [(f.line, f.rule) for f in found] == [(line, rule) for line, rule, _ in expected]
    for finding, (_, _, part) in zip(found, expected, strict=True):
        assert part in finding.message
        assert finding.file == example.name


def test_every_rule_has_a_failing_example() -> None:
    shown = {rule for example in EXAMPLES for _, rule, _ in expected_of(example)}
    assert shown == set(get_all_rules())


def test_every_example_has_a_passing_part() -> None:
    assert all(" good(" in example.read_text() for example in EXAMPLES)


def test_every_rule_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lint.md").read_text()
    named = re.findall(r"^\| `([a-z-]+)` \|", page, re.MULTILINE)
    assert sorted(named) == sorted(get_all_rules())
