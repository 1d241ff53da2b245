"""The functions that a file's own ones reach, each template as it is instantiated: their loops,
calls and variables, and the pragmas that hold for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .cursors import Node
from .kinds import Kind
from .pragmas import Pragma
from .scopes import FUNCTIONS, GROUPS, Scopes, body_of
from .trips import Trip, trip_of


@dataclass(eq=False)
class Loop:
    """A loop: the loop around it in the same function, its pragmas, how often it runs, and the
    statements that leave it early."""

    node: Node
    outer: "Loop | None"
    trip: Trip
    pragmas: tuple[Pragma, ...] = ()
    exits: list[Node] = field(default_factory=list[Node])


@dataclass(frozen=True, eq=False)
class Call:
    """A call that is no constant: what it calls, in which loop."""

    node: Node
    callee: Node
    loop: Loop | None


@dataclass(eq=False)
class Function:
    """A function, or an instance of a template, with a body; `own_pragmas` stand in its outermost
    block, `pragmas` in any of the blocks that the instance has."""

    node: Node
    body: Node
    pragmas: list[Pragma] = field(default_factory=list[Pragma])
    own_pragmas: tuple[Pragma, ...] = ()
    loops: list[Loop] = field(default_factory=list[Loop])
    calls: list[Call] = field(default_factory=list[Call])
    variables: list[Node] = field(default_factory=list[Node])
    blocks: set[int] = field(default_factory=set[int])

    @property
    def name(self) -> str:
        """Its name, with the template arguments of a function's instance or of its class."""
        arguments = self.node.template_arguments
        name = f"{self.node.name}<{', '.join(arguments)}>" if arguments else self.node.name
        if self.node.kind == Kind.METHOD and self.node.parent:
            return f"{self.node.parent.type.name}::{name}"
        return name

    @property
    def parameters(self) -> tuple[Node, ...]:
        """What it takes."""
        return self.node.arguments

    def variable(self, name: str, offset: int) -> Node | None:
        """The variable or parameter that a name means at a place."""
        known = [v for v in self.variables if v.name == name and v.place.offset < offset]
        known = known or [v for v in self.parameters if v.name == name]
        return known[-1] if known else None


def functions_of(
    roots: Iterable[Node], scopes: Scopes, pragmas: Iterable[Pragma]
) -> dict[str, Function]:
    """The functions at `roots` and all that they call, by their keys; those in files of which
    there are no scopes left out."""
    placed = _Placed(scopes, pragmas)
    found: dict[str, Function] = {}
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        body = body_of(node)
        if node.key in found or body is None:
            continue
        function = found[node.key] = Function(node, body)
        _walk(function, body, None)
        placed.distribute(function)
        for callee in {call.callee.key: call.callee for call in function.calls}.values():
            definition = None if callee.key in found else callee.definition
            if definition and definition.place.file in scopes.files:
                waiting.append(definition)
    return found


def roots_of(root: Node, file: str) -> Iterator[Node]:
    """The functions that a file defines, templates left out."""
    for node in root.children:
        if node.place.file == file:
            if node.kind in FUNCTIONS and node.kind != Kind.FUNCTION_TEMPLATE:
                yield node
            elif node.kind in GROUPS and node.kind not in (
                Kind.CLASS_TEMPLATE,
                Kind.PARTIAL_SPECIALIZATION,
            ):
                yield from roots_of(node, file)


@dataclass(eq=False)
class _Placed:
    """The pragmas by the file and the first byte of the block that they stand in."""

    scopes: Scopes
    pragmas: Iterable[Pragma]
    by_block: dict[tuple[str, int], list[Pragma]] = field(
        default_factory=dict[tuple[str, int], list[Pragma]]
    )

    def __post_init__(self) -> None:
        for pragma in self.pragmas:
            if scope := self.scopes.at(pragma.place):
                self.by_block.setdefault((scope.file, scope.start), []).append(pragma)

    def distribute(self, function: Function) -> None:
        """Gives a function and its loops the pragmas in those blocks that its instance has."""
        file = function.body.extent.file
        for start in sorted(function.blocks):
            function.pragmas.extend(self.by_block.get((file, start), ()))
        start = function.body.extent.start
        function.own_pragmas = tuple(self.by_block.get((file, start), ()))
        for loop in function.loops:
            if body := body_of(loop.node):
                loop.pragmas = tuple(self.by_block.get((file, body.extent.start), ()))


def _walk(function: Function, node: Node, loop: Loop | None, breaks: Loop | None = None) -> None:
    """Adds what is in a statement to a function; `loop` is the innermost around it, `breaks` the
    one that a `break` leaves."""
    match node.kind:
        case Kind.CALL:
            if node.constant is not None:
                return
            if node.referenced:
                function.calls.append(Call(node, node.referenced, loop))
        case Kind.VARIABLE:
            function.variables.append(node)
            if node.type.is_const and node.constant is not None:
                return
        case Kind.COMPOUND:
            function.blocks.add(node.extent.start)
        case Kind.FOR | Kind.WHILE | Kind.DO | Kind.RANGE_FOR:
            loop = breaks = Loop(node, loop, trip_of(node))
            function.loops.append(loop)
        case Kind.SWITCH:
            breaks = None
        case Kind.IF if (taken := _taken(node)) is not None:
            for child in taken:
                _walk(function, child, loop, breaks)
            return
        case Kind.GOTO | Kind.RETURN if loop:
            loop.exits.append(node)
        case Kind.BREAK if breaks:
            breaks.exits.append(node)
        case Kind.STATIC_ASSERT | Kind.TYPE_ALIAS | Kind.TYPEDEF | Kind.REFERENCE | Kind.INTEGER:
            return
        case Kind.TYPE_NAME | Kind.TEMPLATE_NAME | Kind.NAMESPACE_NAME:
            return
        case _:
            pass
    for child in node.children:
        _walk(function, child, loop, breaks)


def _taken(condition: Node) -> tuple[Node, ...] | None:
    """The branch that an `if` on a constant takes; None if it is not on a constant. Of one that an
    instance of a template does not take, clang keeps an empty block."""
    value = condition.children[0].constant
    if value is None:
        return None
    return condition.children[1:2] if value else condition.children[2:3]
