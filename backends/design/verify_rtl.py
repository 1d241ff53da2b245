"""The link of `licc verify --rtl`: the SystemVerilog of a design, built by Verilator, against the
interpreter, and its cycles against those of the cycle simulator.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp

from ...runtime.arithmetic import Array
from ..hls.scripts import Device
from ..interpreter import run
from ..rtl import RtlRun, Simulator, Stalls, build, find_verilator, write_rtl
from ..rtl.scripts import write_scripts
from ..simulator import Simulation, simulate_function
from .check import Check
from .folder import Design

FRAMES = 3


@dataclass(frozen=True)
class RtlFigures:
    """What a function took without stalls, in cycles: on the cycle simulator, and in RTL; what the
    pipelines of the RTL, which the simulator does not have, add to the latency; and every FIFO in
    RTL with the most words that it held in any run."""

    simulated: Simulation
    measured: RtlRun
    pipelines: int
    most: Mapping[str, int]

    def to_json(self) -> dict[str, Any]:
        """The figures, each with its basis."""
        both = {
            name: {
                "rtl-simulated": getattr(self.measured, name),
                "simulated": getattr(self.simulated, name),
            }
            for name in ("interval", "latency", "first_output")
        }
        fifos = [
            {"name": f.name, "most": self.most[f.name], "depth": f.depth, "pipeline": f.slack}
            for f in self.measured.fifos
        ]
        return {
            "function": self.simulated.function,
            **both,
            "pipelines": self.pipelines,
            "fifos": fifos,
        }


class RtlLink:
    """The RTL of a design, in its folder `rtl`; `RtlError` if it cannot be printed, or if there is
    no Verilator."""

    def __init__(self, design: Design, module: ModuleOp, progress: Callable[[str], None]):
        self.module, self.progress, self.verilator = module, progress, find_verilator()
        progress("printing SystemVerilog")
        self.project = write_rtl(module, design.rtl)
        write_scripts(self.project, Device.of(design.report["target"]))
        self.check = Check("interpreter-vs-rtl")
        self.figures: dict[str, RtlFigures] = {}

    @cached_property
    def simulators(self) -> dict[str, Simulator]:
        """The program of every function."""
        found: dict[str, Simulator] = {}
        for top in self.project.tops:
            self.progress(f"Verilator builds @{top.core.function}")
            found[top.core.function] = build(self.project, top, self.verilator)
        return found

    def compare(self, where: str, function: str, frame: Array) -> None:
        """Three frames back to back, the middle one upside down, for every kind of stalls."""
        simulator = self.simulators[function]
        frames = [frame, np.ascontiguousarray(frame[..., ::-1, ::-1]), frame]
        expected = [run(self.module, function, each) for each in frames]
        for stalls in Stalls:
            kind = f"{where}, {stalls.words}"
            self.progress(kind)
            result = simulator.run(frames, stalls)
            found = simulator.frames(result)
            for number, (one, other) in enumerate(zip(expected, found, strict=False)):
                self.check.compare(f"{kind}, frame {number}", one, other)
            missing = sum(one.size for one in expected[len(found) :])
            for fault in result.faults(len(frames)):
                self.check.fail(missing, f"{kind}: {fault}")
            self._note(function, result)

    def _note(self, function: str, result: RtlRun) -> None:
        """Keeps the figures of the first run, which has no stalls, and what FIFOs held in any."""
        if function not in self.figures:
            simulated = simulate_function(self._op(function), FRAMES)
            pipelines = self.simulators[function].pipelines(result)
            self.figures[function] = RtlFigures(simulated, result, pipelines, {})
        most = dict(self.figures[function].most)
        for fifo in result.fifos:
            most[fifo.name] = max(fifo.most, most.get(fifo.name, 0))
        self.figures[function] = replace(self.figures[function], most=most)

    def _op(self, function: str) -> FuncOp:
        functions = (op for op in self.module.ops if isinstance(op, FuncOp))
        return next(op for op in functions if op.sym_name.data == function)
