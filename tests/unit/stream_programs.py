"""Small stream programs as `lower-to-stream` gives them, with weights that do not matter."""

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import BoolAttr, IntegerAttr, IntegerType, ModuleOp, StringAttr, i64
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Block, Operation, Region, SSAValue
from xdsl.rewriter import Rewriter

from licc.dialects import stream
from licc.dialects.engine import element_of
from licc.dialects.gdn import Norm, NormAttr
from licc.dialects.stream_checks import fifo_type
from licc.dialects.stream_types import FifoType, IntegerTensor, WindowAttr, WindowsType
from licc.dialects.tensors import constant, integer_range, integer_type, shape_of
from licc.dialects.window import Window

I8, UI8, I12, I16 = integer_type(8), integer_type(8, False), integer_type(12), integer_type(16)


def frame(channels: int, height: int, width: int, element: IntegerType = I8) -> IntegerTensor:
    """`tensor<1 x channels x height x width x element>`."""
    return IntegerTensor(element, (1, channels, height, width))


class Program:
    """A function under construction; `value` is the FIFO that the next layer reads."""

    def __init__(
        self, name: str, channels: int, height: int, width: int, element: IntegerType = I8
    ):
        self.name = name
        self.block = Block(arg_types=[FifoType(frame(channels, height, width, element), 1)])
        self.value: SSAValue = self.block.args[0]
        self.layers = 0

    def add(self, op: Operation) -> SSAValue:
        self.block.add_op(op)
        return op.results[0]

    def rom(self, *shape: int, bits: int = 32, signed: bool = True) -> SSAValue:
        return self.add(constant(np.ones(shape, np.int64), integer_type(bits, signed)))

    def next_layer(self) -> StringAttr:
        self.layers += 1
        return StringAttr(f"{self.name}.{self.layers - 1}")

    def shape(self) -> tuple[int, int, int]:
        _, channels, height, width = fifo_type(self.value).frame.get_shape()
        return channels, height, width

    def conv(
        self,
        outputs: int,
        kernel: int = 3,
        stride: int = 1,
        transposed: bool = False,
        element: IntegerType = I8,
        weight_bits: int = 8,
    ) -> "Program":
        """A convolution with the padding of kernel // 2, and its requantiser."""
        inputs, height, width = self.shape()
        window, layer = Window(kernel, stride, kernel // 2, transposed), self.next_layer()
        properties = {"layer": layer, "window": WindowAttr(window)}
        windows = WindowsType(fifo_type(self.value).frame, 1, 1, outputs)
        buffer = self.add(
            stream.LineBufferOp.create(
                operands=[self.value], properties=properties, result_types=[windows]
            )
        )
        channels = (inputs, outputs) if transposed else (outputs, inputs)
        weight = self.rom(*channels, kernel, kernel, bits=weight_bits)
        size = (window.output_size(height), window.output_size(width))
        sums = FifoType(frame(outputs, *size, integer_type(22)), 1)
        mac = self.add(
            stream.MacOp.create(
                operands=[buffer, weight], properties=properties, result_types=[sums]
            )
        )
        return self.requantize(mac, layer, element)

    def requantize(self, value: SSAValue, layer: StringAttr, element: IntegerType) -> "Program":
        """A requantiser behind any FIFO."""
        _, channels, *size = fifo_type(value).frame.get_shape()
        self.value = self.add(
            stream.RequantizeOp.create(
                operands=[value, self.rom(channels, bits=16), self.rom(channels)],
                properties={"layer": layer, "shift": IntegerAttr(20, i64)},
                result_types=[FifoType(frame(channels, *size, element), 1)],
            )
        )
        return self

    def normalize(self, element: IntegerType = I8, norm: Norm = Norm.L2) -> "Program":
        """A GDN core."""
        channels, height, width = self.shape()
        self.value = self.add(
            stream.NormalizeOp.create(
                operands=[
                    self.value,
                    self.rom(channels, bits=48),
                    self.rom(channels, channels, bits=17, signed=False),
                    self.rom(channels),
                ],
                properties={
                    "layer": self.next_layer(),
                    "norm": NormAttr(norm),
                    "inverse": BoolAttr.from_bool(False),
                    "shift": IntegerAttr(30, i64),
                },
                result_types=[FifoType(frame(channels, height, width, element), 1)],
            )
        )
        return self

    def fork(self) -> tuple[SSAValue, SSAValue]:
        """Two copies of the FIFO."""
        type = self.value.type
        op = stream.ForkOp.create(
            operands=[self.value],
            properties={"layer": self.next_layer()},
            result_types=[type, type],
        )
        self.block.add_op(op)
        return op.first, op.second

    def join(self, lhs: SSAValue, rhs: SSAValue) -> "Program":
        """Adds two FIFOs."""
        channels, height, width = self.shape()
        self.value = self.add(
            stream.AddOp.create(
                operands=[lhs, rhs],
                properties={"layer": self.next_layer()},
                result_types=[FifoType(frame(channels, height, width, integer_type(9)), 1)],
            )
        )
        return self

    def done(self) -> FuncOp:
        """The function."""
        self.block.add_op(ReturnOp(self.value))
        types = ([argument.type for argument in self.block.args], [self.value.type])
        return FuncOp(self.name, types, Region(self.block))


def module(*programs: Program) -> ModuleOp:
    """A verified module of programs."""
    found = ModuleOp([program.done() for program in programs])
    found.verify()
    return found


def residual(program: Program, kernels: tuple[int, ...], normalized: bool = False) -> Program:
    """x + branch(x), with a convolution for each kernel, and a GDN core if `normalized`."""
    channels, _, _ = program.shape()
    skip, program.value = program.fork()
    for kernel in kernels:
        program.conv(channels, kernel)
    if normalized:
        program.normalize()
    return program.join(program.value, skip)


def largest_weights(program: ModuleOp) -> ModuleOp:
    """The program with every weight of a convolution about as large as its type allows, so that
    products share DSP slices only where they do whatever the weights are."""
    return drawn(program, (-1, -2))


def small_weights(program: ModuleOp) -> ModuleOp:
    """The program with weights of -1, 0 and 1: they matter to nothing but the memories that hold
    them, since constants that are the same in all words take none."""
    return drawn(program, (0, 1))


def drawn(program: ModuleOp, sizes: tuple[int, int]) -> ModuleOp:
    """The program with weights of these sizes, below 0 from the largest one of their type
    downwards, of either sign; and with γ of all its bits."""
    rng = np.random.default_rng(0)
    for op in program.walk():
        if not isinstance(op, ConstantOp) or len(shape_of(op.result)) not in (2, 4):
            continue
        shape, element = shape_of(op.result), element_of(op.result)
        most = integer_range(element)[1]
        if len(shape) == 2:
            values = rng.integers(1, most + 1, shape)
        else:
            chosen = [most + 1 + size if size < 0 else size for size in sizes]
            values = rng.choice(chosen, shape) * rng.choice([-1, 1], shape)
        Rewriter.replace_op(op, constant(values, element))
    return program


def analysis(n: int, m: int, width: int, height: int) -> Program:
    """The analysis transform of a model with N and M channels."""
    program = Program("g_a", 3, height, width, UI8)
    for _ in range(3):
        program.conv(n, 5, 2, element=I12).normalize()
    return program.conv(m, 5, 2, element=I16)


def hyperprior(n: int, m: int, width: int, height: int) -> ModuleOp:
    """The four transforms of a scale hyperprior."""
    latent = (m, height // 16, width // 16)
    decoder = Program("g_s", *latent, I16)
    for _ in range(3):
        decoder.conv(n, 5, 2, transposed=True, element=I12).normalize()
    small = (-(-latent[1] // 4), -(-latent[2] // 4))
    hyper = Program("h_a", m, 4 * small[0], 4 * small[1], I16)
    hyper.conv(n, 3).conv(n, 5, 2).conv(n, 5, 2, element=I16)
    scales = Program("h_s", n, *small, I16)
    scales.conv(n, 5, 2, transposed=True).conv(n, 5, 2, transposed=True).conv(m, 3, element=I16)
    encoder = analysis(n, m, width, height)
    return module(encoder, decoder.conv(3, 5, 2, transposed=True), hyper, scales)
