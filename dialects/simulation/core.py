"""The loop over cycles, compiled by numba: importing this module takes a second.

In a cycle an actor takes its next step if all that it reads is there and all that it writes has
room, as they stood when the cycle began. Its state says what the cycle was for it: busy, starved
(an input is empty) or blocked (an output is full). An actor that waits sleeps until a neighbour
moves the FIFO between them, and cycles that repeat are counted instead of run (`_leap`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from .programs import DUE, EARLY, READ, WRITE

Ints = NDArray[np.int64]
Int = Any
F = TypeVar("F", bound=Callable[..., Any])

BUSY, STARVED, BLOCKED, DONE, AWAY = range(5)
START, LENGTH, REPEAT, LIMIT = range(4)
SNAPSHOTS = 8
WORTH = 3
ENDLESS = 1 << 62


class Machine(NamedTuple):
    """Actors and FIFOs, which a run does not change. `runs` has a row for each run: start and
    length in `steps`, how often it is repeated, and how many words may be ahead of their frame in
    it (see `programs`); `first_run[a]`…`first_run[a + 1]` are those of actor a. Its inputs
    are `left[a]` and `right[a]`, its outputs `upper[a]` and `lower[a]`, FIFOs by number, of `depth`
    words."""

    steps: NDArray[np.uint8]
    same: Ints
    runs: Ints
    first_run: Ints
    left: Ints
    right: Ints
    upper: Ints
    lower: Ints
    depth: Ints
    sinks: Ints
    reader: Ints
    writer: Ints
    anchor: int


class State(NamedTuple):
    """Where all actors stand and what the FIFOs hold, and the counts of `Trace`. An actor is at
    `place` of the steps in a pattern up to `end`. `waits` is the state in which it sleeps `since` a
    cycle, BUSY if it does not."""

    current: Ints
    place: Ints
    end: Ints
    repeat: Ints
    ahead: Ints
    done: Ints
    held: Ints
    most: Ints
    spent: Ints
    waits: Ints
    since: Ints
    until: Ints


@dataclass(frozen=True)
class Trace:
    """What a run leaves behind: when each frame was finished by all sinks (fewer frames at a
    deadlock), when the first word came out, cycles by actor and state, the most
    words that each FIFO held, what it holds at the end, and whether nothing moved any more."""

    finished: Ints
    first_output: int
    spent: Ints
    most: Ints
    held: Ints
    deadlock: bool


def make_machine(
    steps: NDArray[np.uint8], runs: Ints, first_run: Ints, ports: Ints, depth: Ints, sinks: Ints
) -> Machine:
    """A machine of actors that read and write FIFOs as their programs say."""
    reader, writer = np.zeros_like(depth), np.zeros_like(depth)
    uses = np.bitwise_or.reduceat(
        np.array([np.bitwise_or.reduce(steps[r[START] : r[START] + r[LENGTH]]) for r in runs]),
        first_run[:-1],
    )
    for actor, (used, row) in enumerate(zip(uses, ports, strict=True)):
        reads = int(used) & 3 | bool(int(used) & (DUE | EARLY))
        for port in range(2):
            if reads >> port & 1:
                reader[row[port]] = actor
            if int(used) >> port & 4:
                writer[row[2 + port]] = actor
    left, right, upper, lower = np.ascontiguousarray(ports.T)
    longest = int(np.argmax(runs[:, LENGTH]))
    anchor = int(np.searchsorted(first_run, longest, side="right")) - 1
    return Machine(
        steps=steps,
        same=_same(steps, runs),
        runs=runs,
        first_run=first_run,
        left=left,
        right=right,
        upper=upper,
        lower=lower,
        depth=depth,
        sinks=sinks,
        reader=reader,
        writer=writer,
        anchor=anchor,
    )


def _same(steps: NDArray[np.uint8], runs: Ints) -> Ints:
    """For every step, how many like it come in a row, with it, before the last one of its
    pattern."""
    found = np.zeros(steps.size, np.int64)
    for start, length in {(int(run[START]), int(run[LENGTH])) for run in runs}:
        pattern = steps[start : start + length]
        ends = np.flatnonzero(np.append(pattern[1:] != pattern[:-1], True))
        ends[-1] = length - 2
        places = np.arange(length)
        following = ends[np.searchsorted(ends, places).clip(max=ends.size - 1)]
        found[start : start + length] = np.maximum(following + 1 - places, 0)
    return found


def simulate(machine: Machine, frames: int) -> Trace:
    """Runs all actors for `frames` frames, or until nothing moves."""
    actors, fifos = machine.left.size, machine.depth.size
    repeat, ahead, done, waits, since, until = (np.zeros(actors, np.int64) for _ in range(6))
    held, most = np.zeros(fifos, np.int64), np.zeros(fifos, np.int64)
    current, spent = machine.first_run[:-1].copy(), np.zeros((actors, 4), np.int64)
    place = machine.runs[current, START]
    end = place + machine.runs[current, LENGTH]
    state = State(current, place, end, repeat, ahead, done, held, most, spent, waits, since, until)
    finished = np.zeros(frames, np.int64)
    count, first_output, deadlock = _run(machine, state, finished)
    return Trace(finished[:count], first_output, spent, most, held, deadlock)


def compiled(function: F) -> F:
    """The function as machine code, which runs beside other threads."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))


@compiled
def _early(step: Int, ahead: Int, limit: Int, held: Int) -> int:
    """Whether a line buffer's step reads a word, as things stand: one that is due and was not taken
    early, or one that may be taken early and is there."""
    if step & DUE:
        return 1 if ahead == 0 else 0
    return 1 if ahead < limit and held > 0 else 0


@compiled
def _wake(spent: Ints, waits: Ints, since: Ints, actor: Int, cycle: int) -> None:
    """Books the cycles that an actor slept."""
    spent[actor, waits[actor]] += cycle - since[actor]
    waits[actor] = BUSY


@compiled
def _go(place: Ints, spent: Ints, waits: Ints, until: Ints, a: Int, count: Int, cycle: int) -> None:
    """Takes steps ahead that nothing else can tell."""
    place[a] += count
    spent[a, BUSY] += count
    waits[a], until[a] = AWAY, cycle + count


@compiled
def _next(waits: Ints, until: Ints) -> int:
    """The cycle in which the first actor that is away comes back; -1 if none is."""
    first = -1
    for a in range(waits.size):
        if waits[a] == AWAY and (first < 0 or until[a] < first):
            first = until[a]
    return first


@compiled
def _cycles(m: Machine, s: State, moved: Ints, cycle: int, frames: int) -> int:
    """Runs until an actor takes its first step or ends a frame, the anchor ends a pattern, or
    nothing moves; returns the cycle.

    `moved` keeps the FIFOs that lose a word in a cycle (row 0) and that get one (row 1).
    """
    steps, runs, first_run, depth = m.steps, m.runs, m.first_run, m.depth
    left, right, upper, lower = m.left, m.right, m.upper, m.lower
    reader, writer, anchor = m.reader, m.writer, m.anchor
    current, place, end, repeat, ahead, done = s.current, s.place, s.end, s.repeat, s.ahead, s.done
    held, most, spent = s.held, s.most, s.spent
    waits, since, until, same = s.waits, s.since, s.until, m.same
    took, gave = moved
    event = False
    while not event:
        lost, got, still = 0, 0, True
        for a in range(waits.size):
            if waits[a] == AWAY and until[a] <= cycle:
                waits[a] = BUSY
            if waits[a] != BUSY:
                continue
            step = np.int64(steps[place[a]])
            alike = same[place[a]]
            if step == 0 and alike >= WORTH:
                _go(place, spent, waits, until, a, alike, cycle)
                still = False
                continue
            if step == WRITE and alike >= WORTH:
                fifo = upper[a]
                b = reader[fifo]
                alike = min(alike, same[place[b]])
                awake = waits[b] == BUSY or (waits[b] == AWAY and until[b] <= cycle)
                apart = a < b and left[b] == fifo and 0 < held[fifo] < depth[fifo]
                if alike >= WORTH and awake and apart and steps[place[b]] == READ:
                    _go(place, spent, waits, until, a, alike, cycle)
                    _go(place, spent, waits, until, b, alike, cycle)
                    still = False
                    continue
            if step & (DUE | EARLY):
                step |= _early(step, ahead[a], runs[current[a], LIMIT], held[left[a]])
            if (step & 1 and held[left[a]] == 0) or (step & 2 and held[right[a]] == 0):
                waits[a], since[a] = STARVED, cycle
                continue
            if (step & 4 and held[upper[a]] >= depth[upper[a]]) or (
                step & 8 and held[lower[a]] >= depth[lower[a]]
            ):
                waits[a], since[a] = BLOCKED, cycle
                continue
            still = False
            if step & 1:
                took[lost] = left[a]
                lost += 1
            if step & 2:
                took[lost] = right[a]
                lost += 1
            if step & 4:
                gave[got] = upper[a]
                got += 1
            if step & 8:
                gave[got] = lower[a]
                got += 1
            if step & (DUE | EARLY):
                ahead[a] += (step & 1) - (step & DUE != 0)
            spent[a, BUSY] += 1
            event |= spent[a, BUSY] == 1
            place[a] += 1
            if place[a] < end[a]:
                continue
            row = current[a]
            place[a] = runs[row, START]
            event |= a == anchor
            repeat[a] += 1
            if repeat[a] < runs[row, REPEAT]:
                continue
            repeat[a] = 0
            current[a] += 1
            if current[a] == first_run[a + 1]:
                current[a] = first_run[a]
                done[a] += 1
                event = True
                if done[a] == frames:
                    waits[a], since[a] = DONE, cycle + 1
            place[a] = runs[current[a], START]
            end[a] = place[a] + runs[current[a], LENGTH]
        if still:
            after = _next(waits, until)
            if after > cycle:
                cycle = after
                continue
            event = True
        cycle += 1
        for i in range(lost):
            fifo = took[i]
            held[fifo] -= 1
            if waits[writer[fifo]] == BLOCKED:
                _wake(spent, waits, since, writer[fifo], cycle)
        for i in range(got):
            fifo = gave[i]
            held[fifo] += 1
            most[fifo] = max(most[fifo], held[fifo])
            if waits[reader[fifo]] == STARVED:
                _wake(spent, waits, since, reader[fifo], cycle)
    return cycle


@compiled
def _book(s: State, cycle: int) -> None:
    """Books the cycles that all have slept so far."""
    for a in range(s.waits.size):
        if s.waits[a] != BUSY and s.waits[a] != AWAY:
            s.spent[a, s.waits[a]] += cycle - s.since[a]
        s.since[a] = cycle


@compiled
def _look(s: State, cycle: int, key: Ints, counts: Ints) -> None:
    """Writes down all that decides what happens next, but for how often patterns were repeated,
    and what adds up: those numbers, the cycles spent, and the time."""
    n = s.current.size
    key[:n], key[n : 2 * n] = s.current, s.place
    key[2 * n : 3 * n], key[3 * n : 4 * n], key[5 * n :] = s.ahead, s.done, s.held
    for a in range(n):
        key[4 * n + a] = s.until[a] - cycle if s.waits[a] == AWAY else 0
    counts[:n], counts[n:-1] = s.repeat, s.spent.ravel()
    counts[-1] = cycle


@compiled
def _leap(m: Machine, s: State, gains: Ints) -> int:
    """Adds up what gave these gains in counts as often as no run ends; returns the cycles."""
    n, times = s.repeat.size, ENDLESS
    for a in range(n):
        if gains[a] > 0:
            times = min(times, (m.runs[s.current[a], REPEAT] - 1 - s.repeat[a]) // gains[a])
    s.repeat[:] += times * gains[:n]
    s.spent[:] += times * gains[n:-1].reshape(s.spent.shape)
    s.since[:] += times * gains[-1]
    s.until[:] += times * gains[-1]
    return times * gains[-1]


@compiled
def _look_back(m: Machine, s: State, cycle: int, seen: int, keys: Ints, counts: Ints) -> int:
    """Compares this moment with the last ones, of which `seen` were written down, and returns the
    cycles that can be skipped."""
    now = seen % SNAPSHOTS
    _book(s, cycle)
    _look(s, cycle, keys[now], counts[now])
    for back in range(1, min(seen, SNAPSHOTS - 1) + 1):
        then = (seen - back) % SNAPSHOTS
        if np.array_equal(keys[then], keys[now]):
            return _leap(m, s, counts[now] - counts[then])
    return 0


@compiled
def _any_moves(s: State) -> bool:
    """Whether an actor is neither done nor asleep."""
    return (s.waits == BUSY).any() or (s.waits == AWAY).any()


@compiled
def _run(m: Machine, s: State, finished: Ints) -> tuple[int, int, bool]:
    """The loop of `simulate`, which fills `finished`: frames done, first output, deadlock.

    Whenever the anchor, the actor with the longest pattern, ends one, the moment is compared with
    the last few such. Two that agree in all but how often patterns were repeated are followed by
    the same cycles until a run ends, so the stretch between them need not be run again.
    """
    actors, frames = s.repeat.size, finished.size
    moved = np.zeros((2, 2 * actors), np.int64)
    keys = np.zeros((SNAPSHOTS, 5 * actors + s.held.size), np.int64)
    counts = np.zeros((SNAPSHOTS, 5 * actors + 1), np.int64)
    cycle, count, first_output, seen = 0, 0, 0, 0
    while _any_moves(s):
        cycle = _cycles(m, s, moved, cycle, frames)
        least = frames
        for sink in m.sinks:
            least = min(least, s.done[sink])
            if first_output == 0 and s.spent[sink, BUSY]:
                first_output = cycle
        if least > count:
            finished[count] = cycle
            count += 1
        if s.place[m.anchor] == m.runs[s.current[m.anchor], START]:
            cycle += _look_back(m, s, cycle, seen, keys, counts)
            seen += 1
    _book(s, cycle)
    return count, first_output, (s.waits != DONE).any()
