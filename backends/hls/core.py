"""An IP core: what a function of the stream level consists of, with a C name for everything."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import IntegerType, ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import Operation, SSAValue

from ...dialects.stream import Actor
from ...dialects.stream_types import FifoType, WindowsType
from .errors import HlsError
from .kernels import Kernel, Struct, axis, kernel_of
from .names import Names


@dataclass(frozen=True)
class Fifo:
    """A FIFO of `depth` words of `lanes` integers."""

    name: str
    element: IntegerType
    lanes: int
    depth: int


@dataclass(frozen=True)
class Process:
    """A kernel at work: the name of its configuration, and the streams it reads and writes."""

    name: str
    kernel: Kernel
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def rom(self, name: str) -> str:
        """The C name of one of the kernel's ROMs."""
        return f"{self.name}_{name}"


@dataclass(frozen=True)
class Core:
    """An IP core: the function it was, its C name, its frames, FIFOs and processes.

    The first process reads the AXI4-Stream `in`, the last one writes `out`.
    """

    function: str
    name: str
    input: FifoType
    output: FifoType
    fifos: tuple[Fifo, ...]
    processes: tuple[Process, ...]


def own_structs(cores: Iterable[Core]) -> list[Struct]:
    """The structs of kernels that no header of licc's defines, each once, by their names."""
    found = {
        value.name: value
        for core in cores
        for process in core.processes
        for value in process.kernel.fields.values()
        if isinstance(value, Struct) and value.header
    }
    return [found[name] for name in sorted(found)]


def cores_of(module: ModuleOp) -> tuple[Core, ...]:
    """One core for each function; `HlsError` if the module is not at the stream level."""
    names = Names()
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    if not functions:
        raise HlsError("the module has no function to make an IP core of")
    return tuple(_Builder(function, names).core() for function in functions)


@dataclass
class _Builder:
    """Names the FIFOs of one function, and lists its processes."""

    function: FuncOp
    tops: Names
    names: Names = field(default_factory=Names)
    fifos: dict[SSAValue, Fifo] = field(default_factory=dict[SSAValue, Fifo])
    processes: list[Process] = field(default_factory=list[Process])

    def core(self) -> Core:
        """The core of the function."""
        top = self.tops.claim(self.function.sym_name.data)
        self.names.claim(top)
        source, result = self.boundary()
        self.process(f"{top} read_axis", Kernel("read_axis", axis(frame_type(source))), (), source)
        for op in self.function.body.block.ops:
            if not isinstance(op, ConstantOp | ReturnOp):
                self.actor(op)
        self.process(f"{top} write_axis", Kernel("write_axis", axis(frame_type(result))), (result,))
        return Core(
            self.function.sym_name.data,
            top,
            frame_type(source),
            frame_type(result),
            tuple(self.fifos.values()),
            tuple(self.processes),
        )

    def boundary(self) -> tuple[SSAValue, SSAValue]:
        """The one argument and the one result of the function, both FIFOs."""
        name = self.function.sym_name.data
        terminator = self.function.get_return_op()
        results = terminator.operands if terminator else ()
        if len(self.function.args) != 1 or len(results) != 1:
            raise HlsError(f"@{name} must take one frame and return one to be an IP core")
        (source,), (result,) = self.function.args, results
        for value in (source, result):
            if not isinstance(value.type, FifoType):
                raise HlsError(
                    f"@{name} is not at the stream level: {value.type} is no FIFO; "
                    "run lower-to-stream first"
                )
        if len(list(source.uses)) != 1:
            raise HlsError(f"@{name}: a FIFO has one reader, found {len(list(source.uses))}")
        return source, result

    def actor(self, op: Operation) -> None:
        """Adds the process of an actor."""
        kernel = kernel_of(op)
        layer = op.layer.data if isinstance(op, Actor) else ""
        inputs = [value for value in op.operands if value in self.fifos]
        self.process(f"{layer} {kernel.template}", kernel, tuple(inputs), *op.results)

    def process(
        self, name: str, kernel: Kernel, inputs: tuple[SSAValue, ...], *outputs: SSAValue
    ) -> None:
        """Adds a process, and the FIFOs it writes."""
        name = self.names.claim(name)
        for value in outputs:
            self.fifos[value] = self.fifo(name, value)
        read = tuple(self.fifos[value].name for value in inputs) or ("in",)
        written = tuple(self.fifos[value].name for value in outputs) or ("out",)
        self.processes.append(Process(name, kernel, read, written))

    def fifo(self, writer: str, value: SSAValue) -> Fifo:
        """The FIFO of a value."""
        name = self.names.claim(f"{writer}_out")
        match value.type:
            case FifoType() as fifo:
                return Fifo(name, fifo.frame.element_type, fifo.lanes, fifo.depth)
            case WindowsType() as windows:
                return Fifo(name, windows.frame.element_type, windows.word_lanes, windows.depth)
            case other:
                raise HlsError(f"{writer}: expected a FIFO of the stream level, found {other}")


def frame_type(value: SSAValue) -> FifoType:
    """The type of a FIFO at the boundary of a function."""
    assert isinstance(value.type, FifoType)
    return value.type
