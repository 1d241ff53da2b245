"""The entropy coder: what goes in comes out, by the library and in plain Python alike."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licc.runtime.entropy import TableCoder, Tables
from licc.runtime.entropy.fastest import fastest_stack
from licc.runtime.entropy.library_stack import LibraryStack
from licc.runtime.entropy.python_stack import PythonStack
from licc.runtime.entropy.stack import Stack, boundaries
from licc.runtime.errors import BitstreamError

STACKS = (LibraryStack, PythonStack)
BOTH = pytest.mark.parametrize("stack", STACKS)
INT16 = st.integers(-(1 << 15), (1 << 15) - 1)
WORDS = st.lists(st.integers(0, (1 << 32) - 1), max_size=6)


def tables_of(*rows: tuple[list[int], int]) -> Tables:
    """Tables with these frequencies and offsets, the escape's being what is left of 2^16."""
    lengths = np.array([len(row) + 2 for row, _ in rows], np.int32)
    cdf = np.zeros((len(rows), lengths.max()), np.int32)
    for line, (row, _) in zip(cdf, rows, strict=True):
        line[: len(row) + 2] = [0, *np.cumsum(row, dtype=np.int64), 1 << 16]
    return Tables(cdf, lengths, np.array([offset for _, offset in rows], np.int32))


SKEWED = tables_of(([1] * 9 + [65000], -4), ([30000, 30000], 0), ([1], -7))


@settings(deadline=None)
@given(st.lists(st.tuples(st.one_of(st.integers(-9, 9), INT16), st.integers(0, 2))))
def test_symbols_come_back(pairs: list[tuple[int, int]]) -> None:
    symbols = np.array([symbol for symbol, _ in pairs], np.int16)
    rows = np.array([row for _, row in pairs], np.uint16)
    codes = {TableCoder(SKEWED, stack).encode(symbols, rows) for stack in STACKS}
    assert len(codes) == 1
    (code,) = codes
    for stack in STACKS:
        found = TableCoder(SKEWED, stack).decode(code, rows)
        assert found.dtype == np.int16
        assert np.array_equal(found, symbols)
    assert 8 * len(code) <= SKEWED.bits(symbols, rows) * 1.001 + 64


@settings(deadline=None)
@given(st.lists(st.integers(1, 2000), min_size=1, max_size=30), st.data())
def test_library_and_python_agree_on_any_stack(frequencies: list[int], data: st.DataObject) -> None:
    tables = tables_of((frequencies, 0))
    words = np.array(data.draw(WORDS), np.uint32)
    slot = st.integers(0, len(frequencies))
    pushed = np.array(data.draw(st.lists(slot, max_size=20)), np.int32)
    count = data.draw(st.integers(0, 40))
    outcomes: list[object] = []
    for stack in STACKS:
        try:
            opened: Stack = stack(words)
        except ValueError:
            outcomes.append("refused")
            continue
        model = stack.model(tables.cdf[0])
        popped = opened.pop(count, model).tolist()
        opened.push(pushed, model)
        outcomes.append((popped, opened.words().tolist()))
    assert outcomes[0] == outcomes[1]


def test_boundaries_by_hand() -> None:
    found = boundaries(np.array([0, 1, 1 << 15, 1 << 16]))
    assert found.tolist() == [0, 256, (1 << 23) - 2 + 2, 1 << 24]


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_any_bytes_give_symbols_or_an_error(data: bytes) -> None:
    rows = np.arange(60, dtype=np.uint16) % 3
    outcomes: list[object] = []
    for stack in STACKS:
        try:
            outcomes.append(TableCoder(SKEWED, stack).decode(data, rows).tolist())
        except BitstreamError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


@BOTH
def test_too_many_bytes(stack: type[Stack]) -> None:
    coder, rows = TableCoder(SKEWED, stack), np.zeros(40, np.uint16)
    code = coder.encode(np.full(40, -3, np.int16), rows)
    with pytest.raises(BitstreamError, match="holds more than its symbols"):
        coder.decode(code, rows[:-1])
    with pytest.raises(BitstreamError, match=r"has \d+ bytes, no multiple of 4"):
        coder.decode(code[:-1], rows)
    with pytest.raises(BitstreamError, match="ends in a word of zeros"):
        coder.decode(code + bytes(4), rows)


def test_all_symbols_of_16_bits() -> None:
    symbols = np.arange(-(1 << 15), 1 << 15, 97).astype(np.int16)
    coder, rows = TableCoder(tables_of(([1 << 15], 0))), np.zeros(len(symbols), np.uint16)
    assert np.array_equal(coder.decode(coder.encode(symbols, rows), rows), symbols)


def test_library_is_used_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fastest_stack() is LibraryStack
    monkeypatch.setitem(sys.modules, "constriction", None)
    assert fastest_stack() is PythonStack
