"""What is wrong with the files that Vivado would synthesise a core from: modules without a text,
constants that it would not find, the primitive DSP48E2 hidden by a model, no clock.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from licc.tests.unit.tcl import ToolError

TYPES = {".sv": "SystemVerilog", ".v": "Verilog", ".xdc": "XDC"}
MEMORY = "Memory Initialization Files"


@dataclass
class Source:
    """A file of a project."""

    path: Path
    fileset: str
    type: str
    used_in: str = "synthesis implementation"


def check_sources(sources: Collection[Source], top: str, period: float) -> None:
    """`ToolError` if a module is not there exactly once, if constants are missing, or if the clock
    has not `period` nanoseconds."""
    logic = [source for source in sources if source.type in ("SystemVerilog", "Verilog")]
    text = "\n".join(source.path.read_text() for source in logic)
    defined = re.findall(r"^module (\w+)", text, re.MULTILINE)
    if "DSP48E2" in defined:
        raise ToolError("DSP48E2 is a model that hides the primitive")
    used = {top, *re.findall(r"^ +(licc_\w+) (?:#\(|\w+ \()", text, re.MULTILINE)}
    used |= {*re.findall(r"^ +(\w+) (?:core|\w+_actor) \(", text, re.MULTILINE)}
    for module in sorted(used):
        if defined.count(module) != 1:
            raise ToolError(f"module {module} is there {defined.count(module)} times")
    memories = {source.path.name for source in sources if source.type == MEMORY}
    for actor in re.findall(r'\.FILES\("(\w+)"\)', text):
        own = next(source.path for source in logic if source.path.stem == actor).parent
        wanted = {path.name for path in own.glob(f"{actor}_*.hex")}
        if not wanted or not wanted <= memories:
            raise ToolError(f"synthesis does not find the constants of {actor}")
    check_clock([source for source in sources if source.type == "XDC"], period)


def check_clock(constraints: Collection[Source], period: float) -> None:
    """The clock of a core by itself, which a block design does not see."""
    (clock,) = constraints
    (words,) = (line.split() for line in clock.path.read_text().splitlines())
    options = dict(zip(words[1:-2:2], words[2:-2:2], strict=True))
    if words[0] != "create_clock" or words[-2:] != ["[get_ports", "ap_clk]"]:
        raise ToolError(f"no clock in {clock.path.name}")
    if float(options["-period"]) != period:
        raise ToolError(f"a period of {options['-period']} ns")
    if "out_of_context" not in clock.used_in.split() or clock.fileset != "constrs_1":
        raise ToolError(f"{clock.path.name} would constrain the block design's clock")
