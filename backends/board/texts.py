"""The texts of a package that depend on the design: what its hand-written files read."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..hls.scripts import Device
from .registers import BLOCK, BoardCore

PAGE = 4096


class Backend(StrEnum):
    """Whose cores a block design takes: those that Vitis HLS makes of the C++, or the
    SystemVerilog."""

    HLS = "hls"
    RTL = "rtl"


@dataclass(frozen=True)
class Hardware:
    """What is built: the device, the board whose files Vivado takes (empty: none), and whose cores
    are in it."""

    device: Device
    board: str
    backend: Backend


def print_design(hardware: Hardware, cores: Sequence[BoardCore]) -> str:
    """`design.tcl`: variables for `build.tcl`."""
    rows = "\n".join(
        f"    {{name {core.name} in_bits {core.input.bits} out_bits {core.output.bits} "
        f"control {core.control:#x} dma {core.dma:#x}}}"
        for core in cores
    )
    return f"""# What build.tcl builds: printed by licc.
set part {hardware.device.part}
set board "{hardware.board}"
set clock_mhz {hardware.device.clock_mhz:g}
set backend {hardware.backend}
set cores {{
{rows}
}}
"""


def print_cores_makefile(cores: Sequence[BoardCore]) -> str:
    """`cores.mk`: the names of the cores."""
    return f"CORES := {' '.join(core.name for core in cores)}\n"


def print_simulated_cores(cores: Sequence[BoardCore]) -> str:
    """`simulated_cores.cpp`: the top functions behind the simulated device."""
    includes = "".join(f"#include <{core.name}.h>\n" for core in cores)
    rows = "".join(
        f"            frame_of<{core.name}_read_axis, {core.name}_write_axis>(&{core.name}),\n"
        for core in cores
    )
    return f"""// The cores of this design behind the simulated device: printed by licc.
#include "simulated_device.h"

{includes}
std::vector<licc::board::transform> licc::board::simulated_cores() {{
    return {{
{rows}    }};
}}
"""


def print_overlay(cores: Sequence[BoardCore]) -> str:
    """`licc.dtso`: the device-tree overlay that gives the registers to UIO, and memory for all
    frames to u-dma-buf."""
    nodes = "".join(
        _uio(f"licc-{core.name}", core.control) + _uio(f"licc-{core.name}-dma", core.dma)
        for core in cores
    )
    size = sum(f.lines * f.stride for core in cores for f in (core.input, core.output))
    pages = -(-size // PAGE) * PAGE
    return f"""// Registers for UIO (load uio_pdrv_genirq with of_id=generic-uio) and memory for
// u-dma-buf. Printed by licc.
/dts-v1/;
/plugin/;

&{{/axi}} {{
	#address-cells = <2>;
	#size-cells = <2>;
{nodes}
	licc-memory {{
		compatible = "ikwzm,u-dma-buf";
		device-name = "udmabuf-licc";
		size = <{pages:#x}>;
		dma-mask = <40>;
	}};
}};
"""


def _uio(name: str, address: int) -> str:
    return f"""
	{name.replace("_", "-")}@{address:x} {{
		compatible = "generic-uio";
		reg = <0x0 {address:#x} 0x0 {BLOCK:#x}>;
		linux,uio-name = "{name}";
	}};
"""
