"""The scripts that make an IP of a printed core, or implement it, run without Vivado."""

import re
from pathlib import Path

import pytest
from xdsl.parser import Parser

from licc.backends.hls.scripts import Device
from licc.backends.rtl import write_rtl
from licc.backends.rtl.scripts import write_scripts
from licc.compiler import make_context

pytest.importorskip("tkinter", reason="Python without Tcl: `apt-get install python3-tk`")

from licc.tests.unit.packaged_ip import PackagedIp, exported_by_hls
from licc.tests.unit.vivado_ip import VivadoIp

ENGINE = Path(__file__).parents[2] / "docs" / "engines" / "convolution.mlir"
DEVICE = Device("xczu9eg-ffvb1156-2-e", 300)
PERIOD = 3.33333


@pytest.fixture
def printed(tmp_path: Path) -> Path:
    """A core, f, whose streams have 16 bits, with scripts for Vivado."""
    module = Parser(make_context(), ENGINE.read_text()).parse_module()
    write_scripts(write_rtl(module, tmp_path), DEVICE)
    return tmp_path


def test_the_ip_is_that_of_hls_but_for_its_name(printed: Path) -> None:
    tool = VivadoIp(PERIOD)
    tool.run(printed / "vivado" / "package_ip.tcl")
    (ip,) = tool.packaged
    assert PackagedIp.load(printed / "f" / "ip") == ip
    wanted = exported_by_hls("f", 16, 16)
    assert ip == PackagedIp(**{**wanted.__dict__, "vlnv": "licc:rtl:f:1.0"})
    assert tool.ip.interfaces["interrupt"] == ("interrupt", "master")


def test_the_core_alone(printed: Path) -> None:
    tool = VivadoIp(PERIOD)
    tool.run(printed / "vivado" / "implement.tcl", "f")
    assert tool.implemented == ["f_ip"]
    assert tool.said == ["f: slack of 0.1 ns at a period of 3.33333 ns"]
    names = {path.name for path in (printed / "vivado").iterdir()}
    assert {"f_utilization.rpt", "f_timing.rpt"} <= names


def test_cores_that_are_not_there(printed: Path) -> None:
    with pytest.raises(Exception, match="there is no core g; there are f"):
        VivadoIp(PERIOD).run(printed / "vivado" / "package_ip.tcl", "g")


FAULTS = {
    "project.tcl": {
        "library] *.sv": ("library] licc_f*.sv", "module licc_control is there 0 times"),
        "$own *.sv *.v": ("$own *.sv", "the top f_ip is no module of one Verilog file"),
        "$own *.sv": ("$own f.sv", "module conv_convolve is there 0 times"),
        "    add_files -norecurse $constants\n": ("", "is not in the project"),
        "{Memory Initialization Files}": ("Text", "synthesis does not find the constants of conv"),
        " out_of_context}": ("}", "would constrain the block design's clock"),
        "${core}_ip [current": ("${core} [current", "the top f is no module of one Verilog file"),
        "library] *.sv]\n": (
            "library] *.sv]\n    add_files [file join $here .. simulation DSP48E2.sv]\n",
            "DSP48E2 is a model that hides the primitive",
        ),
    },
    "package_ip.tcl": {
        "-clock ap_clk": ("-clock clock", "no port clock"),
        "{s_axi_control in_r out_r}": ("{s_axi_control in_r}", "out_r has no clock"),
        "{s_axi_control in_r": ("{s_axi_control in", "infers no interface in from the ports"),
        "set_property slave_memory_map_ref s_axi": ("list s_axi", "has no memory map"),
        "range 65536": ("range 16", "address block Reg"),
        "        ipx::remove_memory_map": ("        list", "memory map s_axi_control exists"),
        "    ipx::check_integrity $ip\n": ("", "save_core: not checked"),
        "interrupt xilinx": ("irq xilinx", "no port irq"),
    },
    "implement.tcl": {
        "    place_design\n": ("", "phys_opt_design comes too early"),
        "-top ${core}_ip": ("-top $core", "synth_design: "),
    },
}


@pytest.mark.parametrize(
    ("script", "fault"), [(script, fault) for script, faults in FAULTS.items() for fault in faults]
)
def test_faults_in_the_scripts_are_seen(printed: Path, script: str, fault: str) -> None:
    """The checks can fail."""
    path = printed / "vivado" / script
    replacement, message = FAULTS[script][fault]
    assert fault in path.read_text()
    path.write_text(path.read_text().replace(fault, replacement))
    runs = script if script != "project.tcl" else "package_ip.tcl"
    with pytest.raises(Exception, match=re.escape(message)) as caught:
        VivadoIp(PERIOD).run(printed / "vivado" / runs)
    assert type(caught.value).__name__ in ("ToolError", "TclError")


@pytest.mark.parametrize(
    ("name", "fault", "replacement", "message"),
    [
        ("f/f_ooc.xdc", "3.33333", "5", "a period of 5 ns"),
        ("f/f_ooc.xdc", "ap_clk]", "clock]", "no clock in f_ooc.xdc"),
        ("f/f_ip.v", "in_r_", "in_", "infers no interface in_r from the ports"),
        ("f/f_ip.v", "s_axi_control_WSTRB", "WSTRB", "infers no interface s_axi_control"),
        ("f/f_ip.v", "ap_rst_n", "reset_n", "no port ap_rst_n"),
        ("f/f_ip.v", "f core (", "g core (", "module g is there 0 times"),
    ],
)
def test_faults_in_printed_text_are_seen(
    printed: Path, name: str, fault: str, replacement: str, message: str
) -> None:
    path = printed / name
    assert fault in path.read_text()
    path.write_text(path.read_text().replace(fault, replacement))
    with pytest.raises(Exception, match=re.escape(message)):
        VivadoIp(PERIOD).run(printed / "vivado" / "package_ip.tcl")
