"""The scopes of a file: which block a pragma stands in, whose block it is, and the names in it.

Scopes are those of the text: of a template, and of both branches of an `if constexpr`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .cursors import Node, Place
from .kinds import Kind
from .parser import Parsed

FUNCTIONS = (
    Kind.FUNCTION,
    Kind.METHOD,
    Kind.CONSTRUCTOR,
    Kind.DESTRUCTOR,
    Kind.CONVERSION,
    Kind.FUNCTION_TEMPLATE,
)
GROUPS = (
    Kind.STRUCT,
    Kind.CLASS,
    Kind.CLASS_TEMPLATE,
    Kind.PARTIAL_SPECIALIZATION,
    Kind.NAMESPACE,
    Kind.LINKAGE,
    Kind.OTHER_DECLARATION,
)


@dataclass(eq=False)
class Scope:
    """A block `{ }`, from `start` to `end` of `file`; `owner` is the function, the loop or the
    statement that it is the body of, `names` what it declares and where."""

    file: str
    start: int
    end: int
    owner: Node
    parent: "Scope | None"
    names: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])
    inner: "list[Scope]" = field(default_factory=list["Scope"])

    def around(self, place: Place) -> "Scope":
        """The innermost scope around a place in this one."""
        for scope in self.inner:
            if scope.start <= place.offset < scope.end:
                return scope.around(place)
        return self

    def declares(self, name: str, offset: int) -> bool:
        """Whether a name is known at a place in this scope."""
        scope: Scope | None = self
        while scope is not None:
            if any(known == name and where <= offset for known, where in scope.names):
                return True
            scope = scope.parent
        return False


@dataclass(eq=False)
class Scopes:
    """The bodies of all functions of `files`, by file, and the names outside of them."""

    files: set[str] = field(default_factory=set[str])
    bodies: dict[str, list[Scope]] = field(default_factory=dict[str, list[Scope]])
    outside: set[str] = field(default_factory=set[str])

    def at(self, place: Place) -> Scope | None:
        """The innermost scope around a place; None outside of functions."""
        for scope in self.bodies.get(place.file, ()):
            if scope.start <= place.offset < scope.end:
                return scope.around(place)
        return None


def add_scopes(scopes: Scopes, parsed: Parsed, files: Iterable[str]) -> None:
    """Adds those files of a translation unit that are not there yet."""
    new = set(files) - scopes.files
    scopes.files |= new
    for node in parsed.root.children:
        if node.place.file in new:
            _outside(node, scopes)


def _outside(node: Node, scopes: Scopes) -> None:
    """Adds the functions and names of a declaration outside of functions."""
    if node.kind in FUNCTIONS:
        if scope := _function(node):
            scopes.bodies.setdefault(scope.file, []).append(scope)
    elif node.kind in (Kind.VARIABLE, Kind.FIELD):
        scopes.outside.add(node.name)
    elif node.kind in GROUPS:
        for child in node.children:
            _outside(child, scopes)


def _function(node: Node) -> Scope | None:
    body = body_of(node)
    if body is None:
        return None
    scope = Scope(*body.extent, node, None)
    scope.names.extend((n.name, -1) for n in node.children if n.kind == Kind.PARAMETER)
    _fill(scope, body.children)
    return scope


def body_of(node: Node) -> Node | None:
    """The body of a function or a loop: its last block."""
    return next((n for n in reversed(node.children) if n.kind == Kind.COMPOUND), None)


def _fill(scope: Scope, nodes: Iterable[Node]) -> None:
    """Adds the names and the inner scopes of the statements of a block."""
    for node in nodes:
        if node.kind == Kind.VARIABLE:
            scope.names.append((node.name, node.place.offset))
        for inner, owner in _blocks(node):
            child = Scope(*inner.extent, owner, scope)
            scope.inner.append(child)
            _fill(child, inner.children)
        if node.kind == Kind.DECLARATION:
            _fill(scope, node.children)


def _blocks(node: Node) -> Iterator[tuple[Node, Node]]:
    """The outermost blocks in a statement, each with what it is the body of."""
    if node.kind == Kind.COMPOUND:
        yield node, node
        return
    for child in node.children:
        if child.kind == Kind.COMPOUND:
            yield child, node
        else:
            yield from _blocks(child)
