"""Reads the folder of a design."""

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import ParseError, VerifyException

from ...dialects import get_all_dialects

LEVELS = ("float", "integer", "stream")
REPORT = "report.json"


class DesignError(ValueError):
    """A folder that is no design, or cannot be written."""


@dataclass(frozen=True)
class Design:
    """A folder written by `licc compile`."""

    path: Path

    @cached_property
    def report(self) -> dict[str, Any]:
        """The contents of `report.json`."""
        return json.loads((self.path / REPORT).read_text())

    @property
    def hls(self) -> Path:
        """The HLS project."""
        return self.path / "hls"

    @property
    def rtl(self) -> Path:
        """The SystemVerilog, once it has been asked for."""
        return self.path / "rtl"

    @property
    def model(self) -> Path:
        """The file that was compiled."""
        return self.path / "model" / str(self.report["model"]["file"])

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frame."""
        width, height = self.report["size"]
        return int(width), int(height)

    def module(self, level: str) -> ModuleOp:
        """The program at the float, integer or stream level."""
        path = self.path / "ir" / f"{level}.mlir"
        context = Context()
        for name, dialect in get_all_dialects().items():
            context.register_dialect(name, dialect)
        try:
            return Parser(context, path.read_text(), str(path)).parse_module()
        except (OSError, ParseError, VerifyException) as error:
            raise DesignError(f"{path}: {error}") from error


def open_design(path: Path) -> Design:
    """The design in a folder; `DesignError` if there is none."""
    design = Design(path)
    try:
        found = set(design.report)
    except (OSError, ValueError) as error:
        raise DesignError(
            f"{path}: not a design: its {REPORT} cannot be read ({error}); "
            "`licc compile MODEL -o DESIGN` writes one"
        ) from error
    if missing := {"engines", "model", "size", "target"} - found:
        raise DesignError(f"{path}/{REPORT} has no {', '.join(sorted(missing))}")
    return design
