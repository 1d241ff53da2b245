"""Why a pipeline is not faster, and what would make it so: the balancer asked with a board at hand,
and with the other boards that licc carries."""

from collections.abc import Iterable
from dataclasses import asdict

from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass

from .backends.report.schema import Balance
from .backends.targets import Target, list_targets, load_target
from .dialects.memories import Resources
from .passes.balance_pipeline import BalancePipeline
from .passes.balancing.problem import gap_of
from .passes.balancing.ways_out import Board, Explanation, explain


def balance_pass(passes: Iterable[ModulePass]) -> BalancePipeline:
    """The last `balance-pipeline` of some passes; `ValueError` if there is none."""
    found = [each for each in passes if isinstance(each, BalancePipeline)]
    if not found:
        raise ValueError("explain: the pipeline has no balance-pipeline, so nothing binds it")
    return found[-1]


def explain_pipeline(balance: BalancePipeline, module: ModuleOp, target: Target) -> Explanation:
    """What binds the pipeline of a stream module, balanced or not, under the options of a pass on a
    target, and the ways out; see `passes/balancing/ways_out.py`. The module stays as it is.

    Raises `PassFailedException` for wrong options and for a layer that cannot be built.
    """
    names = (name for name in list_targets() if name != target.name)
    boards = [board_of(load_target(name)) for name in names]
    return explain(balance.problem(module), balance.clock_mhz, balance.fps, boards)


def board_of(target: Target) -> Board:
    """What a target has for a codec."""
    have = target.available
    budget = Resources(have.dsp, 2 * have.bram36, have.lut, have.ff)
    return Board(target.name, budget, target.clock_mhz, target.coefficients)


def balance_report(module: ModuleOp, explanation: Explanation | None) -> Balance:
    """The part of `report.json` about the balance of a module."""
    gap = gap_of(module)
    return {
        "gap": asdict(gap) if gap else None,
        "explanation": explanation.to_json() if explanation else None,
    }
