"""The loop over cycles, compiled by numba: importing this module takes a second.

In a cycle an actor takes its next step if all that it reads is there and all that it writes has
room, as they stood when the cycle began. Its state says what the cycle was for it: busy, starved
(an input is empty) or blocked (an output is full).
"""

from dataclasses import dataclass
from typing import Protocol, cast

import numba
import numpy as np
from numpy.typing import NDArray

from .programs import DUE, EARLY

Ints = NDArray[np.int64]

BUSY, STARVED, BLOCKED, DONE = range(4)


@dataclass(frozen=True)
class Trace:
    """What a run leaves behind: when each frame was finished by all sinks (nothing at a deadlock),
    when the first word came out, cycles by actor and state, the most words that each FIFO held,
    and what it holds at the end."""

    finished: Ints
    first_output: int
    spent: Ints
    most: Ints
    held: Ints


def simulate(
    steps: NDArray[np.uint8],
    runs: Ints,
    first_run: Ints,
    ports: Ints,
    depth: Ints,
    sinks: Ints,
    frames: int,
) -> Trace:
    """Runs all actors for `frames` frames.

    `runs` has a row for each run: start and length in `steps`, how often it is repeated, and how
    many words may be ahead of their frame in it (see `programs`);
    `first_run[a]`…`first_run[a + 1]` are those of actor a. `ports[a]` are two inputs and two
    outputs, FIFOs by number, of `depth` words.
    """
    held, most = np.zeros_like(depth), np.zeros_like(depth)
    spent, finished = np.zeros((len(ports), 4), np.int64), np.zeros(frames, np.int64)
    first_output = np.zeros(1, np.int64)
    results = (held, most, spent, finished, first_output)
    done = _compiled(steps, runs, first_run, ports, depth, sinks, *results)
    return Trace(finished if done else finished[:0], int(first_output[0]), spent, most, held)


def _run(
    steps: NDArray[np.uint8],
    runs: Ints,
    first_run: Ints,
    ports: Ints,
    depth: Ints,
    sinks: Ints,
    held: Ints,
    most: Ints,
    spent: Ints,
    finished: Ints,
    first_output: Ints,
) -> bool:
    """The loop of `simulate`, which fills the last five arrays; false at a deadlock."""
    actors, frames = ports.shape[0], finished.size
    position = np.zeros(actors, np.int64)
    repeat = np.zeros(actors, np.int64)
    ahead = np.zeros(actors, np.int64)
    current = first_run[:-1].copy()
    done = np.zeros(actors, np.int64)
    change = np.zeros(depth.size, np.int64)
    cycle, frame = 0, 0
    while frame < frames:
        moved = False
        for a in range(actors):
            if done[a] == frames:
                continue
            row = current[a]
            step = steps[runs[row, 0] + position[a]]
            takes = step & 3
            if step & DUE and ahead[a] == 0:
                takes |= 1
            if step & EARLY and ahead[a] < runs[row, 3] and held[ports[a, 0]] > 0:
                takes |= 1
            state = BUSY
            for p in range(2):
                if step & (4 << p) and held[ports[a, 2 + p]] >= depth[ports[a, 2 + p]]:
                    state = BLOCKED
            for p in range(2):
                if takes & (1 << p) and held[ports[a, p]] == 0:
                    state = STARVED
            spent[a, state] += 1
            if state != BUSY:
                continue
            moved = True
            for p in range(2):
                if takes & (1 << p):
                    change[ports[a, p]] -= 1
                if step & (4 << p):
                    change[ports[a, 2 + p]] += 1
            if step & DUE and not takes:
                ahead[a] -= 1
            if step & EARLY and takes:
                ahead[a] += 1
            position[a] += 1
            if position[a] == runs[row, 1]:
                position[a] = 0
                repeat[a] += 1
                if repeat[a] == runs[row, 2]:
                    repeat[a] = 0
                    current[a] += 1
                    if current[a] == first_run[a + 1]:
                        current[a] = first_run[a]
                        done[a] += 1
        if not moved:
            return False
        for f in range(depth.size):
            held[f] += change[f]
            change[f] = 0
            most[f] = max(most[f], held[f])
        cycle += 1
        least = frames
        for s in sinks:
            if first_output[0] == 0 and spent[s, BUSY]:
                first_output[0] = cycle
            least = min(least, done[s])
        if least > frame:
            finished[frame] = cycle
            frame += 1
    return True


class _Run(Protocol):
    def __call__(self, steps: NDArray[np.uint8], *arrays: Ints) -> bool: ...


_compiled = cast(_Run, numba.njit(cache=True)(_run))
