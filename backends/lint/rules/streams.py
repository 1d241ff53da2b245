"""Streams join two processes, and pass data on in the order of the calls (UG1399, "Canonical Body":
one reading and one writing process, no feedback)."""

from collections.abc import Iterator

from ..cursors import Node
from ..kinds import Kind
from ..regions import Direction, Region, Use
from ..unit import Found, Unit

READER = (Direction.READ, "reads")
WRITER = (Direction.WRITE, "writes")


def process_body(unit: Unit) -> Iterator[Found]:
    """The body of every process is there to be seen."""
    for region, stream in _streams(unit):
        for use in region.users(stream, Direction.UNKNOWN):
            yield Found(
                use.process.node.place,
                f"`{use.process.callee.name}` takes the stream `{stream.name}`, and has no body "
                "here: whether it reads or writes cannot be seen",
            )


def unconnected(unit: Unit) -> Iterator[Found]:
    """A local stream has a process at each end, a stream of the interface one inside."""
    for region, stream in _streams(unit):
        if region.users(stream, Direction.UNKNOWN):
            continue
        ends = [verb for way, verb in (READER, WRITER) if not region.users(stream, way)]
        inside = stream.kind == Kind.PARAMETER
        if len(ends) == (2 if inside else 1) or len(ends) == 2:
            yield Found(
                stream.place,
                f"no process {' or '.join(ends)} the stream `{stream.name}` in "
                f"`{region.function.name}`",
            )


def one_producer(unit: Unit) -> Iterator[Found]:
    """At most one process writes a stream."""
    yield from _at_most_one(unit, *WRITER)


def one_consumer(unit: Unit) -> Iterator[Found]:
    """At most one process reads a stream."""
    yield from _at_most_one(unit, *READER)


def feedback(unit: Unit) -> Iterator[Found]:
    """The process that writes a stream is called before the one that reads it."""
    for region, stream in _streams(unit):
        for writer in region.users(stream, Direction.WRITE):
            for reader in region.users(stream, Direction.READ):
                if stream.kind != Kind.PARAMETER and writer.order >= reader.order:
                    yield Found(
                        stream.place,
                        f"`{stream.name}` feeds back: {_name(reader)} reads it before "
                        f"{_name(writer)}, which writes it, is called"
                        if writer.order > reader.order
                        else f"`{stream.name}` feeds back: {_name(reader)} reads and writes it",
                    )


def _at_most_one(unit: Unit, way: Direction, verb: str) -> Iterator[Found]:
    for region, stream in _streams(unit):
        users = region.users(stream, way)
        if len(users) > 1:
            names = ", ".join(map(_name, users))
            yield Found(
                stream.place,
                f"{len(users)} processes {verb.removesuffix('s')} the stream `{stream.name}`, one "
                f"is allowed: {names}",
            )


def _streams(unit: Unit) -> Iterator[tuple[Region, Node]]:
    for region in unit.regions:
        for stream in region.streams:
            yield region, stream


def _name(use: Use) -> str:
    arguments = use.process.callee.template_arguments
    name = use.process.callee.name + (f"<{arguments[0]}>" if arguments else "")
    return f"`{name}` (line {use.process.node.place.line})"
