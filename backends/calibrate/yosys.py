"""Reads what `stat -json` of yosys prints after `synth_xilinx`, with or without `-hierarchy`.

Cells are counted as Vivado's utilisation counts them (UG574, UG974): a LUT that stores counts as
one that computes, so a shift register of up to 32 bits is one LUT, and distributed RAM as many as
its primitive has. The slice's own multiplexers (MUXF7 to MUXF9) and carry chains are no LUTs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from .reports import Amounts, CalibrationError, Report

LUT_CELLS = {
    **{f"LUT{inputs}": 1 for inputs in range(1, 7)},
    **dict.fromkeys(("LUT6_2", "INV", "SRL16E", "SRLC16E", "SRLC32E"), 1),
    **dict.fromkeys(("RAM32X1S", "RAM64X1S"), 1),
    **dict.fromkeys(("RAM32X1D", "RAM64X1D", "RAM128X1S"), 2),
    **dict.fromkeys(("RAM128X1D", "RAM256X1S", "RAM32M", "RAM64M"), 4),
    **dict.fromkeys(("RAM256X1D", "RAM512X1S", "RAM32M16", "RAM64M8"), 8),
}
FF_CELLS = (
    *("FDRE", "FDSE", "FDCE", "FDPE", "FDRE_1", "FDSE_1", "FDCE_1", "FDPE_1"),
    *("LDCE", "LDPE"),
)
DSP_CELLS = ("DSP48E2", "DSP48E1")
BRAM_CELLS = {
    **dict.fromkeys(("RAMB18E2", "RAMB18E1", "FIFO18E2"), 0.5),
    **dict.fromkeys(("RAMB36E2", "RAMB36E1", "FIFO36E2"), 1),
}
FREE_CELLS = (
    *("CARRY4", "CARRY8", "MUXF7", "MUXF8", "MUXF9", "GND", "VCC", "$scopeinfo"),
    *("IBUF", "OBUF", "OBUFT", "IOBUF", "IBUFG", "BUFG", "BUFGCE", "BUFGCTRL"),
)
CELLS = {
    **{cell: Amounts(lut=count) for cell, count in LUT_CELLS.items()},
    **dict.fromkeys(FF_CELLS, Amounts(ff=1)),
    **dict.fromkeys(DSP_CELLS, Amounts(dsp=1)),
    **{cell: Amounts(bram36=count) for cell, count in BRAM_CELLS.items()},
    **dict.fromkeys(FREE_CELLS, Amounts()),
}


def parse_yosys(path: Path, text: str, apart: frozenset[str] = frozenset()) -> Report:
    """The report that a text holds, in which modules `apart` are not counted as parts of others;
    `CalibrationError` if it is not of yosys, or counts cells that a Xilinx device does not have."""
    try:
        found: object = json.loads(text)
    except ValueError as error:
        raise CalibrationError(f"{path}: not JSON: {error}") from error
    table = cast(dict[str, object], found) if isinstance(found, dict) else {}
    listed = table.get("modules")
    if not isinstance(listed, dict) or not listed:
        raise CalibrationError(
            f"{path}: not a report of yosys: it must hold 'modules', as `stat -json` prints them"
        )
    modules = {
        name.removeprefix("\\"): _cells(path, name, entry)
        for name, entry in cast(dict[str, object], listed).items()
    }
    amounts = _Hierarchy(path, modules, apart)
    creator = str(table.get("creator", "yosys")).partition(" (")[0]
    return Report(path, creator, "", tuple((base_name(name), amounts.of(name)) for name in modules))


def base_name(module: str) -> str:
    """The name of a module in the source: `$paramod\\engine\\W=s32'1` is an `engine`."""
    return module.split("\\")[1] if module.startswith("$paramod") else module


def _cells(path: Path, module: str, entry: object) -> dict[str, int]:
    """How many cells of every type a module has; with `-hierarchy`, inside its modules as well."""
    fields = cast(dict[str, object], entry) if isinstance(entry, dict) else {}
    cells = fields.get("num_cells_by_type")
    if not isinstance(cells, dict):
        raise CalibrationError(f"{path}: {module} has no 'num_cells_by_type'")
    counts: dict[str, int] = {}
    for cell, value in cast(dict[str, object], cells).items():
        nested = cast(dict[str, object], value) if isinstance(value, dict) else {"count": value}
        count = str(nested.get("count"))
        if not count.isdecimal():
            raise CalibrationError(
                f"{path}: {module}: the count of {cell} must be a whole number, found {value!r}"
            )
        counts[cell.removeprefix("\\")] = int(count)
    return counts


@dataclass
class _Hierarchy:
    """Adds up modules and the modules inside them."""

    path: Path
    modules: Mapping[str, Mapping[str, int]]
    apart: frozenset[str]
    _known: dict[str, Amounts] = field(default_factory=lambda: dict(CELLS))
    _open: list[str] = field(default_factory=list[str])

    def of(self, name: str) -> Amounts:
        """What a module or a cell takes."""
        if name not in self._known:
            self._check(name)
            self._open.append(name)
            self._known[name] = self.total(name)
            self._open.pop()
        return self._known[name]

    def _check(self, name: str) -> None:
        if name in self._open:
            raise CalibrationError(f"{self.path}: {name} contains itself")
        if name not in self.modules:
            raise CalibrationError(
                f"{self.path}: {self._open[-1]} has a cell {name}, of which it is not known what "
                "it takes; map the design with synth_xilinx"
            )

    def total(self, name: str) -> Amounts:
        """The sum over the cells of a module."""
        cells = self.modules[name].items()
        counted = (item for item in cells if base_name(item[0]) not in self.apart)
        return sum((self.of(cell) * count for cell, count in counted), Amounts())
