"""Functions on their own."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp


def alone(function: FuncOp) -> ModuleOp:
    """A copy of a function in a module that has nothing else but the attributes of the function's
    own, on which its ops may rely."""
    parent = function.parent_op()
    attributes = dict(parent.attributes) if isinstance(parent, ModuleOp) else {}
    return ModuleOp([function.clone()], attributes)
