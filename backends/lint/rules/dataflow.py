"""Canonical dataflow (UG1399, "Canonical Body")."""

from collections.abc import Iterator

from ..cursors import Node
from ..expressions import bare, variable_of
from ..kinds import Kind
from ..regions import is_stream
from ..unit import Found, Unit

STATEMENTS = {
    Kind.IF: "a condition",
    Kind.SWITCH: "a condition",
    Kind.FOR: "a loop",
    Kind.WHILE: "a loop",
    Kind.DO: "a loop",
    Kind.RANGE_FOR: "a loop",
    Kind.RETURN: "a return",
    Kind.GOTO: "a goto",
    Kind.COMPOUND: "a block",
}
WITHOUT_HARDWARE = (Kind.NULL, Kind.STATIC_ASSERT, Kind.TYPE_ALIAS, Kind.TYPEDEF)


def canonical(unit: Unit) -> Iterator[Found]:
    """The body of a function with `#pragma HLS dataflow` holds local streams and calls of functions
    that return void, and nothing else."""
    for region in unit.regions:
        function = region.function
        if not function.node.result.is_void:
            yield Found(
                function.node.place,
                f"`{function.name}` is a dataflow region and returns {function.node.result.name}; "
                "only void is allowed",
            )
        for statement in function.body.children:
            for message in _objections(statement):
                yield Found(statement.place, f"{message} in the dataflow region `{function.name}`")
    for pragma in unit.pragmas:
        scope = unit.scopes.at(pragma.place) if pragma.name == "dataflow" else None
        if scope is not None and scope.parent is not None:
            yield Found(
                pragma.place,
                f"`dataflow` stands in a {scope.owner.kind_name}, not in the body of a function",
            )


def _objections(statement: Node) -> Iterator[str]:
    statement = bare(statement) if statement.kind == Kind.IMPLICIT else statement
    match statement.kind:
        case Kind.DECLARATION:
            for declared in statement.children:
                yield from _declaration(declared)
        case Kind.CALL:
            yield from _call(statement)
        case kind if kind not in WITHOUT_HARDWARE:
            yield f"{STATEMENTS.get(kind, 'an expression')}, where only streams and calls may be,"
        case _:
            pass


def _declaration(declared: Node) -> Iterator[str]:
    if declared.kind != Kind.VARIABLE:
        if declared.kind not in WITHOUT_HARDWARE:
            yield f"a {declared.kind_name}, where only streams and calls may be,"
    elif is_stream(declared):
        if declared.is_static:
            yield f"`{declared.name}` is a static stream, not a local one,"
        if declared.is_reference:
            yield f"`{declared.name}` is a second name of a stream"
    elif not (declared.type.is_const and declared.constant is not None):
        yield f"`{declared.name}` is a {declared.type.name}, not an hls::stream,"


def _call(call: Node) -> Iterator[str]:
    callee = call.referenced
    if callee is None or callee.kind not in (Kind.FUNCTION, Kind.METHOD):
        yield "an expression, where only streams and calls may be,"
        return
    if not callee.result.is_void:
        yield f"`{callee.name}` returns {callee.result.name}, not void,"
    for number, argument in enumerate(call.arguments, 1):
        if variable_of(argument) is None and argument.constant is None:
            yield f"argument {number} of `{callee.name}` is an expression, not a variable,"
