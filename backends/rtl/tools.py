"""Runs the tools that read SystemVerilog."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import RtlError

SHOWN_LINES = 20
OUTER_MAKE = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")


def execute(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] = os.environ
) -> str:
    """Runs a command in a folder; returns what it prints, `RtlError` with its first lines if it
    fails."""
    # The job server of a make that runs us is not for our own make.
    inherited = {key: value for key, value in environment.items() if key not in OUTER_MAKE}
    done = subprocess.run(command, cwd=folder, env=inherited, capture_output=True, text=True)
    if done.returncode:
        lines = (done.stderr + done.stdout).strip().splitlines()[:SHOWN_LINES]
        raise RtlError(f"{Path(command[0]).name} fails in {folder}:\n" + "\n".join(lines))
    return done.stdout
