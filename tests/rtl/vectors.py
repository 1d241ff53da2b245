"""Modules of the library, clocked through rows of random bits."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from licc.backends.rtl.simulate import cache_folder
from licc.backends.rtl.verilator import find_verilator

LIBRARY = Path(__file__).parents[2] / "backends" / "rtl" / "library"
BENCH = Path(__file__).with_name("vectors.cpp")


def simulated(folder: Path, lines: Sequence[str], outputs: int, rows: bytes) -> np.ndarray:
    """What a module `rows` makes of rows, [cycles, outputs] bits."""
    head = [
        "module rows (",
        "    input logic clock,",
        "    input logic [511:0] in,",
        f"    output logic [{64 * outputs - 1}:0] out",
        ");",
        "  wire unused = &{1'b0, clock, in};",
    ]
    (folder / "rows.sv").write_text("\n".join([*head, *lines, "endmodule\n"]))
    paths = (str(LIBRARY), str(LIBRARY.parent / "simulation"))
    program = find_verilator().build(folder, "rows.sv", paths, BENCH, cache_folder())
    (folder / "in.bin").write_bytes(rows)
    subprocess.run([program, "in.bin", "out.bin"], cwd=folder, check=True, timeout=60)
    return np.frombuffer((folder / "out.bin").read_bytes(), np.uint64).reshape(-1, outputs)
