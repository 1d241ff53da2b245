"""What the documentation shows is run, and what it links to exists."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [t for t in LINK.findall(page.read_text()) if not (page.parent / t).exists()]
    assert missing == []


def test_numbers_page() -> None:
    result = doctest.testfile(str(ROOT / "docs" / "numbers.md"), module_relative=False)
    assert result.attempted > 0
    assert result.failed == 0
