"""A network on the bounded simulator: any depths, any number of frames."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import core
from .network import Ints, Network
from .programs import EARLY


@dataclass(frozen=True)
class Rig:
    """Runs a network at depths given for all of its FIFOs, in their order."""

    network: Network

    @cached_property
    def machine(self) -> core.Machine:
        """The network at the depths of its types."""
        network = self.network
        return core.make_machine(*network.packed, network.ports, network.depths, network.sinks)

    @cached_property
    def patient(self) -> core.Machine:
        """The same, but no line buffer takes a word before it is due: a Kahn process network."""
        machine = self.machine
        return machine._replace(steps=machine.steps & np.uint8(0xFF ^ EARLY))

    def run(self, depths: Ints, frames: int) -> core.Trace:
        """A run from empty FIFOs."""
        return core.simulate(self.machine._replace(depth=depths), frames)

    def interval(self, depths: Ints, frames: int) -> int | None:
        """Cycles between the last two frames; None at a deadlock."""
        trace = self.run(depths, frames)
        return None if trace.deadlock else int(trace.finished[-1] - trace.finished[-2])

    def completes(self, depths: Ints) -> tuple[str, ...]:
        """Who waits, if a single frame does not get through without words taken early, or leaves a
        word behind; nothing if it does: then no order of execution stops at these depths or larger
        ones, in any number of frames (see docs/fifos.md)."""
        trace = core.simulate(self.patient._replace(depth=depths), 1)
        if trace.deadlock or trace.held.any():
            return self.network.waits(trace.held, depths)
        return ()
