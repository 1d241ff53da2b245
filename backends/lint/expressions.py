"""What stands in an expression, below the conversions that C++ puts around it."""

from .cursors import Node
from .kinds import NAMES, Kind

TRANSPARENT = (Kind.IMPLICIT, Kind.PARENTHESES, Kind.FUNCTIONAL_CAST)


def bare(node: Node) -> Node:
    """An expression without conversions and parentheses around it."""
    while node.kind in TRANSPARENT or (node.kind == Kind.CALL and not node.operator):
        inner = [child for child in node.children if child.kind not in NAMES]
        if len(inner) != 1 or (node.kind == Kind.CALL and inner[0].name == node.name):
            break
        node = inner[0]
    return node


def operands(node: Node) -> list[Node]:
    """The operands of an operator; one that is a function stands among its own operands."""
    return [
        child
        for child in map(bare, node.children)
        if not (node.kind == Kind.CALL and child.kind == Kind.REFERENCE and child.name == node.name)
    ]


def variable_of(node: Node) -> Node | None:
    """The variable or parameter that an expression is, and nothing else."""
    found = bare(node)
    if found.kind != Kind.REFERENCE or found.referenced is None:
        return None
    known = found.referenced
    return known if known.kind in (Kind.VARIABLE, Kind.PARAMETER) else None


def refers_to(node: Node, key: str) -> bool:
    """Whether an expression is the variable with that key."""
    variable = variable_of(node)
    return variable is not None and variable.key == key
