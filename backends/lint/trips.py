"""How often a loop runs: from its text `for (int i = first; i < end; i += step)`.

`first` and `end` are sums of constants, each evaluated by clang for the template's instance, and of
counters of loops around this one, as in `for (int lane = start; lane < start + chain; ++lane)`:
what counts is that the difference is constant.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .cursors import Node
from .expressions import bare, operands, refers_to, variable_of
from .kinds import Kind

STEPS = {"++": 1, "--": -1}
MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "!=": "!="}


@dataclass(frozen=True)
class Trip:
    """The number of iterations, or why it is not a constant."""

    count: int | None
    reason: str = ""


@dataclass(frozen=True)
class _Sum:
    """`constant` plus a multiple of each of the variables with those keys."""

    constant: int = 0
    terms: Mapping[str, int] = field(default_factory=dict[str, int])

    def plus(self, other: "_Sum", sign: int) -> "_Sum":
        """The sum, or the difference."""
        keys = {*self.terms, *other.terms}
        terms = {key: self.terms.get(key, 0) + sign * other.terms.get(key, 0) for key in keys}
        terms = {key: factor for key, factor in terms.items() if factor}
        return _Sum(self.constant + sign * other.constant, terms)

    def times(self, factor: int) -> "_Sum":
        """A multiple."""
        return _Sum(self.constant * factor, {key: n * factor for key, n in self.terms.items()})


def trip_of(loop: Node) -> Trip:
    """The trip count of a loop."""
    if loop.kind != Kind.FOR or len(loop.children) != 4:
        kind = loop.kind_name.removesuffix(" stmt")
        return Trip(None, f"a `{kind}` loop without a counter, a bound and a step")
    start, condition, advance, _ = loop.children
    counter = _counter(start)
    if counter is None:
        return Trip(None, "its counter is not initialised in its header")
    key, first = counter
    step = _step(advance, key)
    bound = _bound(condition, key)
    if step is None:
        return Trip(None, "its counter does not advance by a constant")
    if bound is None:
        return Trip(None, "its condition does not compare its counter with a bound")
    sign, end = bound
    distance = None if first is None or end is None else end.plus(first, -1)
    if distance is None or distance.terms:
        return Trip(None, "its bound is not a constant")
    return _count(sign, distance.constant, step)


def _count(sign: str, distance: int, step: int) -> Trip:
    """Iterations from 0 on while `0 <sign> distance` holds."""
    ends = {"<": step > 0, "<=": step > 0, ">": step < 0, ">=": step < 0}
    if sign == "!=":
        exact = distance % step == 0 and distance // step >= 0
        return Trip(distance // step) if exact else Trip(None, "its counter steps over its bound")
    if not ends[sign]:
        return Trip(None, "its counter runs away from its bound")
    reached = abs(distance) if distance * step > 0 else 0
    if distance * step < 0:
        return Trip(0)
    inclusive = sign in ("<=", ">=")
    return Trip(reached // abs(step) + 1 if inclusive else -(-reached // abs(step)))


def _counter(start: Node) -> tuple[str, _Sum | None] | None:
    """The key and the first value of what a loop's header initialises."""
    if start.kind == Kind.DECLARATION and len(start.children) == 1:
        variable = start.children[0]
        if variable.kind == Kind.VARIABLE and variable.children:
            return variable.key, _sum(variable.children[-1])
    if start.operator == "=" and len(start.children) == 2:
        target, value = start.children
        if variable := variable_of(target):
            return variable.key, _sum(value)
    return None


def _step(advance: Node, key: str) -> int | None:
    advance = bare(advance)
    sign, parts = advance.operator, operands(advance)
    if not parts or not refers_to(parts[0], key):
        return None
    if sign in STEPS:
        return STEPS[sign]
    if sign in ("+=", "-=") and len(parts) == 2:
        size = parts[1].constant
        return (size if sign == "+=" else -size) if size else None
    return None


def _bound(condition: Node, key: str) -> tuple[str, _Sum | None] | None:
    """The comparison that keeps a loop running, and what with."""
    condition = bare(condition)
    sign, parts = condition.operator, operands(condition)
    if sign not in MIRRORED or len(parts) != 2:
        return None
    left, right = map(_sum, parts)
    if left is None or right is None:
        return (sign, None) if refers_to(parts[0], key) else None
    difference, counter = left.plus(right, -1), _Sum(0, {key: 1})
    match difference.terms.get(key):
        case 1:  # as in `i + 1 < end`
            return sign, counter.plus(difference, -1)
        case -1:  # as in `end > i`
            return MIRRORED[sign], counter.plus(difference, 1)
        case _:
            return None


def _sum(node: Node) -> _Sum | None:
    node = bare(node)
    value = node.constant
    if value is not None:
        return _Sum(value)
    if variable := variable_of(node):
        return _Sum(0, {variable.key: 1})
    parts = [_sum(child) for child in operands(node)]
    match node.operator, parts:
        case "+", [_Sum() as a, _Sum() as b]:
            return a.plus(b, 1)
        case "-", [_Sum() as a, _Sum() as b]:
            return a.plus(b, -1)
        case "-", [_Sum() as a]:
            return a.times(-1)
        case "*", [_Sum() as a, _Sum() as b] if not a.terms or not b.terms:
            return b.times(a.constant) if not a.terms else a.times(b.constant)
        case _:
            return None
