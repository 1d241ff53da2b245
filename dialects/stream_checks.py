"""What the verifiers of the stream dialect share: FIFO types, frames, engines and packing."""

from xdsl.dialects.builtin import IntegerAttr
from xdsl.ir import Operation, SSAValue
from xdsl.utils.exceptions import VerifyException

from .drain import fewest_steps, set_words
from .nn import verify_window
from .packing import PackingAttr, longest_chain, sums_of
from .stream_types import FifoType, Multiplier, WindowAttr, WindowsType, ceil_div
from .tensors import shape_of


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
    if (columns := geometry.grid_size(windows.frame.get_shape()[3])) % windows.pixels:
        raise VerifyException(
            f"{name}: {columns} pixels of a row cannot be taken {windows.pixels} at a time"
        )


def verify_outputs(name: str, outputs: IntegerAttr | None, fifo: FifoType) -> int:
    """Channels summed up side by side: those of a word of the result, or a multiple of them."""
    if outputs is None:
        return fifo.lanes
    if (found := outputs.value.data) < 1 or found % fifo.lanes:
        raise VerifyException(
            f"{name}: outputs must be a multiple of the result's {fifo.lanes} lanes, found {found}"
        )
    return found


def verify_array(
    name: str, window: WindowAttr, input: SSAValue, weight: SSAValue, result: SSAValue, po: int
) -> None:
    """The contract of a multiply–accumulate array that makes `po` channels side by side: shapes and
    repetition agree, and its words leave in time."""
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
    if windows.repeat != ceil_div(outputs, po):
        raise VerifyException(
            f"{name}: {po} of {outputs} output channels at a time need the window "
            f"{ceil_div(outputs, po)} times, found repeat = {windows.repeat}"
        )
    if windows.pixels > 1 and windows.repeat > 1:
        raise VerifyException(
            f"{name}: {windows.pixels} pixels at a time need all {outputs} output channels side by "
            f"side, found {po}"
        )
    leaving = set_words(geometry, windows.pixels, outputs, po, fifo.lanes)
    steps = fewest_steps(geometry, windows.taps, windows.pixels, windows.groups)
    verify_drain(name, leaving, steps)


def verify_drain(name: str, leaving: int, steps: int) -> None:
    """All words of a set of sums leave before the next set is there."""
    if leaving > steps:
        raise VerifyException(
            f"{name}: what {steps} steps sum up must leave in as many words, found {leaving}"
        )


def verify_packing(
    name: str,
    packing: PackingAttr | None,
    multiplier: Multiplier,
    window: WindowAttr,
    weight: SSAValue,
    windows: WindowsType,
    po: int,
) -> None:
    """Products that share a DSP slice: factors that fit its ports, lanes and pixels that can be
    joined, and a chain that is proven for the weights at hand."""
    if packing is None:
        return
    form = packing.packing
    if multiplier is not Multiplier.DSP:
        raise VerifyException(f"{name}: products in LUTs do not share a DSP slice")
    if po % form.outputs or windows.pixels % form.pixels:
        raise VerifyException(
            f"{name}: packing joins {form.outputs} outputs and {form.pixels} pixels, found {po} "
            f"and {windows.pixels}"
        )
    activation = windows.frame.element_type
    sums = sums_of(weight, window.window.transposed)
    longest = longest_chain(form, sums, activation)
    if longest == 0:
        raise VerifyException(
            f"{name}: weights up to {sums[0]} and activations {activation} are too large for "
            f"{form.products} products in a DSP slice"
        )
    if not 1 <= packing.chain <= longest:
        raise VerifyException(
            f"{name}: packing chain must be in 1..{longest}, found {packing.chain}"
        )
