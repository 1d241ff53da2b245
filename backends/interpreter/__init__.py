"""Runs the functions of a module on NumPy frames, at every level of the IR: the bit-exact
reference of everything that licc prints."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.interpreter import Interpreter
from xdsl.interpreters.func import FuncFunctions

from ...runtime.arithmetic import Array
from .listener import Listener
from .nn import ConstantFunctions, NnFunctions
from .normalization import GdnFunctions
from .quantization import QuantFunctions
from .stream import StreamFunctions
from .torch import TorchFunctions

__all__ = ["Listener", "function_names", "make_interpreter", "run"]


def function_names(module: ModuleOp) -> tuple[str, ...]:
    """The names of a module's functions, in their order."""
    from xdsl.dialects.func import FuncOp

    return tuple(op.sym_name.data for op in module.ops if isinstance(op, FuncOp))


def run(module: ModuleOp, function: str, frame: Array, listener: Listener | None = None) -> Array:
    """The result of one function of a module.

    frame [1, C, H, W]: float32 for a float program, any integer dtype for an integer one. H and W
    need not be those of the function's type: every op takes the size of the frame it is given.
    `ValueError` if there is no such function.
    """
    if function not in (names := function_names(module)):
        raise ValueError(f"the module has no function @{function}; it has {', '.join(names)}")
    interpreter = make_interpreter(module, (listener,) if listener else ())
    (result,) = interpreter.call_op(function, (frame,))
    return result


def make_interpreter(module: ModuleOp, listeners: tuple[Listener, ...] = ()) -> Interpreter:
    """An interpreter that knows the ops of every level."""
    interpreter = Interpreter(module, listeners=listeners)
    for functions in (
        ConstantFunctions(),
        FuncFunctions(),
        GdnFunctions(),
        NnFunctions(),
        QuantFunctions(),
        StreamFunctions(),
        TorchFunctions(),
    ):
        interpreter.register_implementations(functions)
    return interpreter
