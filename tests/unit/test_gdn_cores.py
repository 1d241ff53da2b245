"""The GDN cores on all mantissas: errors as they declare, and no larger; widths within what
they declare; and the same bits in C++.
"""

import subprocess
from fractions import Fraction
from math import isqrt
from pathlib import Path

import numpy as np
import pytest

from licc.runtime.gdn_cores import (
    TABLE,
    Approximation,
    Form,
    GdnCore,
    LaneCost,
    built_in_cores,
    check,
    form_of,
    largest_error,
    mantissas,
)
from licc.runtime.gdn_cores.core import within
from licc.runtime.gdn_cores.linear import lines
from licc.runtime.gdn_cores.newton import newton
from licc.runtime.gdn_cores.polynomial import parabolas
from licc.runtime.gdn_cores.roots import first_segment, rounded

INCLUDE = Path(__file__).parents[2] / "backends" / "hls" / "include"
PAGE = Path(__file__).parents[2] / "docs" / "gdn.md"
CORES = built_in_cores()
FUNCTIONS = {
    Form.L2: lambda u: u**-0.5,
    Form.L2_INVERSE: lambda u: u**0.5,
    Form.L1: lambda u: 1 / u,
}
CASES = [(name, form) for name, core in CORES.items() for form in core.forms]


@pytest.mark.parametrize("name", CORES)
def test_every_mantissa_is_within_the_declared_error(name: str) -> None:
    """`check` raises if one is not; no bound is looser than 2^-20 allows."""
    core = CORES[name]
    check(core)
    assert set(core.forms) == set(Form)
    for form, each in core.forms.items():
        assert largest_error(form, each.evaluate(mantissas(form))) == each.error


@pytest.mark.parametrize(("name", "form"), CASES)
def test_the_exact_proof_agrees_with_floating_point(name: str, form: Form) -> None:
    m, each = mantissas(form), CORES[name].forms[form]
    exact = 2.0**16 * FUNCTIONS[form](m / 2.0**18)
    error = np.abs(each.evaluate(m) / exact - 1)
    assert float(each.error) - 2.0**-20 < error.max() <= float(each.error)
    units = int(each.error * 2**20) // 2
    certain = np.abs(error * 2**20 - units) > 1e-6
    assert (within(form, each.evaluate(m), units) == (error * 2**20 <= units))[certain].all()


@pytest.mark.parametrize("index_bits", [6, 9])
@pytest.mark.parametrize("form", Form)
def test_lines_stay_within_their_curvature(form: Form, index_bits: int) -> None:
    """1/2 for the entries, 1/2 for the value, 2^16 · h² / 8 · max |g''| for the line."""
    curvature = {
        Form.L2: lambda u: 0.75 * u**-2.5,
        Form.L2_INVERSE: lambda u: 0.25 * u**-1.5,
        Form.L1: lambda u: 2 * u**-3.0,
    }[form]
    m, segments = mantissas(form), 1 << index_bits
    exact = 2.0**16 * FUNCTIONS[form](m / 2.0**18)
    line = 2.0**13 / segments**2 * curvature((m >> (18 - index_bits)) / segments)
    assert (np.abs(lines(form, index_bits).evaluate(m) - exact) <= 1 + line).all()


@pytest.mark.parametrize("form", Form)
def test_entries_are_rounded_exactly(form: Form) -> None:
    """The integer b with (2b − 1) < 2^17 · g(i/512) ≤ (2b + 1), in integers."""
    for i in range(first_segment(form, 9), 513):
        entry = rounded(form, i, 512, 16)
        twice = {
            Form.L2: isqrt((512 << 34) // i),
            Form.L2_INVERSE: isqrt((i << 34) // 512),
            Form.L1: (512 << 17) // i,
        }[form]
        assert twice in (2 * entry - 1, 2 * entry)


def bits(values: np.ndarray) -> int:
    """Bits of the largest magnitude."""
    return int(np.abs(values).max()).bit_length()


@pytest.mark.parametrize(("name", "form"), CASES)
def test_what_is_computed_fits_the_declared_widths(name: str, form: Form) -> None:
    m, widths = mantissas(form), CORES[name].forms[form].widths
    if name == "newton":
        found = newton(form)
        seed = found.seed[(m >> 10) - found.first]
        rest = {
            Form.L2: ((1 << 37) - (m * seed >> 5) * seed) >> 13,
            Form.L2_INVERSE: (m << 6) - seed * seed,
            Form.L1: ((1 << 30) - m * seed) >> 6,
        }[form]
        assert widths["seed"] >= bits(seed)
        assert widths["rest"] > bits(rest)
        step = seed * rest >> (1 if form is Form.L2 else 0)
        assert widths["sum"] >= bits((seed << 24) + step)
    elif name == "polynomial":
        curve, t = parabolas(form), m & 4095
        index = (m >> 12) - curve.first
        slope = curve.linear[index] + ((curve.square[index] * t + 2048) >> 12)
        assert widths["slope"] > bits(slope)
        assert widths["product"] > bits(slope * t)
    else:
        table, shift = lines(form, 9 if name == "table" else 6), 18 - (9 if name == "table" else 6)
        slope, fraction = table.slope[(m >> shift) - table.first], m & ((1 << shift) - 1)
        assert widths["slope"] > bits(slope)
        assert widths["product"] > bits(slope * fraction)


def test_inverse_l1_needs_none() -> None:
    """Two bits are dropped: at most 3/4 of 2^15."""
    assert form_of(l2=False, inverse=True) is None
    m = np.arange(1 << 17, 1 << 18)
    assert ((m / 4 - (m >> 2)) / (m / 4)).max() < 2.3e-5


def changed(error: Fraction, add: int = 0, dtype: type = np.int64) -> GdnCore:
    """The table's reciprocal with another bound, and every factor moved."""
    evaluate = TABLE.forms[Form.L1].evaluate
    form = Approximation(lambda m: (evaluate(m) + add).astype(dtype), error, LaneCost(1))
    return GdnCore("mine", {Form.L1: form})


@pytest.mark.parametrize(
    ("core", "message"),
    [
        (changed(Fraction(15, 1 << 20)), "l1: the factor of mantissa .* must be within 1.43e-05"),
        (changed(Fraction(200, 1 << 20), add=-(1 << 17)), r"must be in 0..131072, is -"),
        (changed(Fraction(1, 3)), r"error must be a multiple of 2\^-20 in 0..1, found 1/3"),
        (changed(Fraction(16, 1 << 20), dtype=np.int32), "must give an int64 for each mantissa"),
    ],
)
def test_a_wrong_declaration_is_found(core: GdnCore, message: str) -> None:
    with pytest.raises(ValueError, match=f"GDN core mine: .*{message}"):
        check(core)


PROGRAM = """
#include <cstdio>
#include <hls_stream.h>
#include <licc/licc.h>
template <class CORE, licc::norm FORM, bool INVERSE> void all(int first) {
    for (int m = first; m < 1 << 18; ++m) {
        const int r = int(CORE::template factor<FORM, INVERSE>(licc::uint<18>::type(m)));
        std::fwrite(&r, sizeof r, 1, stdout);
    }
}
int main() {
CALLS
}
"""
ARGUMENTS = {
    Form.L2: "licc::norm::l2, false",
    Form.L2_INVERSE: "licc::norm::l2, true",
    Form.L1: "licc::norm::l1, false",
}


def test_all_mantissas_in_cpp(tmp_path: Path) -> None:
    """What the kernels compute is what the definition computes, bit for bit."""
    calls = [
        f"    all<licc::{CORES[name].struct}, {ARGUMENTS[form]}>({mantissas(form)[0]});"
        for name, form in CASES
    ]
    source, binary = tmp_path / "all.cpp", tmp_path / "all"
    source.write_text(PROGRAM.replace("CALLS", "\n".join(calls)))
    flags = ["-std=c++17", "-O1", "-Wno-unknown-pragmas", f"-I{INCLUDE}", f"-I{INCLUDE / 'sim'}"]
    subprocess.run(["g++", *flags, str(source), "-o", str(binary)], check=True)
    done = subprocess.run([str(binary)], check=True, capture_output=True)
    found, at = np.frombuffer(done.stdout, np.int32), 0
    for name, form in CASES:
        m = mantissas(form)
        assert np.array_equal(found[at : at + m.size], CORES[name].forms[form].evaluate(m)), name
        at += m.size
    assert at == found.size


@pytest.mark.parametrize(("name", "form"), CASES)
def test_the_page_says_what_a_core_declares(name: str, form: Form) -> None:
    each = CORES[name].forms[form]
    cost = each.cost
    error = f"{int(each.error * 2**20)} · 2^-20 = {float(each.error):.2g}"
    cells = (error, cost.dsp, cost.bram18, cost.lut, cost.ff, cost.latency)
    row = f"| {form.replace('_', ' ')} | {' | '.join(map(str, cells))} |"
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith(f"| `{name}` ")]
    assert sum(line.endswith(row) for line in rows) == 1
