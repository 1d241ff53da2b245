"""A frame on its way through a function whose later layers are still being rounded."""

from dataclasses import dataclass, field

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.interpreter import PythonValues
from xdsl.ir import Operation, SSAValue

from ...backends.interpreter import make_interpreter
from ...dialects.tensors import array_of
from ...runtime.arithmetic import Array


@dataclass
class Execution:
    """What the first ops of a function made of a frame [1, C, H, W]. The function may be exchanged
    for one with other constants between two calls, as long as its ops are the same."""

    frame: Array
    _done: int = 0
    _results: dict[int, PythonValues] = field(default_factory=dict[int, PythonValues])

    def input_of(self, layer: Operation) -> Array:
        """Runs all ops in front of a layer that have not run, and gives its first operand."""
        function = layer.parent_op()
        assert isinstance(function, FuncOp)
        module = function.parent_op()
        assert isinstance(module, ModuleOp)
        ops = list(function.body.block.ops)
        number = {op: i for i, op in enumerate(ops)}

        def value_of(value: SSAValue) -> Array:
            if isinstance(value.owner, ConstantOp):
                return array_of(value)
            if isinstance(value.owner, Operation):
                return self._results[number[value.owner]][value.owner.results.index(value)]
            return self.frame

        interpreter = make_interpreter(module)
        for i in range(self._done, number[layer]):
            if isinstance(ops[i], ConstantOp):
                continue
            inputs = tuple(value_of(operand) for operand in ops[i].operands)
            self._results[i] = interpreter.run_op(ops[i], inputs)
        self._done = max(self._done, number[layer])
        self._forget(ops, number)
        return value_of(layer.operands[0])

    def _forget(self, ops: list[Operation], number: dict[Operation, int]) -> None:
        """Drops what no op reads that is still to run."""
        for i in list(self._results):
            uses = [number[use.operation] for value in ops[i].results for use in value.uses]
            if max(uses, default=-1) < self._done:
                del self._results[i]
