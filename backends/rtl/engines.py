"""The parameters and constants of line buffers, engines and requantisers."""

from ...dialects.drain import set_words
from ...dialects.stream_types import Multiplier, ceil_div
from .errors import RtlError
from .fields import Fields, Module
from .geometry import WindowTables
from .parameters import Bits, Parameter, table
from .roms import hex_words

UNPACKED_LENGTH = 2
WEIGHT_PORT, VALUE_PORT = 18, 27  # bits of a slice's ports, sign included
WIDEST_BIASED_SUM = 44  # what two slices multiply with 18 bits


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
            "MEMORY": fields.memory,
        },
    )


def engine(fields: Fields) -> tuple[dict[str, Parameter], dict[str, str]]:
    """The parameters and ROMs of a multiply-accumulate array."""
    window, weights = fields.window, fields.rom("weights")
    po, lanes, pixels = fields["sum_lanes"], fields["out_lanes"], fields["neighbours"]
    groups, factors = ceil_div(fields["outputs"], po), fields["taps"] * fields["in_lanes"]
    result_words = ceil_div(fields["outputs"], lanes)
    in_luts = fields.of("products") is Multiplier.LUT
    if not in_luts:
        check_ports(fields)
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
        "MEMORY": fields.memory,
    }
    bits = fields.bits("weight")
    roms = {f"weights_{o:04}": hex_words(words, bits) for o, words in enumerate(weights)}
    return parameters, roms


def check_ports(fields: Fields) -> None:
    """`RtlError` that names the layer if its factors are wider than the ports of a slice."""
    value = fields.bits("input") + (not fields.integer("input", "INPUT")["INPUT_SIGNED"])
    if value > VALUE_PORT or fields.bits("weight") > WEIGHT_PORT:
        raise RtlError(
            f"{fields.process.name}: a DSP slice multiplies {VALUE_PORT} bits with {WEIGHT_PORT}, "
            f"found values of {value} and weights of {fields.bits('weight')}"
        )


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
    scale, constants = requantizer(fields, fields.bits("accumulator"))
    return Module("licc_convolve", parameters | scale, roms | constants)


def requantizer(fields: Fields, sums: int) -> tuple[dict[str, Parameter], dict[str, str]]:
    """The parameters and ROMs of requantisers of sums of so many bits, sign included; `RtlError`
    that names the layer if they are too wide."""
    if (biased := max(sums, fields.bits("bias")) + 1) > WIDEST_BIASED_SUM:
        raise RtlError(
            f"{fields.process.name}: sums with their bias have at most {WIDEST_BIASED_SUM} bits in "
            f"RTL, found {biased}"
        )
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
    sums = fields.integer("accumulator", "SUM")
    scale, constants = requantizer(fields, fields.bits("accumulator") + (not sums["SUM_SIGNED"]))
    parameters: dict[str, Parameter] = {
        **sums,
        "LANES": fields["out_lanes"],
        "RESULT_WORDS": ceil_div(fields["outputs"], fields["out_lanes"]),
    }
    return Module("licc_requantize", parameters | scale, constants)
