"""Reads the reports of Vitis HLS: `csynth.xml`, which holds every module of a core, and
`<module>_csynth.xml`, which holds one.

Both have a root `profile`; the amounts of the module `UserAssignments/TopModelName` stand in
`AreaEstimates/Resources`, those of all modules of a core in `ModuleInformation/Module`. Amounts
include what is instantiated inside a module. So written by releases from 2020.2 on.
"""

import xml.etree.ElementTree as xml
from pathlib import Path

from .reports import Amounts, CalibrationError, Report

AREA = "AreaEstimates/Resources"
BLOCKS = "BRAM_18K"


def parse_vitis(path: Path, text: str) -> Report:
    """The report that a text holds; `CalibrationError` if Vitis HLS did not write it."""
    try:
        root = xml.fromstring(text)
    except xml.ParseError as error:
        raise CalibrationError(f"{path}: not XML: {error}") from error
    top = root.findtext("UserAssignments/TopModelName", "").strip()
    if root.tag != "profile" or not top or root.find(AREA) is None:
        raise CalibrationError(
            f"{path}: not a report of Vitis HLS: it must have a <profile> with "
            f"UserAssignments/TopModelName and {AREA}, found <{root.tag}>"
        )
    modules = {top: _amounts(path, top, root)}
    for module in root.iterfind("ModuleInformation/Module"):
        name = module.findtext("Name", "").strip()
        if name and module.find(AREA) is not None:
            modules.setdefault(name, _amounts(path, name, module))
    part = root.findtext("UserAssignments/Part", "").strip()
    return Report(path, _tool(root, part), part, tuple(modules.items()), top, _port_bits(root))


def _tool(root: xml.Element, part: str) -> str:
    """The tool and what it was set to."""
    version = root.findtext("ReportVersion/Version", "").strip()
    period = root.findtext("UserAssignments/TargetClockPeriod", "").strip()
    name = " ".join(filter(None, ("Vitis HLS", version)))
    return ", ".join(filter(None, (name, part, f"{period} ns" if period else "")))


def _amounts(path: Path, module: str, element: xml.Element) -> Amounts:
    def amount(tag: str) -> int:
        text = element.findtext(f"{AREA}/{tag}", "").strip()
        if not text.isdecimal():
            raise CalibrationError(
                f"{path}: {module}: {tag} must be a whole number from 0 on, "
                f"found {text or 'nothing'}"
            )
        return int(text)

    return Amounts(amount("DSP"), amount(BLOCKS) / 2, amount("LUT"), amount("FF"))


def _port_bits(root: xml.Element) -> dict[str, int]:
    ports = root.iterfind("InterfaceSummary/RtlPorts")
    found = ((port.findtext("name", ""), port.findtext("Bits", "")) for port in ports)
    return {name: int(bits) for name, bits in found if bits.isdecimal()}
