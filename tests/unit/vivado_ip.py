"""Enough of Vivado's Tcl to run a script that packages an IP or implements a core, and to say what
is wrong with what it makes.

`ipx::check_integrity` looks for what Vivado would refuse or only warn of: sources that are not
complete, interfaces without clock or reset, registers without an address block.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from licc.tests.unit.packaged_ip import PackagedIp
from licc.tests.unit.tcl import Tool, ToolError
from licc.tests.unit.vivado_sources import TYPES, Source, check_sources

AXI_LITE = {
    *("AWVALID", "AWREADY", "AWADDR", "WVALID", "WREADY", "WDATA", "WSTRB", "BVALID", "BREADY"),
    *("BRESP", "ARVALID", "ARREADY", "ARADDR", "RVALID", "RREADY", "RDATA", "RRESP"),
}
AXI_STREAM = {"TVALID", "TREADY", "TDATA", "TKEEP", "TSTRB", "TUSER", "TLAST", "TID", "TDEST"}
IP_PROPERTIES = {"name", "version", "display_name", "description"}
BLOCK_PROPERTIES = {"range", "width", "usage", "base_address"}
STEPS = ("synth_design", "opt_design", "place_design", "phys_opt_design", "route_design")


@dataclass
class Port:
    """A port of the top module."""

    direction: str
    bits: int


@dataclass
class Ip:
    """An IP that is being packaged."""

    root: Path
    properties: dict[str, str]
    ports: dict[str, Port]
    interfaces: dict[str, tuple[str, str]]
    clocks: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    maps: dict[str, dict[str, dict[str, str]]] = field(
        default_factory=dict[str, dict[str, dict[str, str]]]
    )
    map_of: dict[str, str] = field(default_factory=dict[str, str])
    done: list[str] = field(default_factory=list[str])


class VivadoIp(Tool):
    """Runs scripts; `period` is the clock that the constraints must state, in nanoseconds."""

    def __init__(self, period: float):
        super().__init__()
        self.period = period
        self.packaged: list[PackagedIp] = []
        self.implemented: list[str] = []
        self.said: list[str] = []
        self._open = False
        self._steps: list[str] = []

    def do_puts(self, text: str) -> None:
        self.said.append(text)

    def do_create_project(self, *arguments: str) -> None:
        force, _, _, option, self.part = arguments
        if self._open or force != "-force" or option != "-part":
            raise ToolError("create_project: a project is open, or wrong options")
        self._open, self._ip, self._steps = True, None, []
        self._sources: dict[str, Source] = {}
        self._top = ""

    def do_close_project(self) -> None:
        self._open = False

    def do_current_fileset(self) -> str:
        return "sources_1"

    def do_add_files(self, *arguments: str) -> None:
        fileset = arguments[1] if arguments[0] == "-fileset" else "sources_1"
        for name in self._list(arguments[-1]):
            path = Path(name)
            if not path.is_file():
                raise ToolError(f"add_files: no file {name}")
            self._sources[name] = Source(path, fileset, TYPES.get(path.suffix, "Unknown"))

    def do_get_files(self, names: str) -> str:
        for name in self._list(names):
            if name not in self._sources:
                raise ToolError(f"get_files: {name} is not in the project")
        return names

    def do_update_compile_order(self, *arguments: str) -> None:
        assert arguments == ("-fileset", "sources_1")

    def do_set_property(self, key: str, value: str, owner: str) -> None:
        kind, _, rest = owner.partition(":")
        if owner == "sources_1":
            self._top = self._known(key, {"top"}) and value
        elif owner == "ip":
            self.ip.properties[self._known(key, IP_PROPERTIES)] = value
        elif kind == "interface":
            self.ip.map_of[self._known(key, {"slave_memory_map_ref"}) and rest] = value
        elif kind == "block":
            map_, _, block = rest.partition("/")
            self.ip.maps[map_][block][self._known(key, BLOCK_PROPERTIES)] = value
        else:
            for name in self._list(owner):
                source = self._sources[name]
                setattr(source, {"file_type": "type", "used_in": "used_in"}[key], value)

    @staticmethod
    def _known(key: str, known: set[str]) -> str:
        if key not in known:
            raise ToolError(f"set_property: no property {key}")
        return key

    @property
    def ip(self) -> Ip:
        if self._ip is None:
            raise ToolError("no IP is open")
        return self._ip

    def do_ipx__package_project(self, *arguments: str) -> None:
        pairs = dict(zip(arguments[:-4:2], arguments[1:-4:2], strict=True))
        flags = arguments[8:]
        assert flags == ("-import_files", "-force", "-set_current", "true"), flags
        ports = self._ports()
        interfaces = {bus: (protocol, side) for bus, protocol, side in self._inferred(ports)}
        properties = {"vendor": pairs["-vendor"], "library": pairs["-library"]}
        self._ip = Ip(Path(pairs["-root_dir"]), properties, ports, interfaces)
        for bus, (protocol, side) in interfaces.items():
            if (protocol, side) == ("aximm", "slave"):
                self._ip.maps[bus] = {"reg0": {}}

    def _ports(self) -> dict[str, Port]:
        """The ports of the top module, whose text must be plain Verilog."""
        tops = [s for s in self._sources.values() if f"module {self._top} (" in s.path.read_text()]
        if len(tops) != 1 or tops[0].type != "Verilog":
            raise ToolError(f"the top {self._top} is no module of one Verilog file")
        head = tops[0].path.read_text().partition(");")[0]
        found = re.findall(r"(input|output) wire (?:\[(\d+):0\] )?(\w+)", head)
        return {name: Port(kind, int(high or 0) + 1) for kind, high, name in found}

    @staticmethod
    def _inferred(ports: dict[str, Port]) -> list[tuple[str, str, str]]:
        """Interfaces by the names of their ports."""
        found: list[tuple[str, str, str]] = []
        for name, port in ports.items():
            bus, _, signal = name.rpartition("_")
            named = {other.removeprefix(f"{bus}_") for other in ports if other.startswith(bus)}
            if signal == "AWADDR" and named == AXI_LITE:
                found.append((bus, "aximm", "slave" if port.direction == "input" else "master"))
            if signal == "TVALID" and {"TVALID", "TDATA"} <= named <= AXI_STREAM:
                found.append((bus, "axis", "slave" if port.direction == "input" else "master"))
        return found

    def do_ipx__current_core(self) -> str:
        return self.ip and "ip"

    def do_ipx__get_bus_interfaces(self, *arguments: str) -> str:
        names = [name for name in arguments[:-2] if name != "-quiet"]
        assert arguments[-2:] == ("-of_objects", "ip")
        found = [name for name in names if name in self.ip.interfaces]
        if not found and "-quiet" not in arguments:
            raise ToolError(f"no interface {names}")
        return " ".join(f"interface:{name}" for name in found)

    def do_ipx__associate_bus_interfaces(self, *arguments: str) -> None:
        _, bus, _, clock, _, reset, _ = arguments
        assert arguments[::2] == ("-busif", "-clock", "-reset", "ip")
        for port in (clock, reset):
            if port not in self.ip.ports:
                raise ToolError(f"no port {port}")
        self.ip.clocks[bus] = clock, reset

    def do_ipx__infer_bus_interface(self, port: str, vlnv: str, owner: str) -> None:
        if port not in self.ip.ports or not vlnv.startswith("xilinx.com:signal:"):
            raise ToolError(f"no port {port}, or no interface {vlnv}")
        self.ip.interfaces[port] = "interrupt", "master"

    def do_ipx__get_memory_maps(self, *arguments: str) -> str:
        return " ".join(f"map:{name}" for name in self.ip.maps)

    def do_ipx__remove_memory_map(self, name: str, owner: str) -> None:
        del self.ip.maps[name]

    def do_ipx__add_memory_map(self, name: str, owner: str) -> str:
        if name in self.ip.maps:
            raise ToolError(f"memory map {name} exists")
        self.ip.maps[name] = {}
        return f"map:{name}"

    def do_ipx__add_address_block(self, name: str, owner: str) -> str:
        map_ = owner.removeprefix("map:")
        self.ip.maps[map_][name] = {}
        return f"block:{map_}/{name}"

    def do_get_property(self, key: str, owner: str) -> str:
        known = {"NAME": owner.rpartition(":")[2], "SLACK": "0.1"}
        return known[key]

    def do_ipx__create_xgui_files(self, owner: str) -> None:
        self.ip.done.append("gui")

    def do_ipx__update_checksums(self, owner: str) -> None:
        self.ip.done.append("checksums")

    def do_ipx__check_integrity(self, owner: str) -> None:
        check_sources(self._sources.values(), self._top, self.period)
        for bus, (protocol, _) in self.ip.interfaces.items():
            if protocol != "interrupt" and bus not in self.ip.clocks:
                raise ToolError(f"{bus} has no clock")
        if self.ip.map_of != {"s_axi_control": "s_axi_control"}:
            raise ToolError("s_axi_control has no memory map")
        ((block, properties),) = self.ip.maps["s_axi_control"].items()
        if properties != {"range": "65536", "width": "32", "usage": "register"}:
            raise ToolError(f"address block {block}: {properties}")
        self.ip.done.append("checked")

    def do_ipx__save_core(self, owner: str) -> None:
        if self.ip.done != ["gui", "checksums", "checked"]:
            raise ToolError("save_core: not checked, or without GUI and checksums")
        names = ("vendor", "library", "name", "version")
        ((clock, reset),) = set(self.ip.clocks.values())
        (block,) = self.ip.maps["s_axi_control"]
        interfaces = {
            bus: both for bus, both in self.ip.interfaces.items() if both[0] != "interrupt"
        }
        streams = [bus for bus, (protocol, _) in interfaces.items() if protocol == "axis"]
        packaged = PackagedIp(
            ":".join(self.ip.properties[name] for name in names),
            interfaces,
            {bus: self.ip.ports[f"{bus}_TDATA"].bits for bus in streams},
            clock,
            reset,
            f"s_axi_control/{block}",
        )
        packaged.save(self.ip.root)
        self.packaged.append(packaged)

    def do_synth_design(self, *arguments: str) -> None:
        options = dict(zip(arguments[::2], arguments[1::2], strict=True))
        wanted = {"-top": self._top, "-part": self.part, "-mode": "out_of_context"}
        if options != wanted:
            raise ToolError(f"synth_design: {options}, expected {wanted}")
        check_sources(self._sources.values(), self._top, self.period)
        self._step("synth_design")

    def do_opt_design(self) -> None:
        self._step("opt_design")

    def do_place_design(self) -> None:
        self._step("place_design")

    def do_phys_opt_design(self) -> None:
        self._step("phys_opt_design")

    def do_route_design(self) -> None:
        self._step("route_design")
        self.implemented.append(self._top)

    def _step(self, name: str) -> None:
        self._steps.append(name)
        if tuple(self._steps) != STEPS[: len(self._steps)]:
            raise ToolError(f"{name} comes too early")

    def do_get_timing_paths(self) -> str:
        return "path"

    def do_report_utilization(self, *arguments: str) -> None:
        self._report(arguments)

    def do_report_timing_summary(self, *arguments: str) -> None:
        self._report(arguments)

    def _report(self, arguments: tuple[str, ...]) -> None:
        if self._steps != [*STEPS]:
            raise ToolError("a report of what is not routed")
        Path(arguments[-1]).write_text("report")
