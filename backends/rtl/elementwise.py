"""The parameters and constants of ports and of actors that go word by word."""

from ...dialects.schedule import conversion_steps
from ...dialects.stream_types import ceil_div
from .fields import Fields, Module
from .parameters import Parameter
from .roms import hex_words


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
