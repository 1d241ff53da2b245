"""`licc dimension`: untrained students are the frontend's, and their figures the compiler's."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import compressai.models
import pytest
import torch
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from licc.backends.report import Engine
from licc.backends.report.schema import Stage
from licc.compiler import ELLIPSIS
from licc.dialects.gdn import Norm
from licc.dialects.memories import LUT_PER_BRAM18
from licc.dialects.quant import RangeAttr
from licc.dialects.tensors import shape_of, type_of
from licc.dimensioning import Demand, Task, Width, weigh
from licc.frontend import import_model
from licc.frontend.students import Activation, Architecture, Family
from licc.frontend.students.families import untrained_model
from licc.frontend.students.untrained import Weights, untrained_module
from licc.tests.bench.models import FAMILIES
from licc.tests.closed_form import slice_products
from licc.tests.unit.students import WITHOUT_SEARCH, compiled, write_random_student

SAME = (
    *("name", "op", "macs", "cycles", "parallelism", "weight_bits", "activation_bits"),
    *("macs_per_dsp", "dsp", "bram36", "fifo_depth"),
)
LUT_SHARE = 0.04
EFFICIENCY = 0.88
TINY = Demand(m=9, size=(128, 64))
W8A8 = partial(Demand, precision="w8a8")
"""At 8 bits no sum is near the 27 bits beyond which a requantiser takes two slices."""


def structure(module: ModuleOp) -> list[tuple[object, ...]]:
    """Everything of a float module but the values of its constants and its ranges."""
    found: list[tuple[object, ...]] = []
    for function in module.ops:
        assert isinstance(function, FuncOp)
        found.append((function.sym_name.data, str(function.function_type)))
        for op in function.body.block.ops:
            if isinstance(op, ConstantOp):
                continue
            shapes = [shape_of(value) for value in (*op.operands, *op.results)]
            formats = [type_of(value).encoding for value in op.results]
            kept = [str(f) for f in formats if not isinstance(f, RangeAttr)]
            properties = {key: str(value) for key, value in op.properties.items()}
            properties.setdefault("inverse", "false")
            found.append((op.name, shapes, [k for k in kept if k != "none"], properties))
    return found


KINDS = (
    Architecture(Family.FACTORIZED, 5, 7),
    Architecture(Family.HYPERPRIOR, 6, 4, Norm.L1),
    Architecture(Family.MEAN_SCALE, 3, 9),
    Architecture(Family.MEAN_SCALE, 8, 1, Norm.L1, Activation.RELU),
)


@pytest.mark.parametrize("student", KINDS, ids=lambda kind: f"{kind.family}-{kind.n}")
def test_untrained_is_what_the_frontend_imports(student: Architecture) -> None:
    imported = import_model(untrained_model(student), 64, 128)
    assert structure(untrained_module(student, 64, 128)) == structure(imported)


@pytest.mark.parametrize("family", list(Family))
def test_parameters_are_those_of_the_transforms(family: Family) -> None:
    model = FAMILIES[family](6, 8)
    parts = [getattr(model, name, None) for name in ("g_a", "g_s", "h_a", "h_s")]
    count = sum(p.numel() for part in parts if part is not None for p in part.parameters())
    demand = Demand(family, m=8, size=(128, 64))
    assert weigh(Task(demand, 6)).parameters == count
    assert isinstance(model, compressai.models.CompressionModel)


def stages_of(width: Width) -> list[Stage]:
    assert width.engines is not None
    return [stage for engine in width.engines.values() for stage in engine["stages"]]


def check_stages(found: Width, engines: dict[str, Engine]) -> None:
    """Everything but LUTs and registers is equal, stage by stage."""
    trained = [stage for engine in engines.values() for stage in engine["stages"]]
    for ours, theirs in zip(stages_of(found), trained, strict=True):
        assert {key: ours[key] for key in SAME} == {key: theirs[key] for key in SAME}


def check_totals(found: Width, engines: dict[str, Engine]) -> None:
    """Rate, work and cost are equal."""
    assert found.engines is not None
    assert list(found.engines) == list(engines)
    assert found.cycles_per_frame == max(e["cycles_per_frame"] for e in engines.values())
    assert found.fps == min(e["fps"]["value"] for e in engines.values())
    assert found.macs_per_frame == sum(e["macs_per_frame"] for e in engines.values())
    check_cost(found, engines)


def check_cost(found: Width, engines: dict[str, Engine]) -> None:
    """DSP slices are equal, and nearly so what memory and logic take together, block RAM counted as
    LUTs as the balancer counts it."""
    used = [engine["resources"] for engine in engines.values()]
    dsp, bram36, lut = (sum(e[key]["used"] for e in used) for key in ("dsp", "bram36", "lut"))
    assert found.dsp == dsp
    assert found.lut is not None
    assert found.bram36 is not None
    ours, theirs = (
        luts + 2 * LUT_PER_BRAM18 * blocks
        for luts, blocks in ((found.lut, found.bram36), (lut, bram36))
    )
    assert abs(ours - theirs) <= LUT_SHARE * theirs


def check_bound(found: Width, largest: Width) -> None:
    """The largest weights take no fewer slices, and are no faster."""
    assert (largest.n, largest.fits) == (found.n, found.fits)
    assert found.fps is not None
    assert largest.fps is not None
    assert found.fastest_fps is not None
    assert largest.fastest_fps is not None
    assert found.fastest_fps >= largest.fastest_fps
    assert found.dsp is not None
    assert largest.dsp is not None
    assert found.dsp <= largest.dsp or found.fps > largest.fps


def check_against_compiler(demand: Demand, n: int, path: Path) -> None:
    """All of that, for a checkpoint."""
    found = weigh(Task(demand, n))
    passes = ELLIPSIS if demand.search_fifos else WITHOUT_SEARCH
    engines = compiled(path, demand, demand.fps if found.fits else 0.0, passes)
    check_totals(found, engines)
    check_stages(found, engines)
    check_bound(found, weigh(Task(demand, n, Weights.LARGEST)))


def test_the_search_of_depths_changes_fifos_alone() -> None:
    """Without it, figures differ in what FIFOs hold and take."""
    fast, full = (weigh(Task(replace(TINY, search_fifos=search), 6)) for search in (False, True))
    but_fifos = [key for key in SAME if key not in ("bram36", "fifo_depth")]
    assert [s["fifo_depth"] for s in stages_of(fast)] != [s["fifo_depth"] for s in stages_of(full)]
    for ours, theirs in zip(stages_of(fast), stages_of(full), strict=True):
        assert {key: ours[key] for key in but_fifos} == {key: theirs[key] for key in but_fifos}


@pytest.mark.parametrize("search", [False, True])
def test_figures_are_the_compiler_s(search: bool, tmp_path: Path) -> None:
    write_random_student(tmp_path / "student.pth", TINY, 6, "laplace", seed=3)
    check_against_compiler(replace(TINY, search_fifos=search), 6, tmp_path / "student.pth")


def check_closed_form(demand: Demand, n: int) -> None:
    """The fastest pipeline takes at least the closed form's cycles, and within 9 % of what it says
    with the mean efficiency."""
    found = weigh(Task(replace(demand, fps=1e6), n))
    assert found.cycles_per_frame is not None
    width, height = demand.size
    work = slice_products(demand.family, n, demand.m, demand.direction)
    least = work * width * height / 2520
    assert least <= found.cycles_per_frame
    assert found.cycles_per_frame == pytest.approx(least / EFFICIENCY, rel=0.09)


def test_closed_form() -> None:
    check_closed_form(W8A8(direction="encoder"), 64)


REAL = (
    (W8A8(Family.FACTORIZED, direction="encoder"), 64, "uniform"),
    (W8A8(Family.HYPERPRIOR, size=(1280, 768)), 32, "laplace"),
    (W8A8(Family.HYPERPRIOR, size=(1280, 768), fps=200.0), 32, "uniform"),
    (W8A8(Family.FACTORIZED), 44, "laplace"),
    (W8A8(Family.MEAN_SCALE, size=(1280, 768), direction="decoder"), 28, "student-t"),
)


@pytest.mark.slow
@pytest.mark.parametrize(("demand", "n", "spread"), REAL)
def test_figures_of_real_widths(demand: Demand, n: int, spread: str, tmp_path: Path) -> None:
    write_random_student(tmp_path / "student.pth", demand, n, spread, seed=1)
    check_against_compiler(demand, n, tmp_path / "student.pth")


@pytest.mark.slow
def test_totals_where_weights_decide_between_two_shapes(tmp_path: Path) -> None:
    """As fast as possible, one convolution of this encoder takes other channels side by side than
    that of the untrained student; rate and cost are the same."""
    demand = W8A8(Family.FACTORIZED, direction="encoder", fps=100.0)
    write_random_student(tmp_path / "student.pth", demand, 64, "student-t", seed=1)
    found = weigh(Task(demand, 64))
    assert not found.fits
    check_totals(found, compiled(tmp_path / "student.pth", demand, 0.0))


TRAINED = Path(__file__).parents[2] / "examples" / "students" / "factorized-n32-0.025.pt"


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained student with no γ of zero, as the untrained one."""
    checkpoint = torch.load(TRAINED, weights_only=True)
    for name, value in checkpoint["state_dict"].items():
        if name.endswith("gamma"):
            value.clamp_(min=0.02)
    path = tmp_path_factory.mktemp("dense") / "dense.pt"
    torch.save(checkpoint, path)
    return path


@pytest.mark.slow
@pytest.mark.parametrize("fps", [15.0, 30.0, 120.0, 1000.0])
def test_figures_of_a_trained_model(fps: float, dense: Path) -> None:
    check_against_compiler(W8A8(fps=fps), 32, dense)


@pytest.mark.slow
def test_figures_of_a_default_compile(dense: Path) -> None:
    """Stage by stage, FIFOs included, what `licc compile MODEL` reports."""
    check_against_compiler(Demand(fps=1000.0, search_fifos=True), 32, dense)


@pytest.mark.slow
def test_zeros_of_gamma_make_a_trained_model_no_slower() -> None:
    """As fast as possible, arrays are large enough to have lanes of zeros."""
    found, engines = weigh(Task(Demand(), 32)), compiled(TRAINED, Demand(), 0.0)
    stages = [stage for engine in engines.values() for stage in engine["stages"]]
    assert sum(stage["saved_dsp"] for stage in stages) > 0
    assert found.fastest_fps is not None
    assert min(engine["fps"]["value"] for engine in engines.values()) >= found.fastest_fps


@pytest.mark.slow
@pytest.mark.parametrize("fps", [10.0, 60.0])
def test_totals_where_two_shapes_are_nearly_as_good(fps: float, dense: Path) -> None:
    """At 10 and 60 frames a second two shapes of a convolution differ by 1 or 2 blocks of RAM and
    as much in LUTs: the weights may decide between them, so stages are not compared."""
    demand = W8A8(fps=fps)
    check_totals(weigh(Task(demand, 32)), compiled(dense, demand, fps))


@pytest.mark.slow
def test_cost_where_two_shapes_are_nearly_as_good(tmp_path: Path) -> None:
    """In this decoder 12 · 48 and 16 · 36 products differ by 320 cycles of 6.6 million, and by
    0.02 % of LUTs and block RAM: the weights may decide between them."""
    demand = W8A8(Family.MEAN_SCALE, size=(1280, 768), direction="decoder")
    path = tmp_path / "student.pth"
    write_random_student(path, demand, 24, "student-t", seed=1)
    found, engines = weigh(Task(demand, 24)), compiled(path, demand, demand.fps, WITHOUT_SEARCH)
    assert found.fps is not None
    assert min(found.fps, *(engine["fps"]["value"] for engine in engines.values())) >= demand.fps
    check_cost(found, engines)


BOUND = (
    (W8A8(Family.FACTORIZED), (44, 96)),
    (W8A8(Family.FACTORIZED, direction="encoder"), (48, 128)),
    (W8A8(Family.HYPERPRIOR, size=(1280, 768)), (44, 80)),
    (W8A8(Family.HYPERPRIOR, size=(1280, 768), direction="encoder"), (48, 96)),
    (W8A8(Family.MEAN_SCALE, size=(1280, 768)), (40, 44)),
)


@pytest.mark.slow
@pytest.mark.parametrize(("demand", "n"), [(demand, n) for demand, widths in BOUND for n in widths])
def test_closed_form_of_real_widths(demand: Demand, n: int) -> None:
    check_closed_form(demand, n)
