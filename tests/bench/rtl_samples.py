"""The designs of the tables of docs/rtl.md, and what yosys makes of their actors."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Region, SSAValue
from xdsl.parser import Parser

from licc import Settings, compile, open_design
from licc.backends.calibrate import read_report
from licc.backends.calibrate.reports import Amounts
from licc.backends.calibrate.samples import Sample
from licc.backends.calibrate.subjects import subjects_of
from licc.backends.rtl.project import LIBRARY, Top, write_rtl
from licc.backends.rtl.synthesised import Synthesiser
from licc.backends.rtl.yosys import find_yosys, total_of
from licc.backends.targets.calibration import CORE
from licc.compiler import make_context
from licc.dialects import stream
from licc.tests.property.stream_models import Model, random_module

ROOT = Path(__file__).parents[2]
ENGINES = ROOT / "docs" / "engines"
STUDENTS = ROOT / "examples" / "students"
SEED, SINGLES = 100, 1000
BOARD = """name = "board"
part = "xczu9eg-ffvb1156-2-e"
clock_mhz = 200
resources = {dsp = 2520, bram36 = 912, lut = 274080, ff = 548160}
"""  # without coefficients, so that what they are fitted to does not hang on them
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Case:
    """A stream-level module and what to call it; of which functions."""

    title: str
    make: Callable[[Path], ModuleOp]
    functions: tuple[str, ...] = ()

    def module(self, folder: Path) -> ModuleOp:
        """The module, of the functions that are wanted."""
        found = self.make(folder)
        for op in list(found.ops):
            if self.functions and isinstance(op, FuncOp) and op.sym_name.data not in self.functions:
                op.detach()
        return found


def page(name: str) -> Case:
    """An example of the engines' pages."""
    text = (ENGINES / f"{name}.mlir").read_text()
    return Case(f"engines/{name}", lambda _: Parser(make_context(), text).parse_module())


def random(number: int) -> Case:
    """A random function of two to five layers."""

    def make(_: Path) -> ModuleOp:
        module, _ = random_module(SEED + number, number % 4 + 2)
        functions = [op for op in module.ops if isinstance(op, FuncOp)]
        return ModuleOp([functions[-1].clone()])

    return Case(f"random {number}", make)


def student(
    name: str, size: tuple[int, int], fps: float, *functions: str, fitted: bool = False
) -> Case:
    """A student that the repository carries, as `licc compile --rounding nearest` compiles it, with
    the coefficients of the target if these are `fitted`: rounding changes the weights, and nothing
    that the cost model looks at. A design that is there already is taken."""

    def make(folder: Path) -> ModuleOp:
        place, target = folder / "design", folder / "board.toml"
        if (place / "report.json").is_file():
            return open_design(place).module("stream")
        target.write_text(BOARD)
        board = "zcu102" if fitted else str(target)
        settings = Settings(size=size, fps=fps, rounding="nearest", target=board)
        return compile(STUDENTS / f"{name}.pt", place, settings).module("stream")

    title = f"{name}, {size[0]}x{size[1]}, {fps:g} fps"
    return Case(title, make, functions)


def single(number: int) -> Case:
    """A random layer: a convolution of either kind or, every third, a GDN, with what its types need
    before or behind it; of more channels than `random`."""

    def make(_: Path) -> ModuleOp:
        model = Layer(f"f{number}", np.random.default_rng(SINGLES + number))
        model.narrowed()
        (model.convolution, model.convolution, model.normalization)[number % 3]()
        if number % 6 == 0:
            model.elementwise()
        return ModuleOp([model.function()])

    return Case(f"single {number}", make)


class Layer(Model):
    """A layer with up to 24 channels."""

    def __post_init__(self) -> None:
        channels, height = self.number(1, 24), self.number(2, 24)
        element = self.element((4, 8, 8, 12))
        self.block = Block(
            arg_types=[self.fifo(element, (channels, height, 2 * self.number(2, 24)))]
        )
        self.value = self.block.args[0]


def layers(case: Case) -> Case:
    """Every layer of a case as a function of its own, with its ports."""

    def make(folder: Path) -> ModuleOp:
        functions = [op for op in case.module(folder).ops if isinstance(op, FuncOp)]
        return ModuleOp([layer for function in functions for layer in layers_of(function)])

    return Case(f"layers of {case.title}", make)


def layers_of(function: FuncOp) -> Iterator[FuncOp]:
    """The layers of a function without forks."""
    actors = [op for op in function.body.block.ops if isinstance(op, stream.Actor)]
    for name, group in groupby(actors, key=lambda op: op.layer.data):
        yield alone(name.replace(".", "_"), list(group))


def alone(name: str, actors: Sequence[stream.Actor]) -> FuncOp:
    """A function of some actors, one behind the other."""
    first = actors[0].operands[0]
    block = Block(arg_types=[first.type])
    copies: dict[SSAValue, SSAValue] = {first: block.args[0]}
    for actor in actors:
        for operand in actor.operands:
            if isinstance(operand.owner, ConstantOp):
                block.add_op(operand.owner.clone(copies))
        block.add_op(actor.clone(copies))
    result = copies[actors[-1].results[0]]
    block.add_op(ReturnOp(result))
    return FuncOp(name, ([first.type], [result.type]), Region(block))


SMALL = tuple(map(page, ("convolution-pixels", "gdn", "joined")))
FIT = tuple(map(random, (*range(7), 20, 22, 24, 26)))
CYCLES = tuple(
    student(f"{family}-n32-0.025", (64, 64), 3000.0, fitted=True)
    for family in ("factorized", "hyperprior")
)
TEST = (
    *map(single, (*range(40, 48), *range(49, 55))),  # 48 alone takes longer than all others
    layers(student("hyperprior-n32-0.025", (192, 128), 30.0, "h_a", "h_s")),
    layers(student("factorized-n32-0.0085", (64, 64), 1500.0, "g_s")),
)


def folder_of(case: Case, folder: Path) -> Path:
    """The folder of a case among those of others."""
    place = folder / "".join(c if c.isalnum() else "-" for c in case.title)
    place.mkdir(parents=True, exist_ok=True)
    return place


def measured(cases: Iterable[Case], folder: Path, jobs: int, progress: Progress) -> list[Sample]:
    """A sample of every actor and port, without its FIFOs, and of every core with them."""
    tool = find_yosys()
    found: list[Sample] = []
    for case in cases:
        place = folder_of(case, folder)
        module = case.module(place)
        project = write_rtl(module, place / "rtl")
        subjects = iter(subjects_of(module))
        for top in project.tops:
            progress(f"{case.title}: @{top.core.function}")
            synthesiser = Synthesiser(tool, project.folder(top), f"../{LIBRARY}", jobs)
            names = [instance.name for instance in top.instances]
            reports = synthesiser.reports(names, progress)
            whole = sum(map(total_of, reports, names), Amounts())
            source = f"{case.title}: {reports[0].tool}"
            found += samples_of(top, synthesiser.folder, subjects, whole, source)
    return found


def samples_of(
    top: Top, folder: Path, subjects: Iterator, whole: Amounts, source: str
) -> Iterator[Sample]:
    """The samples of a core, whose subjects are the next ones."""
    for instance in top.instances:
        report = read_report(folder / f"{instance.name}.stat.json")
        yield Sample(next(subjects), total_of(report, instance.name), source)
    core = next(subjects)
    assert core.kind == CORE
    yield Sample(core, whole, source)
