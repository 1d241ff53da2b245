"""What a simulation finds."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class ActorUse:
    """Cycles of all frames in which an actor stepped, lacked input, or lacked room."""

    name: str
    busy: int
    starved: int
    blocked: int


@dataclass(frozen=True)
class FifoUse:
    """The FIFO behind an actor, its depth, and the most words that it held."""

    name: str
    depth: int
    most: int


@dataclass(frozen=True)
class Simulation:
    """A function's run, in cycles. `interval` is the time between its last two frames, `latency`
    from the first word in to the first frame's last word out, `first_output` to its first word
    out; `steady` if the last two intervals are equal. All are 0 at a deadlock, which `waiting`
    describes: each actor that waits, and for which FIFO."""

    function: str
    interval: int
    latency: int
    first_output: int
    steady: bool
    finished: tuple[int, ...]
    actors: tuple[ActorUse, ...]
    fifos: tuple[FifoUse, ...]
    waiting: tuple[str, ...]

    @property
    def deadlock(self) -> bool:
        """Whether the function came to a stop."""
        return not self.finished

    def to_json(self) -> dict[str, object]:
        """The figures as JSON, and what they rest on."""
        return {"basis": "simulated", **asdict(self)}
