"""What builds a project, as text: `hls_config.cfg` and `run_hls.tcl` for Vitis HLS, a Makefile for
plain g++ and for Vitis, and the README of the folder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...dialects.stream_types import FifoType
from .core import Core

FLAGS = "-std=c++17 -I../include"


@dataclass(frozen=True)
class Device:
    """What a core is built for: the part's name, and the clock in MHz."""

    part: str
    clock_mhz: float

    @staticmethod
    def of(target: Mapping[str, Any]) -> "Device":
        """That of a report's `target`."""
        return Device(str(target["part"]), float(target["clock_mhz"]))

    @property
    def period(self) -> str:
        """The clock's period in nanoseconds."""
        return f"{1000 / self.clock_mhz:.6g}"


def golden_files(name: str) -> tuple[str, str]:
    """The files of a core's golden frames: what goes in, and what must come out."""
    return f"{name}_input.bin", f"{name}_expected.bin"


def print_config(core: Core, device: Device) -> str:
    """`hls_config.cfg`, for vitis-run and v++ (2024.2 and later)."""
    golden = "".join(f"tb.file={file}\n" for file in golden_files(core.name))
    return f"""part={device.part}

[hls]
clock={device.period}ns
flow_target=vivado
syn.file={core.name}.cpp
syn.top={core.name}
syn.cflags={FLAGS}
syn.dataflow.default_channel=fifo
syn.compile.pipeline_flush_in_task=always
tb.file={core.name}_test.cpp
{golden}tb.cflags={FLAGS}
package.output.format=ip_catalog
"""


def print_tcl(core: Core, device: Device) -> str:
    """`run_hls.tcl`, for releases before 2024.2: `vitis_hls -f run_hls.tcl`."""
    golden = "".join(f"add_files -tb {file}\n" for file in golden_files(core.name))
    return f"""open_project -reset build_tcl
set_top {core.name}
add_files {core.name}.cpp -cflags "{FLAGS}"
add_files -tb {core.name}_test.cpp -cflags "{FLAGS}"
{golden}open_solution -reset solution -flow_target vivado
set_part {device.part}
create_clock -period {device.period}ns
config_dataflow -default_channel fifo
if {{[catch {{config_compile -pipeline_flush_in_task always}}]}} {{
    puts "WARNING: this release has no flushable dataflow pipelines (2022.2 and later have)"
}}
csim_design
csynth_design
cosim_design
export_design -format ip_catalog
exit
"""


def print_makefile(cores: Sequence[Core]) -> str:
    """The Makefile of the project."""
    names = " ".join(core.name for core in cores)
    return MAKEFILE_HEAD + f"CORES := {names}\n" + MAKEFILE_BODY + "".join(map(_rules, cores))


def _rules(core: Core) -> str:
    folder, name = core.name, f"{core.name}/{core.name}"
    return f"""
{folder}/$(BUILD)/core.o: {name}.cpp {name}.h {name}_weights.h $(HEADERS)
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

{folder}/$(BUILD)/test.o: {name}_test.cpp {name}.h $(HEADERS)
	@mkdir -p $(@D)
	$(COMPILE) -c $< -o $@

{folder}/$(BUILD)/{core.name}_test: {folder}/$(BUILD)/core.o {folder}/$(BUILD)/test.o
	$(CXX) $^ -o $@

{folder}/$(BUILD)/lib{core.name}.so: {name}.cpp {name}.h {name}_weights.h $(HEADERS)
	@mkdir -p $(@D)
	$(SHARED) -DLICC_TOP={core.name} -include {name}.h -include licc/library.h $< -o $@.$$$$ && \\
	mv $@.$$$$ $@
"""


MAKEFILE_HEAD = """\
# make            builds every core with g++ and compares it with its golden frames
# make build      only builds; `make -j` takes all processors
# make library    builds every core as a shared library, for the runtime of licc
# make EXACT=1    the same with AMD's ap_int for every width (slower, same values)
# make csim       C simulation with Vitis HLS 2024.2 or later; also csynth, cosim, package
CXX ?= g++
CXXFLAGS ?= -O3 -march=native
"""

MAKEFILE_BODY = """
BUILD := build$(if $(EXACT),-exact)
FLAGS := -std=c++17 -DLICC_SIMULATION -Wno-unknown-pragmas -Iinclude -isystem include/sim \\
         $(if $(EXACT),-DLICC_AP_INT -isystem include/ap_types)
COMPILE = $(CXX) $(CXXFLAGS) $(FLAGS)
SHARED = $(filter-out -march=native,$(COMPILE)) -fPIC -shared -fvisibility=hidden -fno-gnu-unique
HEADERS := $(wildcard include/licc/*.h include/sim/*.h)
CONFIG := --mode hls --config hls_config.cfg --work_dir vitis

.PHONY: all build library csim csynth cosim package clean
all: $(CORES:%=%.run)
build: $(foreach core,$(CORES),$(core)/$(BUILD)/$(core)_test)
library: $(foreach core,$(CORES),$(core)/$(BUILD)/lib$(core).so)
csim: $(CORES:%=%.csim)
csynth: $(CORES:%=%.csynth)
cosim: $(CORES:%=%.cosim)
package: $(CORES:%=%.package)

%.run: build
	cd $* && $(BUILD)/$*_test

%.csynth:
	cd $* && v++ --compile $(CONFIG)

%.csim:
	cd $* && vitis-run --csim $(CONFIG)

%.cosim: %.csynth
	cd $* && vitis-run --cosim $(CONFIG)

%.package: %.csynth
	cd $* && vitis-run --package $(CONFIG)

clean:
	rm -rf $(foreach core,$(CORES),$(core)/build $(core)/build-exact $(core)/vitis)
"""


def print_readme(cores: Sequence[Core], device: Device) -> str:
    """`README.md` of the project."""
    rows = "\n".join(
        f"| `{core.name}` | {_port(core.input)} | {_port(core.output)} |" for core in cores
    )
    return f"""# An HLS project printed by licc

Streaming IP cores for {device.part} at {device.clock_mhz:g} MHz. `make` builds each of them with
g++ and compares it with its golden frames: no vendor tool is needed.

| core | frames in | frames out |
|---|---|---|
{rows}

Frames are AXI4-Streams: pixel by pixel, row by row; a pixel takes ceil(channels / lanes) beats, and
a lane whole bytes, little-endian. TUSER marks the first beat of a frame, TLAST the last beat of
every line. Control is AXI4-Lite (`ap_ctrl_hs`): a start takes one frame.

| file | what it is |
|---|---|
| `<core>/<core>.cpp`, `.h` | the top function: FIFOs and actors; the configuration of each actor |
| `<core>/<core>_weights.h` | weights and tables |
| `<core>/<core>_test.cpp` | test bench; status 1 on any difference |
| `<core>/<core>_input.bin`, `_expected.bin` | golden frames, the bytes of the beats in order |
| `<core>/hls_config.cfg` | Vitis HLS 2024.2 and later: `make csim csynth cosim package` |
| `<core>/run_hls.tcl` | earlier releases: `vitis_hls -f run_hls.tcl` |
| `include/licc` | the actors, hand-written; each header states its schedule |
| `include/sim` | `hls::stream` and AXI beats for g++: bounded, blocking FIFOs |
| `include/ap_types` | AMD's `ap_int`, for `make EXACT=1`; see the NOTICE there |
| `project.json` | the cores and the layout of their frames |

Both scripts ask for pipelines that flush (`pipeline_flush_in_task=always`): one that stalls keeps
finished words inside while it waits for input, which the depths of the FIFOs do not count on.
Cosimulation is of two whole frames: compile the model for a small `--size` for that.

In the g++ build FIFOs have the depth they will have in hardware and block, so that a deadlock is an
error that names the actors that wait.
"""


def _port(fifo: FifoType) -> str:
    _, channels, height, width = fifo.frame.get_shape()
    kind, plural = fifo.frame.element_type, "" if fifo.lanes == 1 else "s"
    return f"{channels} x {height} x {width} {kind}, {fifo.lanes} lane{plural} a beat"
