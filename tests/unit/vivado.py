"""Enough of Vivado's Tcl to run a script that makes a block design, and to say what is wrong in it.

Every object that the script names must exist; `validate_bd_design` then looks for what Vivado would
refuse, and for what it would build although it cannot work: clocks and resets that nothing drives,
ports left open, streams of two widths, addresses that overlap or are not those of the design.
"""

import fnmatch
import itertools
from dataclasses import dataclass, field
from pathlib import Path

from licc.tests.unit.packaged_ip import COMPONENT, PackagedIp
from licc.tests.unit.tcl import Tool, ToolError

BOARD_PARTS = (
    "xilinx.com:zcu102:part0:3.3",
    "xilinx.com:zcu102:part0:3.4",
    "xilinx.com:zcu104:part0:1.1",
    "xilinx.com:kv260_som:part0:1.4",
)
IP = "xilinx.com:ip:"
VDMA_CLOCKS = (
    *("s_axi_lite_aclk", "m_axi_mm2s_aclk", "m_axis_mm2s_aclk"),
    *("m_axi_s2mm_aclk", "s_axis_s2mm_aclk"),
)
VDMA_OPTIONS = {
    *("c_num_fstores", "c_addr_width", "c_include_mm2s", "c_include_s2mm"),
    *("c_use_mm2s_fsync", "c_use_s2mm_fsync", "c_mm2s_genlock_mode", "c_s2mm_genlock_mode"),
    *("c_m_axis_mm2s_tdata_width", "c_s_axis_s2mm_tdata_width"),
    *("c_m_axi_mm2s_data_width", "c_m_axi_s2mm_data_width"),
}


@dataclass
class Cell:
    """An IP in the block design, with what was configured."""

    name: str
    kind: str
    ip: PackagedIp | None = None
    options: dict[str, str] = field(default_factory=dict[str, str])

    def number(self, option: str, default: int) -> int:
        return int(self.options.get(option, default))

    def clocks(self) -> list[str]:
        """The pins that take a clock."""
        if self.kind == "zynq_ultra_ps_e":
            ports = [n for n in range(4) if self.number(f"PSU__USE__S_AXI_GP{2 + n}", 0)]
            return ["maxihpm0_fpd_aclk", *(f"saxihp{n}_fpd_aclk" for n in ports)]
        kinds: dict[str, list[str]] = {
            "proc_sys_reset": ["slowest_sync_clk"],
            "smartconnect": ["aclk"],
            "axi_vdma": [*VDMA_CLOCKS],
        }
        return [self.ip.clock] if self.ip else kinds[self.kind]

    def resets(self) -> list[str]:
        """The pins that take a reset."""
        kinds = {
            "zynq_ultra_ps_e": [],
            "proc_sys_reset": ["ext_reset_in"],
            "smartconnect": ["aresetn"],
            "axi_vdma": ["axi_resetn"],
        }
        return [self.ip.reset] if self.ip else kinds[self.kind]

    def interfaces(self) -> dict[str, tuple[str, str]]:
        """Protocol and side of every interface."""
        match self.kind:
            case "zynq_ultra_ps_e":
                ports = [n for n in range(4) if self.number(f"PSU__USE__S_AXI_GP{2 + n}", 0)]
                used = {"M_AXI_HPM0_FPD": ("aximm", "master")}
                return used | {f"S_AXI_HP{n}_FPD": ("aximm", "slave") for n in ports}
            case "smartconnect":
                slaves = range(self.number("NUM_SI", 1))
                masters = range(self.number("NUM_MI", 1))
                found = {f"S{n:02}_AXI": ("aximm", "slave") for n in slaves}
                return found | {f"M{n:02}_AXI": ("aximm", "master") for n in masters}
            case "axi_vdma":
                return {
                    "S_AXI_LITE": ("aximm", "slave"),
                    "M_AXI_MM2S": ("aximm", "master"),
                    "M_AXI_S2MM": ("aximm", "master"),
                    "M_AXIS_MM2S": ("axis", "master"),
                    "S_AXIS_S2MM": ("axis", "slave"),
                }
            case _:
                return self.ip.interfaces if self.ip else {}


class Vivado(Tool):
    """Runs scripts. `cores` are the bits of each core's input and output stream."""

    def __init__(self, cores: dict[str, tuple[int, int]]):
        super().__init__()
        self.cores = cores
        self.catalog: dict[str, PackagedIp] = {}
        self.cells: dict[str, Cell] = {}
        self.properties: dict[str, str] = {}
        self.drivers: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.addresses: dict[str, tuple[int, int]] = {}
        self.done: list[str] = []
        self._folder = Path()

    def do_get_board_parts(self, pattern: str) -> str:
        return " ".join(part for part in BOARD_PARTS if fnmatch.fnmatch(part, pattern))

    def do_create_project(self, *arguments: str) -> None:
        force, _, folder, _, part = arguments
        assert force == "-force"
        self._folder = Path(folder)
        self.properties["part"] = part

    def do_current_project(self) -> str:
        return "project"

    def do_current_fileset(self) -> str:
        return "fileset"

    def do_set_property(self, *arguments: str) -> None:
        if arguments[0] == "-dict":
            options, name = self._list(arguments[1]), arguments[2]
            cell = self._cell(name)
            pairs = dict(zip(options[::2], options[1::2], strict=True))
            self._check_options(cell, {key.removeprefix("CONFIG.") for key in pairs})
            cell.options |= {key.removeprefix("CONFIG."): value for key, value in pairs.items()}
            return
        key, value, owner = arguments
        if owner not in ("project", "fileset"):
            raise ToolError(f"set_property: no object {owner}")
        self.properties[key] = value

    def _check_options(self, cell: Cell, names: set[str]) -> None:
        known = {"smartconnect": {"NUM_SI", "NUM_MI"}, "axi_vdma": VDMA_OPTIONS}.get(cell.kind)
        if known is not None and not names <= known:
            raise ToolError(f"{cell.name} has no option {(names - known).pop()}")

    def do_update_ip_catalog(self) -> None:
        for folder in self._list(self.properties["ip_repo_paths"]):
            if not (Path(folder) / COMPONENT).is_file():
                raise ToolError(f"no IP in {folder}")
            ip = PackagedIp.load(Path(folder))
            self.catalog[ip.vlnv] = ip
        self.done.append("catalog")

    def do_create_bd_design(self, name: str) -> None:
        self.done.append(f"design {name}")

    def do_create_bd_cell(self, *arguments: str) -> str:
        _, _, _, vlnv, name = arguments
        if "catalog" not in self.done or not any(d.startswith("design") for d in self.done):
            raise ToolError("create_bd_cell: no catalog or no block design")
        ip = next((ip for ip in self.catalog.values() if ip.vlnv.startswith(f"{vlnv}:")), None)
        kind = vlnv.removeprefix(IP)
        known = {"zynq_ultra_ps_e", "proc_sys_reset", "smartconnect", "axi_vdma"}
        if (kind not in known and ip is None) or name in self.cells:
            raise ToolError(f"create_bd_cell: no IP {vlnv}, or {name} exists")
        self.cells[name] = Cell(name, kind, ip)
        return name

    def do_apply_bd_automation(self, *arguments: str) -> None:
        if (
            self._cell(arguments[-1]).kind != "zynq_ultra_ps_e"
            or "board_part" not in self.properties
        ):
            raise ToolError("apply_bd_automation: no processor, or no board")

    def _cell(self, name: str) -> Cell:
        if name not in self.cells:
            raise ToolError(f"no cell {name}")
        return self.cells[name]

    def do_get_bd_pins(self, name: str) -> str:
        cell, _, pin = name.partition("/")
        found = self._cell(cell)
        outputs = {
            "zynq_ultra_ps_e": ["pl_clk0", "pl_resetn0"],
            "proc_sys_reset": ["peripheral_aresetn"],
        }
        if pin not in [*found.clocks(), *found.resets(), *outputs.get(found.kind, [])]:
            raise ToolError(f"no pin {name}")
        return name

    def do_get_bd_intf_pins(self, *arguments: str) -> str:
        name = arguments[-1]
        cell, _, pin = name.partition("/")
        if pin in self._cell(cell).interfaces():
            return name
        if arguments[0] == "-quiet":
            return ""
        raise ToolError(f"no interface {name}")

    def do_connect_bd_net(self, source: str, sink: str) -> None:
        if sink in self.drivers:
            raise ToolError(f"{sink} is driven twice")
        self.drivers[sink] = source

    def do_connect_bd_intf_net(self, first: str, second: str) -> None:
        sides = [
            self.cells[p.partition("/")[0]].interfaces()[p.partition("/")[2]]
            for p in (first, second)
        ]
        (protocol, _), (other, _) = sides
        if protocol != other or {side for _, side in sides} != {"master", "slave"}:
            raise ToolError(f"{first} and {second} do not fit")
        if first in self.links or second in self.links:
            raise ToolError(f"{first} or {second} is connected twice")
        self.links |= {first: second, second: first}

    def do_get_bd_addr_spaces(self, name: str) -> str:
        return self._existing(name, {"ps/Data"})

    def do_get_bd_addr_segs(self, name: str) -> str:
        cells = (cell for cell in self.cells.values() if cell.ip)
        segments = {f"{cell.name}/{cell.ip.registers}" for cell in cells}
        return self._existing(
            name, segments | {f"{core}_dma/S_AXI_LITE/Reg" for core in self.cores}
        )

    def _existing(self, name: str, known: set[str]) -> str:
        if name not in known:
            raise ToolError(f"no {name}; there are {', '.join(sorted(known))}")
        return name

    def do_assign_bd_address(self, *arguments: str) -> None:
        if arguments:
            _, _, _, offset, _, size, segment = arguments
            assert size == "64K"
            self.addresses[segment] = int(offset, 0), 1 << 16

    def do_validate_bd_design(self) -> None:
        for cell in self.cells.values():
            for pin in cell.clocks():
                if self.drivers.get(f"{cell.name}/{pin}") != "ps/pl_clk0":
                    raise ToolError(f"{cell.name}/{pin} has no clock")
            source = (
                "ps/pl_resetn0" if cell.kind == "proc_sys_reset" else "reset/peripheral_aresetn"
            )
            for pin in cell.resets():
                if self.drivers.get(f"{cell.name}/{pin}") != source:
                    raise ToolError(f"{cell.name}/{pin} has no reset")
            for interface in cell.interfaces():
                if f"{cell.name}/{interface}" not in self.links:
                    raise ToolError(f"{cell.name}/{interface} is open")
        self._check_streams()
        self._check_addresses()
        self.done.append("valid")

    def _check_streams(self) -> None:
        for name, (given, made) in self.cores.items():
            dma = self.cells[f"{name}_dma"]
            widths = [
                dma.number(f"c_{port}_tdata_width", 32) for port in ("m_axis_mm2s", "s_axis_s2mm")
            ]
            if widths != [given, made] or self.links[f"{name}_dma/M_AXIS_MM2S"] != f"{name}/in_r":
                raise ToolError(f"{name}: streams of {given} and {made} bits, a VDMA of {widths}")
            if self.cells[name].ip.bits != {"in_r": given, "out_r": made}:
                raise ToolError(f"{name}: its IP has streams of {self.cells[name].ip.bits} bits")
            memories = [dma.number(f"c_m_axi_{way}_data_width", 64) for way in ("mm2s", "s2mm")]
            for stream, memory in zip(widths, memories, strict=True):
                if memory < stream or memory not in (64, 128, 256, 512, 1024):
                    raise ToolError(f"{name}: {memory} bits of memory for {stream} of a stream")

    def _check_addresses(self) -> None:
        wanted = {f"{name}/s_axi_control/Reg" for name in self.cores}
        if wanted | {f"{name}_dma/S_AXI_LITE/Reg" for name in self.cores} != self.addresses.keys():
            raise ToolError("registers without an address")
        ends = sorted((start, start + size) for start, size in self.addresses.values())
        for (_, end), (start, _) in itertools.pairwise(ends):
            if start < end:
                raise ToolError(f"addresses overlap at {start:#x}")
        if ends[0][0] < 0xA000_0000 or ends[-1][1] > 0xB000_0000 or any(s % 65536 for s, _ in ends):
            raise ToolError("addresses outside of the port's range, or not aligned")

    def do_save_bd_design(self) -> None:
        assert self.done[-1] == "valid"

    def do_get_files(self, name: str) -> str:
        return name

    def do_make_wrapper(self, *arguments: str) -> str:
        return "licc_wrapper.v"

    def do_add_files(self, *arguments: str) -> None:
        pass

    def do_launch_runs(self, *arguments: str) -> None:
        run = self._folder / "licc.runs" / "impl_1"
        handoff = self._folder / "licc.gen" / "sources_1" / "bd" / "licc" / "hw_handoff"
        for folder in (run, handoff):
            folder.mkdir(parents=True)
        (run / "licc_wrapper.bit").write_text("bits")
        (handoff / "licc.hwh").write_text("handoff")

    def do_wait_on_run(self, name: str) -> None:
        pass

    def do_get_runs(self, name: str) -> str:
        return name

    def do_get_property(self, name: str, owner: str) -> str:
        return "100%"

    def do_write_hw_platform(self, *arguments: str) -> None:
        Path(arguments[-1]).write_text("platform")
