"""Designs, and reports of them as a synthesis tool would write them if a cost model were true.

The reports have the form of Vitis HLS's and of yosys's, and made-up numbers: no tool wrote them.
"""

import json
import xml.etree.ElementTree as xml
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from xdsl.dialects.builtin import ModuleOp

from licc.backends.calibrate.fit import FEWEST_SAMPLES
from licc.backends.calibrate.reports import Amounts
from licc.backends.calibrate.samples import Sample
from licc.backends.calibrate.spreads import predict
from licc.backends.calibrate.subjects import Subject, port_widths, subjects_of
from licc.backends.report import build_report
from licc.backends.targets import load_target
from licc.compiler import make_context
from licc.dialects.coefficients import NAMES, Coefficients
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.fuse_streams import FuseStreams
from licc.passes.size_fifos import SizeFifos
from licc.tests.unit.stream_programs import hyperprior

PART = "xczu9eg-ffvb1156-2-e"
Change = Callable[[Subject, Amounts], Amounts]


@cache
def codec() -> ModuleOp:
    """A balanced hyperprior codec at the stream level, with enough actors of every class."""
    module = hyperprior(16, 24, 256, 256)
    for pass_ in (FuseStreams(), BalancePipeline(dsp=600), SizeFifos()):
        pass_.apply(make_context(), module)
    return module


@cache
def subjects() -> tuple[Subject, ...]:
    """What can be measured of the codec."""
    return subjects_of(codec())


def write_design(folder: Path) -> Path:
    """A design folder with what calibration reads of one."""
    (folder / "ir").mkdir(parents=True)
    (folder / "ir" / "stream.mlir").write_text(f"{codec()!s}\n")
    report = build_report(codec(), load_target("zcu102"), 200.0, (256, 256), {"file": "none"})
    (folder / "report.json").write_text(json.dumps(report))
    return folder


def measure(
    truth: Coefficients,
    change: Change = lambda subject, amounts: amounts,
    module: ModuleOp | None = None,
) -> list[Sample]:
    """A sample of every subject of a module, by default of the codec: what the cost model says
    with `truth`, and then `change`."""
    found = subjects() if module is None else subjects_of(module)
    empty = [Sample(subject, Amounts(), "made up") for subject in found]
    return [replace(s, measured=change(s.subject, predict(s, truth))) for s in empty]


def undetermined(samples: Iterable[Sample]) -> set[str]:
    """The coefficients of which there are too few samples to fit them."""
    counts = sum(sample.subject.terms.factors.any(axis=0).astype(int) for sample in samples)
    return {name for name, count in zip(NAMES, counts, strict=True) if count < FEWEST_SAMPLES}


def write_vitis(
    folder: Path, samples: Iterable[Sample], module: ModuleOp | None = None, part: str = PART
) -> list[Path]:
    """A csynth.xml for every core of the samples of a module, by default of the codec."""
    widths = port_widths(module or codec())
    cores: dict[str, list[Sample]] = {}
    for sample in samples:
        cores.setdefault(sample.subject.core, []).append(sample)
    paths = [folder / f"{core}_csynth.xml" for core in cores]
    for path, (core, found) in zip(paths, cores.items(), strict=True):
        path.write_bytes(xml.tostring(_profile(core, found, widths[core], part)))
    return paths


def _profile(core: str, samples: list[Sample], widths: Mapping[str, int], part: str) -> xml.Element:
    profile = xml.Element("profile")
    _texts(xml.SubElement(profile, "ReportVersion"), Version="2024.2")
    settings = {"Part": part, "TopModelName": core, "TargetClockPeriod": "5.00"}
    _texts(xml.SubElement(profile, "UserAssignments"), **settings)
    amounts = {s.subject.modules[0]: s.measured for s in samples}
    _area(profile, amounts[core])
    interface = xml.SubElement(profile, "InterfaceSummary")
    for port, bits in widths.items():
        _texts(xml.SubElement(interface, "RtlPorts"), name=port, Bits=str(bits))
    information = xml.SubElement(profile, "ModuleInformation")
    for name, found in amounts.items():
        module = xml.SubElement(information, "Module")
        _texts(module, Name=name)
        _area(module, found)
    return profile


def _area(parent: xml.Element, amounts: Amounts) -> None:
    resources = xml.SubElement(xml.SubElement(parent, "AreaEstimates"), "Resources")
    blocks = str(round(2 * amounts.bram36))
    counts = {"DSP": amounts.dsp, "FF": amounts.ff, "LUT": amounts.lut}
    _texts(resources, BRAM_18K=blocks, **{key: str(round(n)) for key, n in counts.items()})


def _texts(parent: xml.Element, **texts: str) -> None:
    for tag, text in texts.items():
        xml.SubElement(parent, tag).text = text


def write_yosys(path: Path, samples: Iterable[Sample]) -> Path:
    """What `stat -json` prints of a hierarchy with a module for every actor and port."""
    modules = {
        f"\\{sample.subject.name}": {
            "num_cells_by_type": {
                "DSP48E2": round(sample.measured.dsp),
                "RAMB18E2": round(2 * sample.measured.bram36),
                "LUT4": round(sample.measured.lut),
                "FDRE": round(sample.measured.ff),
                "CARRY8": 7,
            }
        }
        for sample in samples
    }
    path.write_text(json.dumps({"creator": "Yosys 0.70 (made up)", "modules": modules}))
    return path
