"""Frames in beats, constants in ROMs, names in C."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licc.backends.hls.names import Names
from licc.dialects.roms import gamma_rom, vector_rom, weight_rom
from licc.dialects.tensors import container, integer_range, integer_type
from licc.dialects.window import Window
from licc.runtime.frame_layout import FrameLayout
from licc.tests.property import kernel_layout

SIZES = st.integers(1, 5)


@settings(deadline=None)
@given(SIZES, SIZES, SIZES, SIZES, st.integers(1, 40), st.booleans(), st.integers(0, 99))
def test_frames_survive(
    channels: int, height: int, width: int, lanes: int, bits: int, signed: bool, seed: int
) -> None:
    element = integer_type(bits, signed)
    low, high = integer_range(element)
    layout = FrameLayout(channels, height, width, lanes, bits, signed)
    frame = np.random.default_rng(seed).integers(low, high + 1, layout.shape)
    data = layout.to_bytes(frame)
    assert len(data) == layout.frame_bytes
    assert data == kernel_layout.to_beats(frame, lanes, bits)
    found = layout.from_bytes(data)
    assert found.dtype == container(element)
    assert np.array_equal(found, frame)


def test_wrong_frames_are_named() -> None:
    layout = FrameLayout(3, 2, 2, 2, 4, True)
    with pytest.raises(ValueError, match=r"takes frames \(1, 3, 2, 2\), found \(1, 3, 2, 1\)"):
        layout.to_bytes(np.zeros((1, 3, 2, 1), np.int8))
    with pytest.raises(ValueError, match=r"values 0\.\.8 do not fit i4"):
        layout.to_bytes(np.arange(12).reshape(1, 3, 2, 2) % 9)
    with pytest.raises(ValueError, match="a frame has 16 bytes, found 15"):
        layout.from_bytes(bytes(15))


def engine_words(
    window: Window, taps: int, outputs: int, inputs: int, out_lanes: int, in_lanes: int
) -> Iterator[tuple[int, list[tuple[int | None, int | None]], int]]:
    """(output group, kernel position of each tap, first input) of every word an engine reads."""
    for row_phase, column_phase in np.ndindex(window.phases, window.phases):
        rows: list[int | None] = [k for k, _ in window.taps(row_phase)] or [None]
        columns: list[int | None] = [k for k, _ in window.taps(column_phase)] or [None]
        for group in range(-(-outputs // out_lanes)):
            for column in columns:
                padded = rows + [None] * (taps - len(rows))
                steps = [padded] if taps > 1 else [[row] for row in rows]
                for step in steps:
                    for first in range(0, inputs, in_lanes):
                        yield group, [(row, column) for row in step], first


@settings(deadline=None)
@given(
    st.tuples(SIZES, SIZES, SIZES, SIZES),
    st.integers(1, 6),
    st.sampled_from([1, 2, 4]),
    st.integers(0, 3),
    st.booleans(),
    st.booleans(),
)
def test_weights_lie_as_the_engine_reads_them(
    sizes: tuple[int, int, int, int],
    kernel: int,
    stride: int,
    padding: int,
    transposed: bool,
    parallel: bool,
) -> None:
    outputs, inputs, out_lanes, in_lanes = sizes
    window = Window(kernel, stride, padding, transposed)
    taps = window.most_taps if parallel else 1
    shape = (inputs, outputs) if transposed else (outputs, inputs)
    weight = np.arange(1, outputs * inputs * kernel**2 + 1).reshape(*shape, kernel, kernel)
    found = weight_rom(weight.astype(np.int16), window, taps, in_lanes, out_lanes)
    assert found.dtype == np.int16
    words = list(engine_words(window, taps, outputs, inputs, out_lanes, in_lanes))
    assert found.shape == (out_lanes, len(words), taps * in_lanes)
    for index, (group, row_column, first) in enumerate(words):
        for lane, place in np.ndindex(out_lanes, taps * in_lanes):
            output, tap, input = group * out_lanes + lane, place // in_lanes, place % in_lanes
            row, column = row_column[tap]
            channels = (first + input, output) if transposed else (output, first + input)
            inside = output < outputs and first + input < inputs and None not in (row, column)
            expected = weight[channels][row, column] if inside else 0
            assert found[lane, index, place] == expected


@settings(deadline=None)
@given(SIZES, SIZES, SIZES)
def test_vectors_and_gamma(channels: int, in_lanes: int, out_lanes: int) -> None:
    gamma = np.arange(1, channels**2 + 1).reshape(channels, channels)
    found = gamma_rom(gamma, in_lanes, out_lanes)
    groups = -(-channels // in_lanes)
    for lane, step, place in np.ndindex(found.shape):
        output, input = step // groups * out_lanes + lane, step % groups * in_lanes + place
        inside = output < channels and input < channels
        assert found[lane, step, place] == (gamma[output, input] if inside else 0)
    assert np.count_nonzero(found) == gamma.size
    vector = vector_rom(gamma[0], out_lanes, padding=-1)
    assert np.array_equal(vector.ravel()[:channels], gamma[0])
    assert (vector.ravel()[channels:] == -1).all()


def test_names_are_unique_identifiers() -> None:
    names = Names()
    claimed = [names.claim(text) for text in ("g_a.0 mac", "g_a_0 mac", "g_a..0__mac", "0", "")]
    assert claimed == ["g_a_0_mac", "g_a_0_mac_2", "g_a_0_mac_3", "x0", "x"]
    assert names.claim("main") == "main_2"
    assert names.claim("in") == "in_2"
