"""Runs a stream program cycle by cycle on bounded FIFOs: how long a frame takes, who waits, and
how full every FIFO gets.

Sources bring a beat a cycle, sinks take one a cycle. The pipelines of the kernels are not
simulated: a step's result is there a cycle later, where hardware takes some more.
"""

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from ...dialects.simulation.network import network_of
from .results import ActorUse, FifoUse, Simulation

__all__ = ["ActorUse", "FifoUse", "Simulation", "simulate", "simulate_function"]

LEAST_FRAMES = 3


def simulate(module: ModuleOp, frames: int = 4) -> tuple[Simulation, ...]:
    """Runs every function of a stream program by itself; `frames` as in `simulate_function`."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    return tuple(simulate_function(function, frames) for function in functions)


def simulate_function(function: FuncOp, frames: int = 4) -> Simulation:
    """Runs a function for some frames.

    Raises `ValueError` if it is none of the stream level or `frames` is below 3: it takes two equal
    intervals to see that the pipeline is full.
    """
    if frames < LEAST_FRAMES:
        raise ValueError(f"simulate: frames must be at least {LEAST_FRAMES}, found {frames}")
    network = network_of(function)
    depths = network.depths
    from ...dialects.simulation.core import DONE
    from ...dialects.simulation.rig import Rig

    trace = Rig(network).run(depths, frames)
    times = () if trace.deadlock else tuple(int(time) for time in trace.finished)
    gaps = np.diff(times)
    return Simulation(
        function=function.sym_name.data,
        interval=int(gaps[-1]) if times else 0,
        latency=times[0] if times else 0,
        first_output=trace.first_output if times else 0,
        steady=bool(times) and bool(gaps[-1] == gaps[-2]),
        finished=times,
        actors=tuple(
            ActorUse(process.name, *(int(n) for n in row[:DONE]))
            for process, row in zip(network.processes, trace.spent, strict=True)
        ),
        fifos=tuple(
            FifoUse(network.names[value], int(depth), int(most))
            for value, depth, most in zip(network.fifos, depths, trace.most, strict=True)
        ),
        waiting=() if times else network.waits(trace.held, depths),
    )
