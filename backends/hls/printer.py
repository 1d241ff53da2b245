"""Prints an IP core as C++: `<core>.h`, `<core>.cpp`, `<core>_weights.h` and `<core>_test.cpp`.

Every number comes from the IR; the loops and pragmas of the actors live in the kernel headers.
"""

from collections.abc import Iterator

import numpy as np
from xdsl.dialects.builtin import IntegerType

from ...dialects.gdn import Norm
from ...dialects.stream_types import FifoType, Memory, Multiplier
from ...dialects.tensors import Array, is_signed
from .core import Core, Fifo, Process, own_structs
from .kernels import Field, Struct

C_TYPES = {
    "int8": "signed char",
    "uint8": "unsigned char",
    "int16": "short",
    "uint16": "unsigned short",
    "int32": "int",
    "uint32": "unsigned int",
    "int64": "long long",
    "uint64": "unsigned long long",
}
INDENT = "    "


def print_header(core: Core) -> str:
    """`<core>.h`: the configuration of every actor, and the prototype of the top function."""
    return _text(_header(core))


def print_source(core: Core) -> str:
    """`<core>.cpp`: the top function."""
    return _text(_source(core))


def print_weights(core: Core) -> str:
    """`<core>_weights.h`: the ROMs."""
    return _text(_weights(core))


def print_test_bench(core: Core) -> str:
    """`<core>_test.cpp`: a `main` that compares with golden frames."""
    return _text(_test_bench(core))


def _text(lines: Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def _header(core: Core) -> Iterator[str]:
    guard = f"LICC_CORE_{core.name}_H"
    yield f"// IP core {core.name}: {_frame(core.input)} in, {_frame(core.output)} out."
    yield from (f"#ifndef {guard}", f"#define {guard}", "", "#include <licc/licc.h>")
    yield from (f"#include <licc/{struct.name}.h>" for struct in own_structs([core]))
    yield ""
    for process in core.processes:
        yield from _configuration(process)
    yield from _prototype(core, ";")
    yield from ("", "#endif")


def _configuration(process: Process) -> Iterator[str]:
    yield f"struct {process.name} {{"
    for name, value in process.kernel.fields.items():
        yield f"{INDENT}{_member(name, value)}"
    yield from ("};", "")


def _member(name: str, value: Field) -> str:
    match value:
        case IntegerType():
            return f"using {name} = {_integer(value)};"
        case Memory():
            return f"static constexpr licc::memory {name} = licc::memory::{value};"
        case Multiplier():
            return f"static constexpr licc::multiplier {name} = licc::multiplier::{value};"
        case Norm():
            return f"static constexpr licc::norm {name} = licc::norm::{value};"
        case Struct():
            return f"using {name} = licc::{value.name};"
        case np.ndarray():
            size = "".join(f"[{n}]" for n in value.shape)
            return f"static constexpr bool {name}{size} = {_initializer(value.astype(np.int8))};"
        case bool():
            return f"static constexpr bool {name} = {str(value).lower()};"
        case int():
            return f"static constexpr int {name} = {value};"


def _source(core: Core) -> Iterator[str]:
    yield f"// Top function of {core.name}: its FIFOs, then its actors, all of which run at once."
    yield from (f'#include "{core.name}.h"', "", f'#include "{core.name}_weights.h"', "")
    yield from _prototype(core, " {")
    yield "#pragma HLS interface mode=axis port=in"
    yield "#pragma HLS interface mode=axis port=out"
    yield "#pragma HLS interface mode=s_axilite port=return"
    yield "#pragma HLS dataflow"
    for fifo in core.fifos:
        yield f"{INDENT}{_declaration(fifo)}"
    for process in core.processes:
        yield from _call(process)
    yield from (f"{INDENT}LICC_RUN", "}")


def _prototype(core: Core, end: str) -> Iterator[str]:
    yield f"void {core.name}(hls::stream<{_beat(core.input)}> &in,"
    yield f"{' ' * len(core.name)}      hls::stream<{_beat(core.output)}> &out){end}"


def _beat(fifo: FifoType) -> str:
    return f"licc::axis_word<{_integer(fifo.frame.element_type)}, {fifo.lanes}>"


def _declaration(fifo: Fifo) -> str:
    word = f"licc::word<{_integer(fifo.element)}, {fifo.lanes}>"
    return f'hls::stream<{word}, {fifo.depth}> {fifo.name}("{fifo.name}");'


def _call(process: Process) -> Iterator[str]:
    start = f"LICC_PROCESS(licc::{process.kernel.template}<{process.name}>, "
    streams = ", ".join((*process.inputs, *process.outputs))
    roms = [process.rom(name) for name in process.kernel.roms]
    yield f"{INDENT}{start}{streams}{',' if roms else ');'}"
    for rom in roms:
        yield f"{INDENT * 2}{rom}{');' if rom == roms[-1] else ','}"


def _weights(core: Core) -> Iterator[str]:
    guard = f"LICC_CORE_{core.name}_WEIGHTS_H"
    yield f"// ROMs of {core.name}, cut into words as its actors read them; zeros fill up words."
    yield from (f"#ifndef {guard}", f"#define {guard}")
    for process in core.processes:
        for name, values in process.kernel.roms.items():
            yield from ("", *_rom(process.rom(name), values))
    yield from ("", "#endif")


def _rom(name: str, values: Array) -> Iterator[str]:
    size = "".join(f"[{n}]" for n in values.shape)
    yield f"static const {C_TYPES[values.dtype.name]} {name}{size} = {{"
    for row in values:
        yield f"{_initializer(row)},"
    yield "};"


def _initializer(values: Array) -> str:
    if values.ndim == 1:
        return "{" + ",".join(map(str, values.tolist())) + "}"
    return "{" + ",\n".join(map(_initializer, values)) + "}"


def _test_bench(core: Core) -> Iterator[str]:
    yield f"// Test bench of {core.name}: the golden frame, twice, back to back."
    yield f"//   {core.name}_test [INPUT [EXPECTED [OUTPUT]]]      EXPECTED - compares nothing"
    yield "// Status: 0 all values as expected, 1 some differ, 2 deadlock, 3 a file is missing."
    yield from (f'#include "{core.name}.h"', "", "#include <licc/session.h>", "")
    source, sink = core.processes[0].name, core.processes[-1].name
    yield "int main(int argc, char **argv) {"
    yield f'{INDENT}licc::bench::session<{source}, {sink}> session("{core.name}", argc, argv);'
    yield f"{INDENT}while (session.more()) {{"
    yield f'{INDENT * 2}hls::stream<{_beat(core.input)}> in("in");'
    yield f'{INDENT * 2}hls::stream<{_beat(core.output)}> out("out");'
    yield f"{INDENT * 2}session.send(in);"
    yield f"{INDENT * 2}{core.name}(in, out);"
    yield f"{INDENT * 2}session.check(out);"
    yield from (f"{INDENT}}}", f"{INDENT}return session.status();", "}")


def _frame(fifo: FifoType) -> str:
    _, channels, height, width = fifo.frame.get_shape()
    size = f"{channels} x {height} x {width} {fifo.frame.element_type}"
    return f"{size} in words of {fifo.lanes}"


def _integer(element: IntegerType) -> str:
    return f"licc::{'sint' if is_signed(element) else 'uint'}<{element.width.data}>"
