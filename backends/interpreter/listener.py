"""Looks over the interpreter's shoulder."""

from collections.abc import Callable
from dataclasses import dataclass

from xdsl.interpreter import Interpreter, PythonValues
from xdsl.ir import Operation, SSAValue

from ...runtime.arithmetic import Array


@dataclass
class Listener(Interpreter.Listener):
    """Calls `observe` with every value that an op computes, and the array it holds."""

    observe: Callable[[SSAValue, Array], None]

    def did_interpret_op(self, op: Operation, results: PythonValues) -> None:
        """Passes each result of an op on."""
        for value, result in zip(op.results, results, strict=True):
            self.observe(value, result)
