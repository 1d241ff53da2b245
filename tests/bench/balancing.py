"""How long balancing takes on the scale hyperprior codec, and what it finds.

    python tests/bench/balancing.py [TARGET]

All four transforms of N = 64, M = 192 at 1280 x 768, random weights, quantised to 8 bits, on a
target (zcu102): the shapes of each layer, the seconds for making them, for the search and for the
ways out, and the optimum.
"""

import sys
import tempfile
import time
from pathlib import Path

from models import write_checkpoint
from xdsl.parser import Parser

from licc.backends.targets import Target, load_target
from licc.compiler import make_context, make_pipeline
from licc.driver import compile
from licc.explain import balance_pass, explain_pipeline
from licc.passes import get_all_passes
from licc.passes.balance_pipeline import BalancePipeline, OutOfReach
from licc.passes.balancing.problem import RESOURCES
from licc.settings import Settings, pass_options

SIZE = (1280, 768)


def main() -> None:
    """Prints the times and what was found."""
    target = load_target(sys.argv[1] if len(sys.argv) > 1 else "zcu102")
    with tempfile.TemporaryDirectory() as folder:
        text = stream_program(Path(folder), target)
    module = Parser(make_context(), text).parse_module()
    balance = pass_of(target)
    start = time.perf_counter()
    problem = balance.problem(module)
    made = time.perf_counter()
    best = problem.fastest(problem.limits)
    searched = time.perf_counter()
    for layer in problem.layers:
        print(f"{layer.name}: {len(layer.shapes)} shapes")
    print(f"shapes: {made - start:.2f} s, search: {searched - made:.2f} s")
    if best:
        totals = ", ".join(f"{best.total(name)} {unit}" for name, unit in RESOURCES.items())
        print(
            f"{best.interval} cycles, {balance.rate(best.interval):.2f} frames a second: {totals}"
        )
        print(f"from the optimum: {best.gap}")
    start = time.perf_counter()
    explanation = explain_pipeline(balance, module, target)
    print(f"binding and ways out: {time.perf_counter() - start:.2f} s")
    print(explanation.binding)
    for way in explanation.ways_out:
        print(f"{way.fps:.2f} frames a second: {way.what} ({way.size:.0%})")


def stream_program(folder: Path, target: Target) -> str:
    """The codec as `balance-pipeline` gets it."""
    write_checkpoint(folder / "model.pth", "hyperprior", 64, 192)
    settings = Settings(target=target.name, size=SIZE, dump_ir=folder / "ir")
    try:
        compile(folder / "model.pth", folder / "design", settings)
    except OutOfReach as error:
        print(error)
    (path,) = (folder / "ir").glob("*-fuse-streams.mlir")
    return path.read_text()


def pass_of(target: Target) -> BalancePipeline:
    """The pass with the budgets of a target."""
    options = pass_options(Settings(target=target.name), target)
    return balance_pass(make_pipeline("balance-pipeline", options, get_all_passes()))


if __name__ == "__main__":
    main()
