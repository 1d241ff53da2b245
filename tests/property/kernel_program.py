"""Designs of a few actors, hand-assembled as the HLS backend prints them, beside what NumPy says
they compute; and their compilation with g++.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from licc.backends.lint import lint
from licc.tests.property.kernel_layout import IntArray, from_beats, to_beats

ROOT = Path(__file__).parents[2]
INCLUDE = ROOT / "backends" / "hls" / "include"
WARNINGS = ["-Wall", "-Wextra", "-Werror", "-Wno-unknown-pragmas"]
# Memories start with rubbish, as those of a chip do from the second frame on.
RUBBISH = "-ftrivial-auto-var-init=pattern"
FLAGS = ["-std=c++17", *WARNINGS, "-DLICC_SIMULATION", "-DLICC_FRAMES=3", RUBBISH]
COMPILE_SECONDS = 600
RUN_SECONDS = 60


@dataclass(frozen=True)
class Integer:
    """`sint<bits>` or `uint<bits>`."""

    bits: int
    signed: bool = True

    def __str__(self) -> str:
        return f"licc::{'sint' if self.signed else 'uint'}<{self.bits}>"

    @property
    def bounds(self) -> tuple[int, int]:
        """The smallest and the largest value."""
        low = -(1 << (self.bits - 1)) if self.signed else 0
        return low, low + (1 << self.bits) - 1

    def random(self, rng: np.random.Generator, shape: Sequence[int]) -> IntArray:
        """Values over the whole range, its ends among them more often than by chance."""
        low, high = self.bounds
        values = rng.integers(low, high + 1, shape)
        return np.where(rng.random(shape) < 0.1, rng.choice([low, high, 0], shape), values)


def fields(**values: object) -> str:
    """The members of a Cfg."""
    lines: list[str] = []
    for name, value in values.items():
        match value:
            case Integer():
                lines.append(f"using {name} = {value};")
            case bool():
                lines.append(f"static constexpr bool {name} = {str(value).lower()};")
            case int():
                lines.append(f"static constexpr int {name} = {value};")
            case _:
                lines.append(f"static constexpr auto {name} = {value};")
    return "\n    ".join(lines)


def initializer(values: list) -> str:
    """Nested braces."""
    return "{" + ",".join(initializer(v) if isinstance(v, list) else str(v) for v in values) + "}"


def c_type(values: IntArray) -> str:
    """The smallest plain integer type of a ROM."""
    for name, bits in (("signed char", 8), ("short", 16), ("int", 32)):
        if -(1 << (bits - 1)) <= values.min() and values.max() < 1 << (bits - 1):
            return name
    return "long long"


@dataclass
class Design:
    """The C++ of one case, and the frame that it must send."""

    name: str
    frame: IntArray
    integer: Integer
    lanes: int
    depth: int = 2
    parts: list[str] = field(default_factory=list)
    fifos: list[str] = field(default_factory=list)
    processes: list[str] = field(default_factory=list)
    stream: str = "in"

    def __post_init__(self) -> None:
        self.given = self.frame
        self.given_as = (self.integer, self.lanes)
        self.actor("read_axis", self.axis(), self.integer, self.lanes)

    def axis(self) -> str:
        """The Cfg of read_axis and write_axis."""
        channels, height, width = self.frame.shape[1:]
        return fields(
            input=self.integer, height=height, width=width, channels=channels, lanes=self.lanes
        )

    def rom(self, name: str, values: IntArray) -> str:
        """Declares a ROM; returns its name."""
        name = f"{name}_{len(self.parts)}"
        dims = "".join(f"[{n}]" for n in values.shape)
        self.parts.append(
            f"static const {c_type(values)} {name}{dims} = {initializer(values.tolist())};"
        )
        return name

    def fifo(self, integer: Integer, lanes: int, depth: int | None = None) -> str:
        """Declares a FIFO; returns its name."""
        name = f"{self.name}_s{len(self.fifos)}"
        word = f"licc::word<{integer}, {lanes}>"
        self.fifos.append(f'hls::stream<{word}, {depth or self.depth}> {name}("{name}");')
        return name

    def config(self, actor: str, members: str) -> str:
        """Declares a Cfg; returns its name."""
        name = f"{self.name}_{actor}_{len(self.parts)}"
        self.parts.append(f"struct {name} {{\n    {members}\n}};")
        return name

    def process(self, actor: str, members: str, *arguments: str) -> str:
        """Adds an actor between any FIFOs; returns the name of its Cfg."""
        name = self.config(actor, members)
        call = ", ".join([f"licc::{actor}<{name}>", *arguments])
        self.processes.append(f"LICC_PROCESS({call});")
        return name

    def state(self, constant: str, value: int) -> None:
        """The compiler must agree that a constant of the C++ has this value."""
        self.parts.append(f"static_assert({constant} == {value});")

    def actor(
        self,
        actor: str,
        members: str,
        integer: Integer,
        lanes: int,
        *roms: str,
        inputs: Sequence[str] = (),
    ) -> str:
        """Adds an actor behind the last one, or behind other FIFOs; returns its Cfg's name."""
        result = self.fifo(integer, lanes)
        name = self.process(actor, members, *(inputs or [self.stream]), result, *roms)
        self.stream = result
        return name

    def send(self, frame: IntArray, integer: Integer, lanes: int) -> None:
        """States what the last actor gives."""
        low, high = integer.bounds
        assert low <= frame.min() <= frame.max() <= high
        self.frame, self.integer, self.lanes = frame.astype(np.int64), integer, lanes

    def code(self) -> str:
        """The namespace of this case."""
        source = f"{self.name}_source"
        sink = f"{self.name}_sink"
        integer, lanes = self.given_as
        _, channels, height, width = self.given.shape
        given = fields(input=integer, height=height, width=width, channels=channels, lanes=lanes)
        lines = [
            f"namespace {self.name} {{",
            *self.parts,
            f"struct {source} {{\n    {given}\n}};",
            f"struct {sink} {{\n    {self.axis()}\n}};",
            f"void top(hls::stream<licc::axis_word<{integer}, {lanes}>> &in,",
            f"         hls::stream<licc::axis_word<{self.integer}, {self.lanes}>> &out) {{",
            "#pragma HLS dataflow",
            *(f"    {line}" for line in [*self.fifos, *self.processes]),
            f"    LICC_PROCESS(licc::write_axis<{sink}>, {self.stream}, out);",
            "    LICC_RUN",
            "}",
            "}",
        ]
        return "\n".join(lines)


MAIN = """
template <class Source, class Sink, class Top>
int run(Top top, const char *given, const char *other, const char *found) {
    hls::stream<licc::axis_word<typename Source::input, Source::lanes>> in("in");
    hls::stream<licc::axis_word<typename Sink::input, Sink::lanes>> out("out");
    for (int frame = 0; frame < LICC_FRAMES; ++frame)
        licc::bench::send<Source>(licc::bench::file_bytes(frame % 2 ? other : given), in);
    top(in, out);
    std::ofstream file(found, std::ios::binary);
    bool framed = true;
    for (int frame = 0; frame < LICC_FRAMES; ++frame) {
        std::vector<unsigned char> beats;
        framed = licc::bench::receive<Sink>(out, beats) && framed;
        if (frame % 2 == 0)
            file.write(reinterpret_cast<const char *>(beats.data()), std::streamsize(beats.size()));
    }
    return framed && in.empty() && out.empty() ? 0 : 1;
}
"""


def cores(designs: Sequence[Design]) -> str:
    """The part of a program that would be synthesised."""
    return "\n".join(["#include <licc/licc.h>", *(design.code() for design in designs), ""])


def program(designs: Sequence[Design]) -> str:
    """One translation unit: `program NUMBER GIVEN OTHER FOUND` runs one design on files of beats:
    the frame given, another one, the one given, back to back."""
    lines = ["#include <cstdlib>", cores(designs), "#include <licc/test_bench.h>"]
    lines += [MAIN, "int main(int, char **argv) {", "    switch (std::atoi(argv[1])) {"]
    for number, design in enumerate(designs):
        name = f"{design.name}::"
        types = f"{name}{design.name}_source, {name}{design.name}_sink"
        call = f"run<{types}>({name}top, argv[2], argv[3], argv[4])"
        lines.append(f"    case {number}: return {call};")
    return "\n".join([*lines, "    default: return 1;", "    }", "}", ""])


def run_program(binary: Path, number: int, design: Design) -> subprocess.CompletedProcess[str]:
    """Runs one design on its frame, twice, with a random one between; what it sends for its own
    lies in the file `found` beside the program."""
    given, other, found = (binary.parent / name for name in ("given", "other", "found"))
    integer, lanes = design.given_as
    given.write_bytes(to_beats(design.given, lanes, integer.bits))
    between = integer.random(np.random.default_rng(number), design.given.shape)
    other.write_bytes(to_beats(between, lanes, integer.bits))
    command = [str(binary), str(number), str(given), str(other), str(found)]
    return subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS)


def check(designs: Sequence[Design], folder: Path, **options: Any) -> None:
    """Every design must be clean to lint, and send, bit for bit, the frame that it states."""
    (folder / "cores.cpp").write_text(cores(designs))
    assert lint(folder / "cores.cpp") == ()
    binary = compile_program(designs, folder, **options)
    for number, design in enumerate(designs):
        done = run_program(binary, number, design)
        assert done.returncode == 0, f"{design.name}: {done.stderr}"
        data, integer = (folder / "found").read_bytes(), design.integer
        shape = design.frame.shape
        for half in (data[: len(data) // 2], data[len(data) // 2 :]):
            result = from_beats(half, shape, design.lanes, integer.bits, integer.signed)
            assert np.array_equal(result, design.frame), f"{design.name}: {design.code()[:3000]}"


def compile_program(
    designs: Sequence[Design], folder: Path, optimize: str = "-O1", exact: bool = False
) -> Path:
    """Compiles designs with native integers or, `exact`, with AMD's ap_int."""
    source, binary = folder / "program.cpp", folder / "program"
    source.write_text(program(designs))
    headers = [f"-I{INCLUDE}", f"-I{INCLUDE / 'sim'}"]
    if exact:
        spec = find_spec("hls4ml")
        assert spec is not None
        assert spec.origin is not None
        types = Path(spec.origin).parent / "templates" / "vivado" / "ap_types"
        # ap_int reads its own bits before it writes them.
        headers += ["-DLICC_AP_INT", "-isystem", str(types), "-Wno-uninitialized"]
        headers.append("-Wno-maybe-uninitialized")
    command = ["g++", *FLAGS, optimize, *headers, str(source), "-o", str(binary)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=COMPILE_SECONDS)
    assert done.returncode == 0, done.stderr[:5000]
    return binary
