"""Which kernel template computes an actor, and with which configuration: one function per op.

The headers in include/licc say what each field means. Nothing is decided here: every number is one
of the op, of its types, or of its constants.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Operation, SSAValue

from ...dialects import stream
from ...dialects.engine import convolution_parallelism, normalize_parallelism
from ...dialects.gdn import NORM_BITS, Norm
from ...dialects.gdn_cores import core_of, number_of
from ...dialects.gdn_products import live_products
from ...dialects.packing import Packing
from ...dialects.roms import gamma_rom, vector_rom, weight_rom
from ...dialects.schedule import cycles
from ...dialects.stream_checks import fifo_type, windows_type
from ...dialects.stream_types import FifoType, Memory, Multiplier, WindowAttr, WindowsType
from ...dialects.tensors import Array, array_of, type_of
from .errors import HlsError


@dataclass(frozen=True)
class Struct:
    """A struct of namespace licc, and the text of `licc/<name>.h` that defines it, empty for what
    licc's own headers define."""

    name: str
    header: str = ""


Field: TypeAlias = IntegerType | Memory | Multiplier | Norm | Struct | Array | bool | int

MOST_CYCLES = (1 << 31) - 1


@dataclass(frozen=True)
class Kernel:
    """`licc::<template><Cfg>`: the fields of Cfg and, in the order of its parameters, the ROMs."""

    template: str
    fields: Mapping[str, Field]
    roms: Mapping[str, Array] = field(default_factory=dict[str, Array])


def kernel_of(op: Operation) -> Kernel:
    """The kernel of an actor; `HlsError` for an op that is none, or that counts beyond 31 bits."""
    if not isinstance(op, stream.Actor):
        raise HlsError(
            f"{op.name} is no actor; the hls backend prints the stream level (lower-to-stream)"
        )
    if (steps := cycles(op)) > MOST_CYCLES:
        raise HlsError(
            f"{op.layer.data}: {op.name} takes {steps} cycles a frame, the C++ counts to "
            f"{MOST_CYCLES}; give it more lanes (balance-pipeline)"
        )
    match op:
        case stream.LineBufferOp():
            return line_buffer(op)
        case stream.MacOp():
            return mac(op)
        case stream.ConvolveOp():
            return convolve(op)
        case stream.RequantizeOp():
            return requantize(op)
        case stream.NormalizeOp():
            return normalize(op)
        case stream.OffsetOp():
            return offset(op)
        case stream.AbsOp():
            return absolute(op)
        case stream.AddOp():
            return add(op)
        case stream.ForkOp():
            return fork(op)
        case stream.WidthConverterOp():
            return convert_width(op)
        case _:
            raise HlsError(f"{op.layer.data}: no kernel computes {op.name}")


def axis(fifo: FifoType) -> dict[str, Field]:
    """The fields of read_axis and write_axis."""
    _, channels, height, width = fifo.frame.get_shape()
    size = {"height": height, "width": width, "channels": channels, "lanes": fifo.lanes}
    return {"input": fifo.frame.element_type, **size}


def line_buffer(op: stream.LineBufferOp) -> Kernel:
    """Windows of a frame."""
    windows = windows_type(op.result)
    more: dict[str, Field] = {"repeat": windows.repeat, "memory": op.memory.data}
    return Kernel("line_buffer", window_fields(op.window, windows) | more)


def mac(op: stream.MacOp) -> Kernel:
    """Accumulators, not yet requantised."""
    accumulator = fifo_type(op.result).frame.element_type
    return Kernel("mac", engine_fields(op, accumulator), {"weights": engine_rom(op)})


def convolve(op: stream.ConvolveOp) -> Kernel:
    """mac and requantize in one."""
    scale: dict[str, Field] = {
        "bias": element(op.bias),
        "output": fifo_type(op.result).frame.element_type,
        "shift": op.shift.value.data,
    }
    roms = {"weights": engine_rom(op), **requantizer_roms(op)}
    return Kernel("convolve", engine_fields(op, op.accumulator) | scale, roms)


def requantize(op: stream.RequantizeOp) -> Kernel:
    """Word by word."""
    fifo = fifo_type(op.result)
    fields: dict[str, Field] = {
        "accumulator": fifo_type(op.input).frame.element_type,
        "bias": element(op.bias),
        "output": fifo.frame.element_type,
        "pixels": fifo.pixels,
        "outputs": fifo.frame.get_shape()[1],
        "out_lanes": fifo.lanes,
        "shift": op.shift.value.data,
    }
    return Kernel("requantize", fields, requantizer_roms(op))


def normalize(op: stream.NormalizeOp) -> Kernel:
    """A GDN core."""
    source, result = fifo_type(op.input), fifo_type(op.result)
    po = normalize_parallelism(op).po
    core = core_of(op)
    fields: dict[str, Field] = {
        "input": source.frame.element_type,
        "output": result.frame.element_type,
        "gamma": element(op.gamma),
        "core": Struct(core.struct, core.header),
        "pixels": source.pixels,
        "channels": source.frame.get_shape()[1],
        "in_lanes": source.lanes,
        "sum_lanes": po,
        "out_lanes": result.lanes,
        "norm": op.norm.data,
        "inverse": bool(op.inverse.value.data),
        "norm_bits": number_of(op, "norm_bits", NORM_BITS),
        "drop": number_of(op, "drop", 0),
        "shift": op.shift.value.data,
        "memory": op.memory.data,
    }
    gamma = array_of(op.gamma)
    live = live_products(gamma, po, source.lanes)
    if not live.all():
        fields["live"] = live
    roms = {
        "beta": vector_rom(array_of(op.beta), po, padding=1),
        "gamma": gamma_rom(gamma, source.lanes, po),
        "multiplier": multiplier_rom(op.multiplier, result.lanes),
    }
    return Kernel("normalize", fields, roms)


def offset(op: stream.OffsetOp) -> Kernel:
    """A constant per channel."""
    fields = elementwise(op.input, op.result)
    more: dict[str, Field] = {"offset": element(op.offset), "shift": op.shift.value.data}
    roms = {"constants": vector_rom(array_of(op.offset), fifo_type(op.result).lanes)}
    return Kernel("offset", fields | more, roms)


def absolute(op: stream.AbsOp) -> Kernel:
    """Magnitudes."""
    return Kernel("absolute", elementwise(op.input, op.result))


def add(op: stream.AddOp) -> Kernel:
    """Sums of two frames."""
    types: dict[str, Field] = {
        "lhs": fifo_type(op.lhs).frame.element_type,
        "rhs": fifo_type(op.rhs).frame.element_type,
        "output": fifo_type(op.result).frame.element_type,
    }
    return Kernel("add", types | frame_fields(fifo_type(op.result)))


def fork(op: stream.ForkOp) -> Kernel:
    """Two copies."""
    fifo = fifo_type(op.input)
    return Kernel("fork", {"input": fifo.frame.element_type} | frame_fields(fifo))


def convert_width(op: stream.WidthConverterOp) -> Kernel:
    """Words cut anew."""
    source, result = fifo_type(op.input), fifo_type(op.result)
    fields: dict[str, Field] = {
        "input": source.frame.element_type,
        "pixels": source.pixels,
        "channels": source.frame.get_shape()[1],
        "in_lanes": source.lanes,
        "out_lanes": result.lanes,
    }
    return Kernel("convert_width", fields)


def window_fields(window: WindowAttr, windows: WindowsType) -> dict[str, Field]:
    """The fields of a window and of the frame it slides over."""
    _, channels, height, width = windows.frame.get_shape()
    geometry = window.window
    return {
        "input": windows.frame.element_type,
        "channels": channels,
        "height": height,
        "width": width,
        "kernel": geometry.kernel,
        "stride": geometry.stride,
        "padding": geometry.padding,
        "transposed": geometry.transposed,
        "taps": windows.taps,
        "in_lanes": windows.lanes,
        "neighbours": windows.pixels,
    }


def engine_fields(
    op: stream.MacOp | stream.ConvolveOp, accumulator: IntegerType
) -> dict[str, Field]:
    """The fields of a multiply-accumulate array."""
    result, parallelism = fifo_type(op.result), convolution_parallelism(op)
    packing = op.packing.packing if op.packing else Packing()
    return window_fields(op.window, windows_type(op.input)) | {
        "weight": element(op.weight),
        "accumulator": accumulator,
        "outputs": result.frame.get_shape()[1],
        "sum_lanes": parallelism.po,
        "out_lanes": result.lanes,
        "packed_outputs": packing.outputs,
        "packed_pixels": packing.pixels,
        "chain": op.packing.chain if op.packing else 1,
        "products": op.products.data,
        "memory": op.memory.data,
    }


def frame_fields(fifo: FifoType) -> dict[str, Field]:
    """The size of a frame for a kernel that goes word by word."""
    return {"pixels": fifo.pixels, "channels": fifo.frame.get_shape()[1], "lanes": fifo.lanes}


def elementwise(source: SSAValue, result: SSAValue) -> dict[str, Field]:
    """The fields of a kernel with one FIFO in and one out."""
    types: dict[str, Field] = {
        "input": fifo_type(source).frame.element_type,
        "output": fifo_type(result).frame.element_type,
    }
    return types | frame_fields(fifo_type(result))


def engine_rom(op: stream.MacOp | stream.ConvolveOp) -> Array:
    """The weights of a multiply-accumulate array."""
    parallelism, weight = convolution_parallelism(op), array_of(op.weight)
    return weight_rom(weight, op.window.window, parallelism.taps, parallelism.pi, parallelism.po)


def requantizer_roms(op: stream.RequantizeOp | stream.ConvolveOp) -> dict[str, Array]:
    """The vectors of a requantiser."""
    lanes = fifo_type(op.result).lanes
    roms = {
        "bias": vector_rom(array_of(op.bias), lanes),
        "multiplier": multiplier_rom(op.multiplier, lanes),
    }
    if op.negative is not None:
        roms["negative"] = multiplier_rom(op.negative, lanes)
    return roms


def multiplier_rom(value: SSAValue, lanes: int) -> Array:
    """Multipliers, which have 17 bits, in the one type that `multiplier` and `negative` share."""
    return vector_rom(array_of(value).astype(np.int32), lanes)


def element(value: SSAValue) -> IntegerType:
    """The element type of a constant of integers."""
    found = type_of(value).element_type
    if not isinstance(found, IntegerType):
        raise HlsError(f"expected a tensor of integers, found {value.type}")
    return found
