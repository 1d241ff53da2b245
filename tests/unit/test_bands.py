"""Functions whose frames go through in bands give what their steps give for whole frames."""

import numpy as np
import pytest

from licc.runtime.arithmetic import Array
from licc.runtime.bands import Node
from licc.runtime.formats import Format
from licc.runtime.program import Boundary, Function
from licc.runtime.steps import Absolute, Add, Convolve, Offset, Step

INT16, INT32 = Format(16, signed=True), Format(32, signed=True)


def convolution(rng: np.random.Generator, kernel: int, stride: int, transposed: bool) -> Convolve:
    """Two channels to two."""
    weight = rng.integers(-8, 8, (2, 2, kernel, kernel)).astype(np.int8)
    return Convolve(weight, stride, kernel // 2, transposed, INT32, None)


def branches(rng: np.random.Generator) -> tuple[Node, ...]:
    """Sums of ways that lag behind each other by several rows, of values that are read thrice."""
    same = [convolution(rng, kernel, 1, False) for kernel in (3, 7)]
    add, absolute = Add(INT32), Absolute(INT32)
    offset = Offset(np.array([3, -4]), 1, INT32)
    steps: list[tuple[Step, tuple[int, ...]]] = [
        (offset, (0,)),
        (convolution(rng, 5, 2, False), (1,)),
        (same[0], (2,)),
        (same[1], (3,)),
        (add, (2, 4)),
        (absolute, (2,)),
        (add, (6, 5)),
        (convolution(rng, 5, 2, True), (7,)),
        (add, (1, 8)),
    ]
    return tuple(Node(step, inputs) for step, inputs in steps)


def step_by_step(nodes: tuple[Node, ...], frame: Array) -> Array:
    """The last value, whole frame by whole frame."""
    values = [frame]
    for node in nodes:
        boundary = Boundary(2, INT32)
        one = Function(boundary, boundary, 1, (Node(node.step, tuple(range(len(node.inputs)))),))
        if len(node.inputs) == 1:
            values.append(one(values[node.inputs[0]]))
        else:
            a, b = (values[i].astype(np.int64) for i in node.inputs)
            values.append((a + b).astype(np.int32))
    return values[-1]


@pytest.mark.parametrize("rows", [1, 2, 3, 8, 100])
def test_any_bands_of_a_function_with_branches(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(rows)
    nodes, frame = branches(rng), rng.integers(-99, 99, (1, 2, 26, 10)).astype(np.int16)
    monkeypatch.setattr("licc.runtime.program.BAND_ROWS", 100)
    expected = step_by_step(nodes, frame)
    monkeypatch.setattr("licc.runtime.program.BAND_ROWS", rows)
    boundary = Boundary(2, INT32)
    found = Function(boundary, boundary, 1, nodes)(frame, 1)
    assert found.shape == (1, 2, 26, 10)
    assert found.dtype == np.int32
    assert np.array_equal(found, expected)
