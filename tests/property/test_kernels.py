"""The C++ kernels give, bit for bit, what the NumPy operators give, with native integers and with
AMD's ap_int; many configurations share one compilation.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import i8

from licc.dialects.engine import ConvolutionShape, Parallelism
from licc.dialects.packing import FORMS, Packing
from licc.dialects.window import Window
from licc.tests.property import kernel_actors as actors
from licc.tests.property.kernel_program import Design, Integer, check

LANES = (1, 2, 3, 4, 5, 8)


def start(rng: np.random.Generator, name: str, integer: Integer, most: int = 7) -> Design:
    """A design that receives a random frame."""
    channels, height, width = (int(rng.integers(1, n + 1)) for n in (most, 9, 9))
    frame = integer.random(rng, (1, channels, height, width))
    return Design(name, frame, integer, int(rng.choice(LANES)), int(rng.integers(1, 5)))


def random_window(rng: np.random.Generator, size: int) -> Window:
    """A window that fits a frame of `size`."""
    stride = int(rng.choice([1, 2, 4]))
    if rng.random() < 0.5:
        padding = int(rng.integers(0, 4))
        return Window(
            int(rng.integers(2 * padding + 1, stride + 2 * padding + 1)), stride, padding, True
        )
    kernel = int(rng.integers(1, 10))
    padding = int(rng.integers(max(0, (kernel - size + 1) // 2), kernel + 1))
    return Window(kernel, stride, padding)


def random_fold(rng: np.random.Generator, po: int, fits: Callable[[int], bool]) -> int:
    """In how many words `po` lanes leave: any number that divides them and fits."""
    return int(rng.choice([n for n in range(1, po + 1) if po % n == 0 and fits(n)]))


def random_packing(rng: np.random.Generator) -> tuple[Packing, int, int]:
    """A form of packing, and bits of weights and activations that it may fit."""
    form = FORMS[rng.integers(3)]
    most = 4 if form.products == 4 else 8
    return form, int(rng.integers(2, most + 1)), int(rng.integers(2, most + 1))


def random_convolution(rng: np.random.Generator, name: str) -> Design:
    """A convolution of any kind."""
    form, weights, bits = Packing(), int(rng.choice([2, 5, 8, 12, 16])), int(rng.choice([4, 8, 12]))
    if rng.random() < 0.6:
        form, weights, bits = random_packing(rng)
    design = start(rng, name, Integer(bits, bool(rng.integers(2))))
    channels, height, width = design.frame.shape[1:]
    window = random_window(rng, min(height, width))
    outputs, po = (
        int(rng.integers(1, 9)),
        int(rng.choice([2, 4, 6] if form.outputs == 2 else LANES)),
    )
    pixels = [n for n in (1, 2, 3, 4) if window.grid_size(width) % n == 0 and n % form.pixels == 0]
    pixels = int(rng.choice(pixels)) if pixels else 1
    if pixels % form.pixels:
        form = Packing()
    if pixels > 1:
        po = outputs + outputs % form.outputs
    taps = window.most_taps if rng.integers(2) else 1
    shape = ConvolutionShape(window, channels, outputs, height, width, i8, i8, 0, 0)

    def fits(fold: int) -> bool:
        p = Parallelism(po, design.lanes, taps, pixels, fold)
        return shape.set_words(p) <= shape.fewest_steps(p)

    if not fits(1):  # so many pixels at a time need more steps than these
        pixels, form = 1, Packing()
    fused = bool(rng.integers(2))
    fold = random_fold(rng, po, fits) if fused else 1
    build = actors.EngineForm(
        packing=form,
        chain=int(rng.integers(1, 8)),
        products="dsp" if form.products > 1 else str(rng.choice(["dsp", "lut"])),
        memory=str(rng.choice(["bram", "lutram", "registers"])),
        fused=fused,
    )
    actors.convolve(
        design,
        rng,
        window,
        outputs,
        Parallelism(po, design.lanes, taps, pixels, fold),
        Integer(weights),
        Integer(int(rng.choice([6, 8, 12, 16])), bool(rng.integers(2))),
        build=build,
        form=str(rng.choice(["linear", "relu", "leaky"])),
    )
    return design


def random_normalization(rng: np.random.Generator, name: str) -> Design:
    """A GDN core of any form."""
    design = start(rng, name, Integer(int(rng.choice([8, 10, 12, 16])), bool(rng.integers(2))))
    po, groups = int(rng.choice(LANES)), -(-design.frame.shape[1] // design.lanes)
    fold = random_fold(rng, po, lambda fold: fold <= groups)
    norm = str(rng.choice(["l1", "l2"]))
    actors.normalize(
        design,
        rng,
        Parallelism(po, design.lanes, fold=fold),
        Integer(int(rng.choice([8, 12, 16])), bool(rng.integers(2))),
        norm=norm,
        inverse=bool(rng.integers(2)),
        small=rng.random() < 0.3,
        extreme=rng.random() < 0.2,
        form=actors.random_gdn_form(rng, design.integer.bits, norm == "l2"),
    )
    return design


def random_elementwise(rng: np.random.Generator, name: str) -> Design:
    """A chain of the small actors."""
    design = start(rng, name, Integer(int(rng.choice([6, 8, 12, 16]))), most=13)
    for _ in range(4):
        match rng.integers(4):
            case 0:
                output = Integer(int(rng.integers(6, 17)), bool(rng.integers(2)))
                actors.offset(design, rng, int(rng.integers(0, 7)), output)
            case 1:
                actors.absolute(design, Integer(int(rng.integers(6, 17)), bool(rng.integers(2))))
            case 2:
                same = (actors.fork(design, 1), design.frame, design.integer)
                actors.add(design, *same, Integer(int(rng.integers(6, 18))))
            case _:
                actors.convert_width(design, int(rng.choice(LANES)))
    return design


def edge_cases() -> list[Design]:
    """Phases without taps, one pixel, the widest kernel, small norms, shifts that are clamped."""
    rng = np.random.default_rng(0)
    kind = Integer(8)
    designs: list[Design] = []
    windows = [Window(1, 4, 0, True), Window(2, 4, 0, True), Window(9, 4, 4), Window(1, 4, 0)]
    for window in windows:
        design = Design(f"w{len(designs)}", kind.random(rng, (1, 3, 5, 6)), kind, lanes=2)
        p = Parallelism(2, 2, window.most_taps)
        actors.convolve(design, rng, window, 5, p, Integer(8), kind)
        designs.append(design)
    for inverse in (False, True):
        for small in (False, True):
            pixel = kind.random(rng, (1, 5, 1, 1)) | 1
            design = Design(f"n{len(designs)}", pixel >> (5 if small else 0), kind, lanes=2)
            options = {"small": True} if small else {"extreme": True}
            actors.normalize(
                design, rng, Parallelism(3, 2), kind, norm="l1", inverse=inverse, **options
            )
            designs.append(design)
    return designs


KINDS = (random_convolution, random_normalization, random_elementwise)


def random_designs(seed: int, counts: Sequence[int]) -> list[Design]:
    """So many convolutions, normalisations and chains of small actors."""
    rng = np.random.default_rng(seed)
    makers = [make for make, count in zip(KINDS, counts, strict=True) for _ in range(count)]
    return [make(rng, f"d{number}") for number, make in enumerate(makers)]


def test_random_kernels(tmp_path: Path):
    check(random_designs(1, (8, 5, 4)) + edge_cases(), tmp_path, optimize="-O0")


def test_random_kernels_with_ap_int(tmp_path: Path):
    check(random_designs(2, (4, 3, 2)), tmp_path, optimize="-O0", exact=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_many_random_kernels(tmp_path: Path, seed: int):
    check(random_designs(100 + seed, (12, 6, 4)), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_many_random_kernels_with_ap_int(tmp_path: Path, seed: int):
    check(random_designs(200 + seed, (12, 6, 4)), tmp_path, exact=True)
