"""Loops run a constant number of times, and are unrolled within bounds."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..functions import Function, Loop
from ..pragmas import Pragma
from ..unit import Found, Unit

MOST_TIMES = 1024
MOST_COPIES = 16384


def bound(unit: Unit) -> Iterator[Found]:
    """The trip count of every loop is a constant of the template's instance (UG1399, "Variable Loop
    Bounds")."""
    for function in unit.functions.values():
        for loop in function.loops:
            if loop.trip.count is None:
                yield Found(
                    loop.node.place,
                    f"the trip count of a loop of `{function.name}` is not constant: "
                    f"{loop.trip.reason}",
                )


def exits(unit: Unit) -> Iterator[Found]:
    """A loop ends by its counter alone (UG1399, "Limitations of Control-Driven Task-Level
    Parallelism": loops with multiple exits)."""
    for function in unit.functions.values():
        for loop in function.loops:
            for node in loop.exits:
                yield Found(
                    node.place,
                    f"a {node.kind_name.removesuffix(' stmt')} leaves a loop of "
                    f"`{function.name}` early",
                )


def unroll_bound(unit: Unit) -> Iterator[Found]:
    """A loop is unrolled at most 1,024 times, and with all unrolled loops around it, those of the
    callers too, there are at most 16,384 copies of its body (UG1399, "pragma HLS unroll", and
    "pragma HLS pipeline", which unrolls all loops inside)."""
    copies = _Copies(unit)
    for key in unit.roots:
        copies.enter(key, 1, False)
    yield from copies.found


@dataclass(eq=False)
class _Copies:
    """Follows the calls, and counts how many copies of each loop's body there are."""

    unit: Unit
    found: list[Found] = field(default_factory=list[Found])
    entered: dict[tuple[str, bool], int] = field(default_factory=dict[tuple[str, bool], int])
    active: set[str] = field(default_factory=set[str])

    def enter(self, key: str, copies: int, pipelined: bool) -> None:
        """Counts in a function of which there are so many copies, inside a pipeline or not."""
        function = self.unit.functions.get(key)
        pipelined = pipelined or (function is not None and _pipelines(function.own_pragmas))
        if function is None or self.entered.get((key, pipelined), 0) >= copies:
            return
        if key in self.active:  # it calls itself: there is no number of copies
            return
        self.active.add(key)
        self.entered[key, pipelined] = copies
        states: dict[Loop | None, tuple[int, bool]] = {None: (copies, pipelined)}
        for loop in function.loops:
            states[loop] = self._loop(function, loop, *states[loop.outer])
        for call in function.calls:
            self.enter(call.callee.key, *states[call.loop])
        self.active.remove(key)

    def _loop(
        self, function: Function, loop: Loop, copies: int, pipelined: bool
    ) -> tuple[int, bool]:
        """The copies of a loop's body, and whether it is part of a pipeline."""
        times = _unrolled(loop, pipelined)
        place = loop.node.place
        if times > MOST_TIMES:
            self.found.append(
                Found(
                    place,
                    f"a loop of `{function.name}` is unrolled {times:,} times; at most "
                    f"{MOST_TIMES:,}",
                )
            )
        inside = copies * times
        if inside > MOST_COPIES >= copies:
            self.found.append(
                Found(
                    place,
                    f"unrolled loops make {inside:,} copies of the body of a loop of "
                    f"`{function.name}`; at most {MOST_COPIES:,}",
                )
            )
        return inside, pipelined or _pipelines(loop.pragmas)


def _unrolled(loop: Loop, pipelined: bool) -> int:
    """How many copies of its body a loop becomes."""
    trip = loop.trip.count or 1
    if pipelined:
        return trip
    for pragma in loop.pragmas:
        if pragma.name == "unroll":
            factor = pragma.value("factor") or ""
            return min(trip, int(factor)) if factor.isdecimal() else trip
    return 1


def _pipelines(pragmas: tuple[Pragma, ...]) -> bool:
    return any(pragma.name == "pipeline" and not pragma.says("off") for pragma in pragmas)
