"""`licc-opt`: runs passes on text, like `mlir-opt`."""

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from xdsl.utils.exceptions import (
    ArgSpecParseError,
    DiagnosticException,
    ParseError,
    VerifyException,
)
from xdsl.xdsl_opt_main import xDSLOptMain

from .backends import get_all_targets
from .compiler import known_passes
from .dialects import get_all_dialects
from .passes.plugins import PluginError


class LiccOptMain(xDSLOptMain):
    """xDSL's driver with licc's dialects, passes and targets, and the passes of `--load` files."""

    def __init__(self, args: Sequence[str] | None = None):
        given = list(sys.argv[1:] if args is None else args)
        self._plugins = [Path(b) for a, b in pairwise(given) if a == "--load"]
        super().__init__("licc-opt: runs licc's passes on IR", given)

    def register_all_arguments(self, arg_parser: ArgumentParser) -> None:
        """xDSL's arguments and `--load`."""
        super().register_all_arguments(arg_parser)
        arg_parser.add_argument(
            "--load",
            action="append",
            metavar="FILE.py",
            help="a Python file that defines passes or cores",
        )

    def register_all_dialects(self) -> None:
        """Dialects load when the input first uses them."""
        for name, dialect in get_all_dialects().items():
            self.ctx.register_dialect(name, dialect)

    def register_all_passes(self) -> None:
        """licc's passes, those of installed packages, those of `--load`."""
        for name, factory in known_passes(tuple(self._plugins)).items():
            self.register_pass(name, factory)

    def register_all_targets(self) -> None:
        """MLIR text, and licc's backends."""
        super().register_all_targets()
        self.available_targets |= get_all_targets()


def main(args: Sequence[str] | None = None) -> int:
    """Runs `licc-opt`; returns its exit status."""
    try:
        LiccOptMain(args).run()
    except (
        ArgSpecParseError,
        DiagnosticException,
        ParseError,
        PluginError,
        ValueError,
        VerifyException,
    ) as error:
        print(f"licc-opt: error: {error}", file=sys.stderr)
        return 1
    return 0
