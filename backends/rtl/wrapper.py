"""Prints a core as an IP: its ports and registers are those of the core that Vitis HLS makes of the
C++, so that a block design takes either.

It is plain Verilog, as IP integrator wants the top of an IP, and connects three modules:
`licc_control`, `licc_frames` and the core.
"""

from collections.abc import Iterable, Iterator

from ...runtime.frame_layout import FrameLayout
from .printer import INDENT, Top

BUS = "s_axi_control"
SOURCE, SINK = "in_r", "out_r"
"""What HLS calls streams whose names are words of VHDL."""
ADDRESS_BITS, DATA_BITS = 16, 32
CHANNELS = {
    "AW": (("input", "VALID", 1), ("output", "READY", 1), ("input", "ADDR", ADDRESS_BITS)),
    "W": (
        *(("input", "VALID", 1), ("output", "READY", 1), ("input", "DATA", DATA_BITS)),
        ("input", "STRB", DATA_BITS // 8),
    ),
    "B": (("output", "VALID", 1), ("input", "READY", 1), ("output", "RESP", 2)),
    "AR": (("input", "VALID", 1), ("output", "READY", 1), ("input", "ADDR", ADDRESS_BITS)),
    "R": (
        *(("output", "VALID", 1), ("input", "READY", 1), ("output", "DATA", DATA_BITS)),
        ("output", "RESP", 2),
    ),
}
"""The signals of AXI4-Lite: direction at a slave, name and bits, by channel."""
MASKS, MARKS, IDS = ("TKEEP", "TSTRB"), ("TUSER", "TLAST"), ("TID", "TDEST")


def wrapper_name(top: Top) -> str:
    """The module of a core as an IP."""
    return f"{top.core.name}_ip"


def print_wrapper(top: Top) -> str:
    """`<core>_ip.v`."""
    return "\n".join(_lines(top)) + "\n"


def _lines(top: Top) -> Iterator[str]:
    yield f"// {top.core.name} as an IP core, with the ports and registers of the one from HLS."
    yield "/* verilator lint_off SYMRSVDWORD */"
    yield f"module {wrapper_name(top)} ("
    yield _list(_ports(top))
    yield ");"
    yield f"{INDENT}/* verilator lint_on SYMRSVDWORD */"
    yield f"{INDENT}wire reset = !ap_rst_n;"
    yield f"{INDENT}wire start, taken, left, idle, core_tvalid, core_tready;"
    unused = (f"{SOURCE}_{name}" for name in (*MASKS, *MARKS, *IDS))
    yield f"{INDENT}wire unused = &{{1'b0, {', '.join(unused)}}};"
    for name in MASKS:
        yield f"{INDENT}assign {SINK}_{name} = {{{_bits(top.output) // 8}{{1'b1}}}};"
    for name in IDS:
        yield f"{INDENT}assign {SINK}_{name} = 1'b0;"
    yield from _instance("licc_control", "control", _control())
    beats = f"#(.IN_BEATS({_beats(top.input)}), .OUT_BEATS({_beats(top.output)}))"
    yield from _instance(f"licc_frames {beats}", "frames", _frames())
    yield from _instance(top.core.name, "core", _core())
    yield "endmodule"


def _ports(top: Top) -> Iterator[str]:
    yield "input wire ap_clk"
    yield "input wire ap_rst_n"
    yield "output wire interrupt"
    for channel, signals in CHANNELS.items():
        for direction, name, bits in signals:
            yield f"{direction} wire {_range(bits)}{BUS}_{channel}{name}"
    for prefix, frame, there, back in (
        (SOURCE, top.input, "input", "output"),
        (SINK, top.output, "output", "input"),
    ):
        yield f"{there} wire {prefix}_TVALID"
        yield f"{back} wire {prefix}_TREADY"
        yield f"{there} wire {_range(_bits(frame))}{prefix}_TDATA"
        for name in MASKS:
            yield f"{there} wire {_range(_bits(frame) // 8)}{prefix}_{name}"
        for name in (*MARKS, *IDS):
            yield f"{there} wire {prefix}_{name}"


def _control() -> Iterator[tuple[str, str]]:
    for channel, signals in CHANNELS.items():
        for _, name, _ in signals:
            yield f"{channel}{name}".lower(), f"{BUS}_{channel}{name}"
    for name in ("taken", "left", "idle", "start", "interrupt"):
        yield name, name


def _frames() -> Iterator[tuple[str, str]]:
    for name in ("start", "core_tvalid", "core_tready", "taken", "left", "idle"):
        yield name, name
    for name in ("tvalid", "tready"):
        yield f"in_{name}", f"{SOURCE}_{name.upper()}"
        yield f"out_{name}", f"{SINK}_{name.upper()}"


def _core() -> Iterator[tuple[str, str]]:
    yield "in_tvalid", "core_tvalid"
    yield "in_tready", "core_tready"
    yield "in_tdata", f"{SOURCE}_TDATA"
    for name in ("tvalid", "tready", "tdata", "tuser", "tlast"):
        yield f"out_{name}", f"{SINK}_{name.upper()}"


def _instance(module: str, name: str, ports: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"\n{INDENT}{module} {name} ("
    connections = [("clock", "ap_clk"), ("reset", "reset"), *ports]
    yield _list(f".{port}({net})" for port, net in connections)
    yield f"{INDENT});"


def _beats(frame: FrameLayout) -> int:
    """Beats of a frame."""
    return frame.height * frame.width * frame.words


def _bits(frame: FrameLayout) -> int:
    """Bits of a beat."""
    return 8 * frame.lanes * frame.lane_bytes


def _range(bits: int) -> str:
    return f"[{bits - 1}:0] " if bits > 1 else ""


def _list(items: Iterable[str]) -> str:
    return ",\n".join(f"{INDENT * 2}{item}" for item in items)
