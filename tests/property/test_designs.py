"""Whole designs in C++: an autoencoder of three layers, and FIFOs that are too small."""

from pathlib import Path

import numpy as np

from licc.dialects.engine import Parallelism
from licc.dialects.packing import Packing
from licc.dialects.window import Window
from licc.tests.property import kernel_actors as actors
from licc.tests.property.kernel_program import (
    Design,
    Integer,
    check,
    compile_program,
    run_program,
)

DEADLOCK_STATUS = 2
SAMPLES = Integer(8, signed=False)


def autoencoder(name: str) -> Design:
    """Convolution, GDN and transposed convolution on an image of 16 × 12 pixels."""
    rng = np.random.default_rng(7)
    design = Design(name, SAMPLES.random(rng, (1, 3, 12, 16)), SAMPLES, lanes=3)
    down, up = Window(5, 2, 2), Window(5, 2, 2, transposed=True)
    wide = Parallelism(4, 3, 5, fold=4)
    actors.convolve(design, rng, down, 8, wide, Integer(8), Integer(12))
    norms = Parallelism(2, 1, fold=2)
    actors.normalize(design, rng, norms, Integer(8), norm="l2", inverse=False)
    actors.convert_width(design, 4)
    pairs, packed = Parallelism(3, 4, pixels=2), actors.EngineForm(Packing(1, 2), chain=4)
    actors.convolve(design, rng, up, 3, pairs, Integer(8), SAMPLES, build=packed, form="relu")
    return design


def residual(name: str, depth: int) -> Design:
    """x + convolution(x), with `depth` words of room for x meanwhile."""
    rng = np.random.default_rng(8)
    kind = Integer(8)
    design = Design(name, kind.random(rng, (1, 4, 6, 10)), kind, lanes=2)
    skip = (actors.fork(design, depth), design.frame, kind)
    actors.convolve(design, rng, Window(3, 1, 1), 4, Parallelism(2, 2), Integer(8), kind)
    actors.add(design, *skip, Integer(9))
    return design


def test_autoencoder(tmp_path: Path):
    check([autoencoder("g")], tmp_path, optimize="-O0")


def test_deadlock_names_who_waits_and_where(tmp_path: Path):
    """A 3 × 3 window holds two rows (40 words) back before it sends its first pixel."""
    designs = [residual("wide", 46), residual("narrow", 4)]
    binary = compile_program(designs, tmp_path, optimize="-O0")
    assert run_program(binary, 0, designs[0]).returncode == 0
    done = run_program(binary, 1, designs[1])
    assert done.returncode == DEADLOCK_STATUS
    lines = done.stderr.splitlines()
    assert lines[0] == "error: deadlock:"
    waits = {line.split()[0].split("<")[0]: line for line in lines[1:]}
    fork, add = waits["licc::fork"], waits["licc::add"]
    assert "writes to narrow_s2, which is full (4 of 4 words)" in fork
    assert "reads from narrow_s4, which is empty (0 of 2 words)" in add
    assert "licc::line_buffer" in waits
