"""The loop over cycles, compiled by numba: importing this module takes a second.

In a cycle an actor takes its next step if all that it reads is there and all that it writes has
room, as they stood when the cycle began. Its state says what the cycle was for it: busy, starved
(an input is empty) or blocked (an output is full).
"""

import numpy as np
from numba import njit  # pyright: ignore[reportUnknownVariableType]
from numpy.typing import NDArray

Ints = NDArray[np.int64]

BUSY, STARVED, BLOCKED, DONE = range(4)


@njit(cache=True)
def run(
    steps: NDArray[np.uint8],
    runs: Ints,
    first_run: Ints,
    ports: Ints,
    depth: Ints,
    held: Ints,
    most: Ints,
    spent: Ints,
    state: Ints,
    finished: Ints,
    sinks: Ints,
    first_out: Ints,
) -> int:
    """Runs all actors for `finished.size` frames; returns the cycles, or minus them at a deadlock.

    `runs` has a row for each run: start and length in `steps`, and how often it is repeated;
    `first_run[a]`…`first_run[a + 1]` are those of actor a. `ports[a]` are two inputs and two
    outputs, FIFOs by number. The rest are results: `most` words held in each FIFO, cycles `spent`
    by actor and state, the last `state`, when each frame was `finished` by all sinks, and when the
    first word came out.
    """
    actors, frames = ports.shape[0], finished.size
    position = np.zeros(actors, np.int64)
    repeat = np.zeros(actors, np.int64)
    current = first_run[:-1].copy()
    done = np.zeros(actors, np.int64)
    change = np.zeros(depth.size, np.int64)
    cycle, frame = 0, 0
    while frame < frames:
        moved = False
        for a in range(actors):
            if done[a] == frames:
                state[a] = DONE
                continue
            row = current[a]
            step = steps[runs[row, 0] + position[a]]
            state[a] = BUSY
            for p in range(2):
                if step & (4 << p) and held[ports[a, 2 + p]] >= depth[ports[a, 2 + p]]:
                    state[a] = BLOCKED
            for p in range(2):
                if step & (1 << p) and held[ports[a, p]] == 0:
                    state[a] = STARVED
            spent[a, state[a]] += 1
            if state[a] != BUSY:
                continue
            moved = True
            for p in range(2):
                if step & (1 << p):
                    change[ports[a, p]] -= 1
                if step & (4 << p):
                    change[ports[a, 2 + p]] += 1
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
            return -cycle - 1
        for f in range(depth.size):
            held[f] += change[f]
            change[f] = 0
            most[f] = max(most[f], held[f])
        cycle += 1
        least = frames
        for s in sinks:
            if first_out[0] == 0 and spent[s, BUSY]:
                first_out[0] = cycle
            least = min(least, done[s])
        if least > frame:
            finished[frame] = cycle
            frame += 1
    return cycle
