"""Dataflow regions: the processes of a function, and which of them reads and which writes a stream.

A process reads or writes a parameter if the body of the function does, or of one that it passes the
parameter on to; templates as they are instantiated.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Flag

from .cursors import Node
from .expressions import variable_of
from .functions import Call, Function
from .kinds import Kind

STREAM = "hls::stream"


class Direction(Flag):
    """What is done to a stream."""

    NOTHING = 0
    READ = 1
    WRITE = 2
    UNKNOWN = 4


DIRECTIONS = {
    "read": Direction.READ,
    "read_nb": Direction.READ,
    "operator>>": Direction.READ,
    "write": Direction.WRITE,
    "write_nb": Direction.WRITE,
    "operator<<": Direction.WRITE,
}


@dataclass(frozen=True, eq=False)
class Use:
    """What the call of a process, the `order`-th of its region, does to a stream."""

    process: Call
    order: int
    direction: Direction


@dataclass(frozen=True, eq=False)
class Region:
    """A function with `#pragma HLS dataflow`: its streams (parameters, then local ones), and the
    uses of each by its key."""

    function: Function
    streams: tuple[Node, ...]
    uses: Mapping[str, tuple[Use, ...]]

    def users(self, stream: Node, direction: Direction) -> tuple[Use, ...]:
        """The processes that read, or that write, a stream."""
        return tuple(use for use in self.uses.get(stream.key, ()) if direction in use.direction)


def is_stream(variable: Node) -> bool:
    """Whether a variable or parameter is an `hls::stream`, or a reference to one."""
    return variable.type.template == STREAM


def regions_of(functions: Mapping[str, Function]) -> Iterator[Region]:
    """The dataflow regions among functions."""
    directions = _Directions(functions)
    for function in functions.values():
        if any(pragma.name == "dataflow" for pragma in function.own_pragmas):
            uses: dict[str, list[Use]] = {}
            for order, call in enumerate(function.calls):
                for stream, direction in directions.of_call(call):
                    uses.setdefault(stream.key, []).append(Use(call, order, direction))
            streams = filter(is_stream, (*function.parameters, *function.variables))
            found = {key: tuple(entries) for key, entries in uses.items()}
            yield Region(function, tuple(streams), found)


@dataclass(eq=False)
class _Directions:
    """What functions do to their parameters, by the keys of both; kept once it is known."""

    functions: Mapping[str, Function]
    known: dict[str, Mapping[str, Direction]] = field(
        default_factory=dict[str, Mapping[str, Direction]]
    )

    def of_call(self, call: Call) -> Iterator[tuple[Node, Direction]]:
        """The streams that a call names, and what it does to each."""
        if is_method(call.callee):
            if stream := _object(call.node):
                yield stream, DIRECTIONS.get(call.callee.name, Direction.NOTHING)
            return
        function = self.functions.get(call.callee.key)
        arguments = call.node.arguments
        if function is None:
            for variable in filter(None, map(variable_of, arguments)):
                if is_stream(variable):
                    yield variable, Direction.UNKNOWN
            return
        parameters = function.parameters
        # The call of an operator has its object for a first argument.
        for argument, parameter in zip(arguments[-len(parameters) :], parameters, strict=False):
            variable = variable_of(argument)
            if variable is not None and is_stream(variable):
                done = self._of_function(call.callee.key, function)
                yield variable, done.get(parameter.key, Direction.NOTHING)

    def _of_function(self, key: str, function: Function) -> Mapping[str, Direction]:
        """What a function does to each stream in it."""
        if key not in self.known:
            self.known[key] = {}  # what a function that calls itself does is seen in its other uses
            done: dict[str, Direction] = {}
            for call in function.calls:
                for stream, direction in self.of_call(call):
                    done[stream.key] = done.get(stream.key, Direction.NOTHING) | direction
            self.known[key] = done
        return self.known[key]


def is_method(callee: Node) -> bool:
    """Whether a function is a member of `hls::stream`."""
    return (
        callee.kind == Kind.METHOD
        and callee.parent is not None
        and callee.parent.type.template == STREAM
    )


def _object(call: Node) -> Node | None:
    """The variable whose member a call calls."""
    first = call.children[0]
    if first.kind == Kind.MEMBER:
        first = first.children[0] if first.children else first
    return variable_of(first)
