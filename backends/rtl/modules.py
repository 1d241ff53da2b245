"""Which module of the library computes a process, with which parameters, and with which constants.

The process is that of the C++: its fields and ROMs are those of `backends.hls.kernels`, and the headers
of the modules say what each parameter means. Nothing is decided here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from xdsl.dialects.builtin import IntegerType

from ...dialects.drain import set_words
from ...dialects.memories import fifo_memory
from ...dialects.schedule import conversion_steps
from ...dialects.stream_types import Memory, Multiplier, ceil_div
from ...dialects.tensors import Array, is_signed
from ...dialects.window import Window
from ..hls.core import Fifo, Process
from ..hls.kernels import Field
from .errors import RtlError
from .geometry import WindowTables
from .normalize import normalize
from .parameters import Bits, Parameter, table
from .roms import hex_words

UNPACKED_LENGTH = 2


@dataclass(frozen=True)
class Module:
    """`name #(parameters)`, its files of constants by the end of their names, and the ports of its
    inputs and outputs, in order."""

    name: str
    parameters: Mapping[str, Parameter]
    roms: Mapping[str, str] = field(default_factory=dict[str, str])
    inputs: tuple[str, ...] = ("in",)
    outputs: tuple[str, ...] = ("out",)


@dataclass(frozen=True)
class Fields:
    """The fields of a kernel by their types."""

    process: Process

    def __getitem__(self, name: str) -> int:
        """A number or a truth value."""
        value = self.process.kernel.fields[name]
        assert isinstance(value, int)
        return value

    def of(self, name: str) -> Field:
        """Any field."""
        return self.process.kernel.fields[name]

    def bits(self, name: str) -> int:
        """The width of an integer type."""
        value = self.of(name)
        assert isinstance(value, IntegerType)
        return value.width.data

    def integer(self, name: str, parameter: str) -> dict[str, Parameter]:
        """An integer type, as two parameters."""
        value = self.of(name)
        assert isinstance(value, IntegerType)
        return {f"{parameter}_BITS": value.width.data, f"{parameter}_SIGNED": is_signed(value)}

    def rom(self, name: str) -> Array:
        """One of the ROMs."""
        return self.process.kernel.roms[name]

    @property
    def window(self) -> Window:
        """The geometry of a sliding window."""
        return Window(
            self["kernel"], self["stride"], self["padding"], bool(self["transposed"])
        )


def module_of(process: Process, fifos: Mapping[str, Fifo]) -> Module:
    """The module of a process that writes some of these FIFOs; `RtlError` that names the process if
    the library has none."""
    template = process.kernel.template
    makers: dict[str, Callable[[Fields], Module]] = {
        "read_axis": read_axis,
        "write_axis": write_axis,
        "line_buffer": line_buffer,
        "mac": mac,
        "convolve": convolve,
        "requantize": requantize,
        "normalize": normalize_module,
        "offset": offset,
        "absolute": absolute,
        "add": add,
        "fork": fork,
        "convert_width": convert_width,
    }
    if template not in makers:
        raise RtlError(f"{process.name}: no module of the rtl library computes {template}")
    module = makers[template](Fields(process))
    outputs: dict[str, Parameter] = {}
    written = [fifos[name] for name in process.outputs if name in fifos]
    for port, fifo in zip(module.outputs, written, strict=True):
        outputs |= fifo_parameters(port, fifo)
    return Module(
        module.name, {**module.parameters, **outputs}, module.roms, module.inputs, module.outputs
    )


def fifo_parameters(port: str, fifo: Fifo) -> dict[str, Parameter]:
    """The FIFO behind an output."""
    memory = fifo_memory(fifo.depth, fifo.lanes * fifo.element.width.data)
    kind = Memory.BRAM if memory is Memory.BRAM else Memory.LUTRAM
    return {f"{port.upper()}_DEPTH": fifo.depth, f"{port.upper()}_MEMORY": str(kind)}


def read_axis(fields: Fields) -> Module:
    """From beats to words."""
    parameters: dict[str, Parameter] = {
        "INPUT_BITS": fields.bits("input"),
        "LANES": fields["lanes"],
    }
    return Module("licc_read_axis", parameters, inputs=())


def write_axis(fields: Fields) -> Module:
    """From words to beats."""
    words = ceil_div(fields["channels"], fields["lanes"])
    return Module(
        "licc_write_axis",
        {
            **fields.integer("input", "INPUT"),
            "LANES": fields["lanes"],
            "LINE_WORDS": fields["width"] * words,
            "HEIGHT": fields["height"],
        },
        outputs=(),
    )


def line_buffer(fields: Fields) -> Module:
    """Windows of a frame."""
    window, pixels = fields.window, fields["neighbours"]
    groups = ceil_div(fields["channels"], fields["in_lanes"])
    columns = window.grid_size(fields["width"]) // pixels
    tables = WindowTables(window, pixels)
    least, most = window.offsets
    return Module(
        "licc_line_buffer",
        {
            "INPUT_BITS": fields.bits("input"),
            "IN_LANES": fields["in_lanes"],
            "TAPS": fields["taps"],
            "NEIGHBOURS": pixels,
            "KERNEL": window.kernel,
            "PHASES": window.phases,
            "STEP": tables.step,
            "CHANNEL_GROUPS": groups,
            "WIDTH": fields["width"],
            "HEIGHT": fields["height"],
            "ROWS": window.grid_size(fields["height"]),
            "COLUMNS": columns,
            "REPEAT": fields["repeat"],
            "LEAST": least,
            "MOST": most,
            "READS": columns * fields["repeat"] * groups * sum(window.pixel_steps(fields["taps"])),
            **tables.parameters(),
            "MEMORY": memory_of(fields),
        },
    )


def engine(fields: Fields) -> tuple[dict[str, Parameter], dict[str, str]]:
    """The parameters and ROMs of a multiply-accumulate array."""
    window, weights = fields.window, fields.rom("weights")
    po, lanes, pixels = fields["sum_lanes"], fields["out_lanes"], fields["neighbours"]
    groups, factors = ceil_div(fields["outputs"], po), fields["taps"] * fields["in_lanes"]
    result_words = ceil_div(fields["outputs"], lanes)
    in_luts = fields.of("products") is Multiplier.LUT
    packed = fields["packed_outputs"] * fields["packed_pixels"] > 1
    length = 1 if in_luts else fields["chain"] if packed else UNPACKED_LENGTH
    parameters: dict[str, Parameter] = {
        **fields.integer("input", "INPUT"),
        "WEIGHT_BITS": fields.bits("weight"),
        "SUM_BITS": fields.bits("accumulator"),
        "IN_LANES": fields["in_lanes"],
        "TAPS": fields["taps"],
        "NEIGHBOURS": pixels,
        "SUM_LANES": po,
        "OUT_LANES": lanes,
        "PHASES": window.phases,
        "GROUPS": groups,
        "COLUMNS": window.grid_size(fields["width"]) // pixels,
        "ROWS": window.grid_size(fields["height"]),
        "PHASE_WORDS": phase_words(fields),
        "DEPTH": weights.shape[1],
        "SET_WORDS": set_words(window, pixels, fields["outputs"], po, lanes),
        "LAST_WORDS": result_words - (groups - 1) * (po // lanes),
        "RESULT_WORDS": result_words,
        "PACKED_OUTPUTS": fields["packed_outputs"],
        "PACKED_PIXELS": fields["packed_pixels"],
        "LENGTH": min(length, factors),
        "IN_LUTS": in_luts,
        "MEMORY": memory_of(fields),
    }
    bits = fields.bits("weight")
    roms = {f"weights_{o:04}": hex_words(words, bits) for o, words in enumerate(weights)}
    return parameters, roms


def phase_words(fields: Fields) -> Bits:
    """Window words of an output pixel, for every row phase and column phase."""
    groups = ceil_div(fields["channels"], fields["in_lanes"])
    steps = fields.window.pixel_steps(fields["taps"])
    return table([words * groups for words in steps], 32)


def mac(fields: Fields) -> Module:
    """Accumulators, not yet requantised."""
    parameters, roms = engine(fields)
    return Module("licc_mac", parameters, roms)


def convolve(fields: Fields) -> Module:
    """mac and requantize in one."""
    parameters, roms = engine(fields)
    scale, constants = requantizer(fields)
    return Module("licc_convolve", parameters | scale, roms | constants)


def requantizer(fields: Fields) -> tuple[dict[str, Parameter], dict[str, str]]:
    """The parameters and ROMs of requantisers."""
    parameters: dict[str, Parameter] = {
        "BIAS_BITS": fields.bits("bias"),
        **fields.integer("output", "OUTPUT"),
        "SHIFT": fields["shift"],
        "HAS_NEGATIVE": "negative" in fields.process.kernel.roms,
    }
    names = ("multiplier", "negative") if parameters["HAS_NEGATIVE"] else ("multiplier",)
    roms = {name: hex_words(fields.rom(name), 17) for name in names}
    return parameters, {"bias": hex_words(fields.rom("bias"), fields.bits("bias")), **roms}


def requantize(fields: Fields) -> Module:
    """Word by word."""
    scale, constants = requantizer(fields)
    parameters: dict[str, Parameter] = {
        **fields.integer("accumulator", "SUM"),
        "LANES": fields["out_lanes"],
        "RESULT_WORDS": ceil_div(fields["outputs"], fields["out_lanes"]),
    }
    return Module("licc_requantize", parameters | scale, constants)


def normalize_module(fields: Fields) -> Module:
    """A GDN core."""
    parameters, roms = normalize(fields.process)
    return Module("licc_normalize", parameters, roms)


def offset(fields: Fields) -> Module:
    """A constant per channel."""
    bits = fields.bits("offset")
    return Module(
        "licc_offset",
        {
            **fields.integer("input", "INPUT"),
            "OFFSET_BITS": bits,
            **fields.integer("output", "OUTPUT"),
            "LANES": fields["lanes"],
            "RESULT_WORDS": ceil_div(fields["channels"], fields["lanes"]),
            "SHIFT": fields["shift"],
        },
        {"constants": hex_words(fields.rom("constants"), bits)},
    )


def absolute(fields: Fields) -> Module:
    """Magnitudes."""
    types = fields.integer("input", "INPUT") | fields.integer("output", "OUTPUT")
    return Module("licc_absolute", {**types, "LANES": fields["lanes"]})


def add(fields: Fields) -> Module:
    """Sums of two frames."""
    types = {
        **fields.integer("lhs", "LHS"),
        **fields.integer("rhs", "RHS"),
        **fields.integer("output", "OUTPUT"),
    }
    return Module("licc_add", {**types, "LANES": fields["lanes"]}, inputs=("lhs", "rhs"))


def fork(fields: Fields) -> Module:
    """Two copies."""
    bits = fields.bits("input") * fields["lanes"]
    return Module("licc_fork", {"BITS": bits}, outputs=("out", "second"))


def convert_width(fields: Fields) -> Module:
    """Words cut anew."""
    channels, lanes = fields["channels"], (fields["in_lanes"], fields["out_lanes"])
    last = conversion_steps(channels, *lanes)[-1]
    return Module(
        "licc_convert_width",
        {
            "INPUT_BITS": fields.bits("input"),
            "CHANNELS": channels,
            "IN_LANES": lanes[0],
            "OUT_LANES": lanes[1],
            "STEPS": max(ceil_div(channels, lanes[0]), last + 1),
        },
    )


def memory_of(fields: Fields) -> str:
    """Where an array lives."""
    return str(fields.of("memory"))
