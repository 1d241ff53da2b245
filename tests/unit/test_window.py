"""Taps and phases of a window against the definition of both convolutions, output by output."""

import pytest

from licc.dialects.window import Window

SIZE = 9


def valid_windows() -> list[Window]:
    """All geometries that the verifiers accept."""
    plain = [
        Window(kernel, stride, padding)
        for kernel in range(1, 10)
        for stride in (1, 2, 4)
        for padding in range(kernel)
    ]
    turned = [Window(w.kernel, w.stride, w.padding, True) for w in plain]
    return [*plain, *(w for w in turned if 0 <= w.output_padding < w.stride)]


def taps_by_definition(window: Window, output: int) -> set[tuple[int, int]]:
    """(kernel index, input position) of every product of one output row, by the formula."""
    if not window.transposed:
        return {(k, output * window.stride - window.padding + k) for k in range(window.kernel)}
    inputs = range(-SIZE, 2 * SIZE)
    return {
        (k, i)
        for k in range(window.kernel)
        for i in inputs
        if i * window.stride - window.padding + k == output
    }


@pytest.mark.parametrize("window", valid_windows(), ids=str)
def test_taps(window: Window) -> None:
    found = set[int]()
    for output in range(window.output_size(SIZE)):
        phase = output % window.phases
        first = output // window.stride if window.transposed else output * window.stride
        taps = window.taps(phase)
        assert {(k, first + offset) for k, offset in taps} == taps_by_definition(window, output)
        assert [k for k, _ in taps] == sorted(k for k, _ in taps)
        found |= {offset for _, offset in taps}
    if window.output_size(SIZE) >= window.phases:
        assert window.offsets == (min(found), max(found))


@pytest.mark.parametrize("window", valid_windows(), ids=str)
def test_steps(window: Window) -> None:
    phases = range(window.phases)
    counts = [len(taps_by_definition(window, phase)) for phase in phases]
    assert window.most_taps == max(counts)
    one = tuple(max(1, rows) * max(1, columns) for rows in counts for columns in counts)
    assert window.pixel_steps(1) == one
    if window.most_taps > 1:
        side_by_side = tuple(max(1, columns) for _ in counts for columns in counts)
        assert window.pixel_steps(window.most_taps) == side_by_side


def test_a_phase_without_taps_has_one_step() -> None:
    window = Window(1, 2, 0, True)
    assert window.taps(1) == ()
    assert window.pixel_steps(1) == (1, 1, 1, 1)


def test_output_size() -> None:
    assert Window(5, 2, 2).output_size(16) == 8
    assert Window(5, 2, 2, True).output_size(8) == 16
    assert Window(5, 2, 2, True).output_padding == 1
