"""The registers of a design on a Zynq UltraScale+: one map, from which the block design gets its
addresses and every driver its offsets.

Each core has two blocks of registers: its own, as Vitis HLS makes them for `ap_ctrl_hs` behind
`s_axilite` (UG1399), and those of an AXI VDMA (PG020) that moves its frames.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ...runtime.frame_layout import FrameLayout
from ..hls.build import BuiltCore
from .errors import BoardError

BLOCK = 0x1_0000
CORES, MOVERS = 0xA000_0000, 0xA010_0000
MOST_CORES = (MOVERS - CORES) // BLOCK
ALIGNMENT = 64
MOST_LINE_BYTES = (1 << 16) - ALIGNMENT
MOST_LINES = (1 << 13) - 1
MOST_BITS = 1024

REGISTERS: Mapping[str, Mapping[str, int]] = {
    "core": {"control": 0x00},
    "dma": {
        "read_control": 0x00,
        "read_status": 0x04,
        "read_lines": 0x50,
        "read_line_bytes": 0x54,
        "read_stride": 0x58,
        "read_address_low": 0x5C,
        "read_address_high": 0x60,
        "write_control": 0x30,
        "write_status": 0x34,
        "write_lines": 0xA0,
        "write_line_bytes": 0xA4,
        "write_stride": 0xA8,
        "write_address_low": 0xAC,
        "write_address_high": 0xB0,
    },
}
BITS: Mapping[str, Mapping[str, int]] = {
    "core_control": {"start": 1 << 0, "done": 1 << 1, "idle": 1 << 2},
    "dma_control": {
        "run": 1 << 0,
        "circular": 1 << 1,
        "reset": 1 << 2,
        "count_frames": 1 << 4,
        "one_frame": 1 << 16,
    },
    "dma_status": {
        "halted": 1 << 0,
        "internal_error": 1 << 4,
        "slave_error": 1 << 5,
        "decode_error": 1 << 6,
        "frame_early": 1 << 7,
        "line_early": 1 << 8,
        "frame_late": 1 << 11,
        "frame_done": 1 << 12,
        "line_late": 1 << 15,
    },
}


@dataclass(frozen=True)
class Frame:
    """A frame in memory: so many lines of bytes, each at a multiple of `stride` bytes; `bits` go
    through the stream at a time."""

    lines: int
    line_bytes: int
    stride: int
    bits: int

    @staticmethod
    def of(layout: FrameLayout, what: str) -> "Frame":
        """The frame of a stream; `BoardError` if a VDMA cannot move it."""
        line_bytes = layout.width * layout.padded_channels * layout.lane_bytes
        bits = 8 * layout.lanes * layout.lane_bytes
        for name, found, most in (
            ("bytes in a line", line_bytes, MOST_LINE_BYTES),
            ("lines", layout.height, MOST_LINES),
            ("bits in a beat", bits, MOST_BITS),
        ):
            if found > most:
                raise BoardError(
                    f"{what} has {found} {name}; an AXI VDMA moves at most {most}: compile for a "
                    "smaller --size"
                )
        stride = -(-line_bytes // ALIGNMENT) * ALIGNMENT
        return Frame(layout.height, line_bytes, stride, bits)


@dataclass(frozen=True)
class BoardCore:
    """A core at work: the base addresses of its registers and of its VDMA's, and its frames."""

    name: str
    control: int
    dma: int
    input: Frame
    output: Frame


def place(cores: Mapping[str, BuiltCore]) -> tuple[BoardCore, ...]:
    """The addresses of all cores; `BoardError` if there are too many, or a frame cannot move."""
    if len(cores) > MOST_CORES:
        raise BoardError(f"a design has at most {MOST_CORES} cores, found {len(cores)}")
    return tuple(
        BoardCore(
            core.top,
            CORES + number * BLOCK,
            MOVERS + number * BLOCK,
            Frame.of(core.input, f"the input of {core.top}"),
            Frame.of(core.output, f"the output of {core.top}"),
        )
        for number, core in enumerate(cores.values())
    )


def to_json(cores: tuple[BoardCore, ...]) -> dict[str, Any]:
    """What `registers.json` holds."""
    return {"registers": REGISTERS, "bits": BITS, "cores": [asdict(core) for core in cores]}


def to_header(cores: tuple[BoardCore, ...]) -> str:
    """`registers.h`: the same for C++."""
    text = "// The registers of this design: see registers.json. Printed by licc.\n#pragma once\n\n"
    text += "#include <array>\n#include <cstdint>\n\nnamespace licc::board {\n"
    offsets = {f"{kind}_registers": values for kind, values in REGISTERS.items()}
    for kind, values in {**offsets, **BITS}.items():
        text += f"\nnamespace {kind} {{\n"
        text += "".join(
            f"constexpr std::uint32_t {name} = {value:#x};\n" for name, value in values.items()
        )
        text += "}\n"
    rows = ",\n".join(
        f'    core{{"{core.name}", {core.control:#x}, {core.dma:#x}, {_frame(core.input)}, '
        f"{_frame(core.output)}}}"
        for core in cores
    )
    return text + (
        "\nstruct frame {\n    std::uint32_t lines, line_bytes, stride;\n};\n"
        "\nstruct core {\n    const char *name;\n    std::uint64_t control, dma;\n"
        "    frame input, output;\n};\n"
        f"\nconstexpr std::array<core, {len(cores)}> cores{{\n{rows},\n}};\n\n}}\n"
    )


def _frame(frame: Frame) -> str:
    return f"{{{frame.lines}, {frame.line_bytes}, {frame.stride}}}"
