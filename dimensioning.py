"""`licc dimension`: which width of a student fits a board at a frame rate, before any is trained.

Every width goes through the compiler itself: the passes of `compiler.PIPELINE` from
`assign-precision` on, and the report, on the float program of an untrained student. So there is no
second model that could differ from the first; what trained weights change is in
docs/dimensioning.md. Unless `search_fifos` is demanded, FIFOs keep the depths that their search
would start from.
"""

import math
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.utils.exceptions import PassFailedException

from .backends.report import Engine, build_report
from .backends.targets import Target, load_target
from .compiler import Pipeline, known_passes, make_pipeline
from .dialects import gdn, nn
from .dialects.coefficients import set_coefficients
from .dialects.gdn import Norm
from .dialects.tensors import shape_of
from .explain import balance_pass
from .frontend.sizes import check_multiple, check_size
from .frontend.students import Activation, Architecture, Family
from .frontend.students.untrained import Weights, untrained_module
from .passes.balance_pipeline import BalancePipeline, OutOfReach
from .passes.select_direction import HALVES
from .settings import DEFAULT_PRECISION, Settings, pass_options

FROM_FLOAT = "assign-precision, ..."
WITHOUT_SEARCH = "assign-precision, ..., size-fifos{search=false}"
DEFAULT_WIDTHS = (16, 24, 32, 40, 48, 56, 64, 80, 96, 128)
LAYERS = (nn.Conv2dOp, nn.ConvTranspose2dOp, gdn.NormalizeOp)


@dataclass(frozen=True)
class Demand:
    """What a student is wanted for: all of its architecture but `n`, and the settings of
    `licc compile` that its figures depend on. `fps` is the frame rate to reach; `search_fifos` has
    the depths of FIFOs searched as `licc compile` does it."""

    family: Family = Family.FACTORIZED
    m: int = 192
    norm: Norm = Norm.L2
    activation: Activation | None = None
    target: str = "zcu102"
    size: tuple[int, int] = (1280, 720)
    direction: str = "both"
    fps: float = 30.0
    clock_mhz: float | None = None
    precision: str = DEFAULT_PRECISION
    search_fifos: bool = False

    @property
    def settings(self) -> Settings:
        """The same as `licc compile` takes it."""
        return Settings(
            target=self.target,
            size=self.size,
            direction=self.direction,
            fps=self.fps,
            clock_mhz=self.clock_mhz,
            precision=self.precision,
            rounding="nearest",
        )

    def student(self, n: int) -> Architecture:
        """The student of a width; `ValueError` if there is none."""
        return Architecture(self.family, n, self.m, self.norm, self.activation)


@dataclass(frozen=True)
class Width:
    """What `licc compile` makes of a student with `n` channels: the cheapest design that reaches
    the rate or, where none does, the fastest that fits the board; None where not one fits.

    `fastest_fps` is the rate of the fastest. Parameters and multiply-accumulates are those of the
    functions in the device. `shortfall` says why `fits`, at the rate asked for, is false. `engines`
    are as in `report.json`.
    """

    n: int
    macs_per_frame: int
    parameters: int
    fits: bool
    cycles_per_frame: int | None = None
    fps: float | None = None
    fastest_fps: float | None = None
    dsp: int | None = None
    bram36: float | None = None
    lut: int | None = None
    ff: int | None = None
    shortfall: str | None = None
    engines: dict[str, Engine] | None = None


@dataclass(frozen=True)
class Dimensions:
    """The answer to a demand: every width in ascending order; the largest that fits at the rate, 0
    if none does; and the figures of that one with weights as large as their bits allow. Where these
    fit, so does every training's outcome, with no more DSP slices."""

    demand: Demand
    clock_mhz: float
    widths: tuple[Width, ...]
    largest_n: int
    guaranteed: Width | None

    def to_json(self) -> dict[str, Any]:
        """The content of the file that `licc dimension --json` writes."""
        demand = asdict(self.demand) | {"clock_mhz": self.clock_mhz}
        return {
            **demand,
            "basis": "modelled",
            "largest_n": self.largest_n,
            "guaranteed": asdict(self.guaranteed) if self.guaranteed else None,
            "widths": [asdict(width) for width in self.widths],
        }


@dataclass(frozen=True)
class Task:
    """A width to weigh."""

    demand: Demand
    n: int
    weights: Weights = Weights.TYPICAL


def dimension(
    demand: Demand | None = None,
    widths: Iterable[int] = DEFAULT_WIDTHS,
    step: Callable[[str], None] = lambda text: None,
) -> Dimensions:
    """Weighs students of several widths, as many at a time as there are processors; `step` is told
    of each that is done.

    Raises `ModelError`, `TargetError`, `PassFailedException` or `ValueError`, each with one line
    for the person at the terminal, for a demand that `licc compile` would refuse as well.
    """
    demand = demand or Demand()
    ordered = sorted(set(widths))
    clock = check(demand, ordered)
    guaranteed = None
    with workers(len(ordered)) as pool:
        waiting = [pool.submit(weigh, Task(demand, n)) for n in reversed(ordered)]
        for future in waiting:
            width = future.result()
            step(f"weighed N={width.n}")
            if width.fits and guaranteed is None:
                task = Task(demand, width.n, Weights.LARGEST)
                guaranteed = pool.submit(weigh, task)
        found = tuple(future.result() for future in reversed(waiting))
        bound = guaranteed.result() if guaranteed else None
    return Dimensions(demand, clock, found, bound.n if bound else 0, bound)


def check(demand: Demand, widths: list[int]) -> float:
    """Refuses what no width could be weighed for; the clock in MHz."""
    target = load_target(demand.target)
    if not widths:
        raise ValueError("N: expected at least one width")
    if not 0 < demand.fps < math.inf:
        raise ValueError(f"fps must be positive and finite, found {demand.fps}")
    if demand.clock_mhz is not None and not 0 < demand.clock_mhz < math.inf:
        raise ValueError(f"clock must be positive and finite, found {demand.clock_mhz} MHz")
    if demand.direction not in HALVES:
        raise ValueError(f"direction must be one of {', '.join(HALVES)}, found {demand.direction}")
    width, height = demand.size
    check_size(width, height)
    for n in widths:
        check_multiple(f"{demand.family} student", demand.student(n).stride, height, width)
    make_passes(demand, target)
    return demand.clock_mhz or target.clock_mhz


@contextmanager
def workers(tasks: int) -> Generator[ProcessPoolExecutor]:
    """Processes to weigh widths in, copies of this one, so that they start at once and a caller's
    script need not guard its main program; an error or an interrupt leaves no work behind."""
    able = len(os.sched_getaffinity(0))
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(min(able, tasks), context, ignore_interrupts)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def ignore_interrupts() -> None:
    """Leaves an interrupt to the process that waits for the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make_passes(demand: Demand, target: Target) -> tuple[Pipeline, BalancePipeline, Pipeline]:
    """What runs before `balance-pipeline`, that pass itself, and what runs behind it."""
    text = FROM_FLOAT if demand.search_fifos else WITHOUT_SEARCH
    passes = make_pipeline(text, pass_options(demand.settings, target), known_passes())
    balance = balance_pass(passes)
    balance.check_options()
    at = passes.index(balance)
    return Pipeline(passes[:at]), balance, Pipeline(passes[at + 1 :])


def weigh(task: Task) -> Width:
    """The figures of one width."""
    demand, target = task.demand, load_target(task.demand.target)
    before, balance, after = make_passes(demand, target)
    width, height = demand.size
    module = untrained_module(demand.student(task.n), height, width, task.weights)
    parameters = parameters_of(module, HALVES[demand.direction])
    set_coefficients(module, target.coefficients)
    before.apply(module)
    engines = report_of(module, demand, target, balance)
    macs = sum(engine["macs_per_frame"] for engine in engines.values())
    found = Width(task.n, macs, parameters, fits=True)
    try:
        problem = balance.problem(module)
        choice = fastest = balance.fastest_of(problem)
    except PassFailedException as error:
        return replace(found, fits=False, shortfall=reason(error))
    found = replace(found, fastest_fps=balance.rate(fastest.interval))
    try:
        choice = balance.choose(problem)
    except OutOfReach as error:
        found = replace(found, fits=False, shortfall=reason(error))
    balance.build(module, problem, choice)
    after.apply(module)
    return with_figures(found, report_of(module, demand, target, balance))


def reason(error: PassFailedException) -> str:
    """The message of `balance-pipeline`, without its name."""
    return str(error).removeprefix(f"{BalancePipeline.name}: ")


def report_of(
    module: ModuleOp, demand: Demand, target: Target, balance: BalancePipeline
) -> dict[str, Engine]:
    """The engines of a stream module, as `report.json` has them."""
    return build_report(module, target, balance.clock_mhz, demand.size, {})["engines"]


def with_figures(width: Width, engines: dict[str, Engine]) -> Width:
    """A width with the totals of its engines, the slowest of which decides the rate."""
    used = [engine["resources"] for engine in engines.values()]
    return replace(
        width,
        cycles_per_frame=max(engine["cycles_per_frame"] for engine in engines.values()),
        fps=min(engine["fps"]["value"] for engine in engines.values()),
        dsp=sum(int(each["dsp"]["used"]) for each in used),
        bram36=sum(each["bram36"]["used"] for each in used),
        lut=sum(int(each["lut"]["used"]) for each in used),
        ff=sum(int(each["ff"]["used"]) for each in used),
        engines=engines,
    )


def parameters_of(module: ModuleOp, functions: tuple[str, ...]) -> int:
    """Weights and biases of some functions of a float module, and the β and γ of their GDNs."""
    return sum(
        math.prod(shape_of(value))
        for function in module.ops
        if isinstance(function, FuncOp) and function.sym_name.data in functions
        for op in function.walk()
        if isinstance(op, LAYERS)
        for value in op.operands[1:]
    )
