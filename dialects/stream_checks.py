"""What the verifiers of the stream dialect share: FIFO types, frames, engines and packing."""

from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import VerifyException
from xdsl.utils.hints import isa

from .nn import verify_window
from .stream_types import FifoType, IntegerTensor, PackingAttr, WindowAttr, WindowsType, ceil_div
from .tensors import integer_range, shape_of

PACKED_BITS = 18


def fifo_type(value: SSAValue) -> FifoType:
    """The type of a value that is a FIFO; `ValueError` if it is none."""
    if not isinstance(value.type, FifoType):
        raise ValueError(f"expected a stream.fifo, found {value.type}")
    return value.type


def windows_type(value: SSAValue) -> WindowsType:
    """The type of a value that is a FIFO of windows; `ValueError` if it is none."""
    if not isinstance(value.type, WindowsType):
        raise ValueError(f"expected stream.windows, found {value.type}")
    return value.type


def verify_single_readers(op: Operation) -> None:
    """Raises unless every result is read exactly once."""
    for result in op.results:
        if (readers := len(list(result.uses))) != 1:
            raise VerifyException(f"{op.name}: a FIFO has one reader, found {readers}")


def verify_same_frame(name: str, lanes: bool, *values: SSAValue) -> None:
    """Raises unless all FIFOs carry frames of one shape, and with `lanes` in words of one width."""
    types = [fifo_type(value) for value in values]
    if len({type.frame.get_shape() for type in types}) != 1:
        raise VerifyException(f"{name}: expected frames of one shape, found {types}")
    if lanes and len({type.lanes for type in types}) != 1:
        raise VerifyException(
            f"{name}: expected words of one width, found lanes {[type.lanes for type in types]}"
        )


def verify_line_buffer(name: str, window: WindowAttr, input: SSAValue, result: SSAValue) -> None:
    """The contract of a line buffer: windows of the frame that flows in, with all taps or one."""
    fifo, windows, geometry = fifo_type(input), windows_type(result), window.window
    verify_window(name, geometry)
    if (fifo.frame, fifo.lanes) != (windows.frame, windows.lanes):
        raise VerifyException(f"{name}: {windows} are not windows of {fifo}")
    if windows.taps not in (1, geometry.most_taps):
        raise VerifyException(
            f"{name}: taps must be 1 or {geometry.most_taps}, found {windows.taps}"
        )


def longest_chain(weight: IntegerType, activation: IntegerType) -> int:
    """How many products of the two types fit the low field of a packed sum; 0 if none does.

    Proof: with |w · x| at most p, the sum of n products stays in [-2^17, 2^17) while n · p < 2^17.
    """
    largest = max(abs(v) for v in integer_range(weight)) * max(
        abs(v) for v in integer_range(activation)
    )
    if weight.width.data > 8 or activation.width.data > 8:
        return 0
    return ((1 << (PACKED_BITS - 1)) - 1) // largest


def verify_engine(
    name: str,
    window: WindowAttr,
    packing: PackingAttr | None,
    input: SSAValue,
    weight: SSAValue,
    result: SSAValue,
) -> None:
    """The contract of a multiply–accumulate array: shapes, repetition and packing agree."""
    windows, fifo, geometry = windows_type(input), fifo_type(result), window.window
    verify_window(name, geometry)
    shape = shape_of(weight)
    if len(shape) != 4 or shape[2:] != (geometry.kernel, geometry.kernel):
        raise VerifyException(
            f"{name}: a window of kernel {geometry.kernel} does not fit the weight {shape}"
        )
    inputs, outputs = shape[:2] if geometry.transposed else (shape[1], shape[0])
    frame = windows.frame.get_shape()
    expected = (1, outputs, *(geometry.output_size(size) for size in frame[2:]))
    if inputs != frame[1] or fifo.frame.get_shape() != expected:
        raise VerifyException(
            f"{name}: weight {shape} and frame {frame} give {expected}, "
            f"found {fifo.frame.get_shape()}"
        )
    if windows.repeat != ceil_div(outputs, fifo.lanes):
        raise VerifyException(
            f"{name}: {fifo.lanes} of {outputs} output channels at a time need the window "
            f"{ceil_div(outputs, fifo.lanes)} times, found repeat = {windows.repeat}"
        )
    if packing is not None:
        verify_packing(name, packing, weight, windows, fifo)


def verify_packing(
    name: str, packing: PackingAttr, weight: SSAValue, windows: WindowsType, fifo: FifoType
) -> None:
    """Two products fit one DSP slice: 8 bits each, an even number of lanes, a proven chain."""
    if not isa(weight.type, IntegerTensor):
        raise VerifyException(f"{name}: weight must be an integer tensor, found {weight.type}")
    longest = longest_chain(weight.type.element_type, windows.frame.element_type)
    if longest == 0 or fifo.lanes % 2:
        raise VerifyException(
            f"{name}: packing needs 8-bit factors and an even number of lanes, found "
            f"{weight.type.element_type}, {windows.frame.element_type} and {fifo.lanes}"
        )
    if not 1 <= packing.chain <= longest:
        raise VerifyException(
            f"{name}: packing chain must be in 1..{longest}, found {packing.chain}"
        )
