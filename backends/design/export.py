"""The integer program of a module for the runtime, which knows no IR."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IntegerType, ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue

from ...dialects import gdn, nn, quant
from ...dialects.gdn import Norm
from ...dialects.gdn_cores import core_of, number_of
from ...dialects.tensors import array_of, is_signed, shape_of, type_of
from ...runtime import steps
from ...runtime.arithmetic import Array
from ...runtime.formats import Format
from ...runtime.gdn import all_factors
from ...runtime.gdn_cores import built_in_cores, form_of
from ...runtime.program import Boundary, Function, IntegerProgram, Node


def export_codec(design: ModuleOp, whole: ModuleOp) -> IntegerProgram:
    """The program of a design, and with it the functions of the `whole` codec that the design left
    out: so that any machine decodes what a lone encoder codes. `ValueError` for an op that has no
    step."""
    return IntegerProgram({**export_program(whole).functions, **export_program(design).functions})


def export_program(module: ModuleOp) -> IntegerProgram:
    """The functions of an integer-level module as steps; `ValueError` for an op that has none."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    return IntegerProgram({op.sym_name.data: _Exporter(op).function() for op in functions})


@dataclass
class _Exporter:
    """Numbers the values of one function, and lists its nodes."""

    source: FuncOp
    numbers: dict[SSAValue, int] = field(default_factory=dict[SSAValue, int])
    nodes: list[Node] = field(default_factory=list[Node])

    def function(self) -> Function:
        """The function as steps."""
        argument, terminator = self.source.args[0], self.source.get_return_op()
        assert terminator is not None
        result = terminator.operands[0]
        self.numbers[argument] = 0
        for op in self.source.body.block.ops:
            if not isinstance(op, ConstantOp | ReturnOp) and _follower(op) is None:
                self.add(op)
        if self.numbers[result] != len(self.nodes):
            raise ValueError(f"@{self.source.sym_name.data} must return what its last op gives")
        sizes = sorted(shape_of(value)[2] for value in (argument, result))
        stride = sizes[1] // sizes[0]
        return Function(_boundary(argument), _boundary(result), stride, tuple(self.nodes))

    def add(self, op: Operation) -> None:
        """Appends the node of an op; a convolution that it follows is part of it."""
        step, operands = _step(op), op.operands
        before = op.operands[0].owner
        if isinstance(before, Operation) and _follower(before) is op:
            assert isinstance(step, steps.Requantize)
            step, operands = replace(_convolution(before), then=step), before.operands
        self.nodes.append(Node(step, self.inputs(operands)))
        self.numbers[op.results[0]] = len(self.nodes)

    def inputs(self, operands: Sequence[SSAValue]) -> tuple[int, ...]:
        """The numbers of the operands that are no constants."""
        return tuple(self.numbers[value] for value in operands if value in self.numbers)


def _follower(op: Operation) -> Operation | None:
    """The requantisation that alone reads a convolution."""
    if not isinstance(op, nn.Conv2dOp | nn.ConvTranspose2dOp):
        return None
    uses = list(op.result.uses)
    alone = len(uses) == 1 and isinstance(uses[0].operation, quant.RequantizeOp)
    return uses[0].operation if alone else None


def _step(op: Operation) -> steps.Step:
    match op:
        case nn.Conv2dOp() | nn.ConvTranspose2dOp():
            return _convolution(op)
        case quant.RequantizeOp():
            return _requantize(op)
        case quant.OffsetOp():
            shift = op.shift.value.data
            return steps.Offset(array_of(op.offset), shift, _format(op.result))
        case gdn.CoreOp():
            return _normalize(op)
        case nn.AbsOp():
            return steps.Absolute(_format(op.result))
        case nn.AddOp():
            return steps.Add(_format(op.result))
        case _:
            raise ValueError(f"{op.name} has no step in the integer program of the runtime")


def _convolution(op: Operation) -> steps.Convolve:
    assert isinstance(op, nn.Conv2dOp | nn.ConvTranspose2dOp)
    if op.bias is not None:
        raise ValueError(f"{op.layer.data}: a convolution in integers has no bias of its own")
    window = op.window
    weight, sums = array_of(op.weight), _format(op.result)
    return steps.Convolve(weight, window.stride, window.padding, window.transposed, sums, None)


def _requantize(op: quant.RequantizeOp) -> steps.Requantize:
    negative = None if op.negative is None else array_of(op.negative)
    constants = array_of(op.bias), array_of(op.multiplier), negative
    return steps.Requantize(*constants, op.shift.value.data, _format(op.result))


def _normalize(op: gdn.CoreOp) -> steps.Normalize:
    l2, inverse = op.norm.data is Norm.L2, bool(op.inverse.value.data)
    core, form = core_of(op), form_of(l2, inverse)
    factors: Array | None = None
    if core.name not in built_in_cores() and form is not None:
        factors = all_factors(core.approximation(form).evaluate, form).astype(np.int32)
    return steps.Normalize(
        array_of(op.beta),
        array_of(op.gamma),
        array_of(op.multiplier),
        op.shift.value.data,
        l2,
        inverse,
        number_of(op, "drop", 0),
        core.name,
        factors,
        _format(op.result),
    )


def _boundary(value: SSAValue) -> Boundary:
    return Boundary(shape_of(value)[1], _format(value))


def _format(value: SSAValue) -> Format:
    element = type_of(value).element_type
    assert isinstance(element, IntegerType)
    return Format(element.width.data, is_signed(element))
