"""Runs the cores of a design that licc packaged: on the board with PYNQ, or on a simulated device.

    board = Board(PynqDevice("../vivado/licc.bit"))
    codec = Codec("..", hardware=transforms(board))
    data = codec.encode(image)

Frames are bytes as they go through the AXI4-Streams: pixel by pixel, row by row, lane by lane (see
../hls/README.md). Needs Python 3.11 with NumPy and Pillow and, on the board, PYNQ 3.0.
"""

import ctypes
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from licc.runtime.frame_layout import FrameLayout

HERE = Path(__file__).resolve().parent
ADDRESS_BITS = 32
BLOCK = 1 << 16
NO_ERRORS = {"halted", "frame_done"}


class BoardError(RuntimeError):
    """A frame that does not fit a core, or hardware that does not answer."""


@dataclass(frozen=True)
class Buffer:
    """Memory that the hardware reaches too: `address` there, and the bytes; `owner` keeps them."""

    address: int
    data: memoryview
    owner: object


class Device(Protocol):
    """What has registers of 32 bits, and memory that both sides reach."""

    def read(self, address: int) -> int: ...

    def write(self, address: int, value: int) -> None: ...

    def allocate(self, size: int) -> Buffer: ...


class PynqDevice:
    """The board: a bitstream, with its .hwh beside it, loaded by PYNQ."""

    def __init__(self, bitstream: str | Path):
        self._pynq: Any = import_module("pynq")
        self._overlay = self._pynq.Overlay(str(bitstream))
        self._blocks: dict[int, Any] = {}

    def _block(self, address: int) -> tuple[Any, int]:
        base = address & ~(BLOCK - 1)
        if base not in self._blocks:
            self._blocks[base] = self._pynq.MMIO(base, BLOCK)
        return self._blocks[base], address - base

    def read(self, address: int) -> int:
        block, offset = self._block(address)
        return block.read(offset)

    def write(self, address: int, value: int) -> None:
        block, offset = self._block(address)
        block.write(offset, value)

    def allocate(self, size: int) -> Buffer:
        memory = self._pynq.allocate((size,), "u1", cacheable=False)
        return Buffer(memory.device_address, memoryview(memory), memory)


class SimulatedDevice:
    """The design's C++ behind the register map: a library that ../cpp/Makefile builds."""

    def __init__(self, library: str | Path = HERE.parent / "cpp" / "build" / "libdevice.so"):
        self._library = ctypes.CDLL(str(library))
        self._library.licc_create.restype = ctypes.c_void_p
        self._library.licc_read.restype = ctypes.c_uint32
        self._library.licc_allocate.restype = ctypes.c_void_p
        self._device = ctypes.c_void_p(self._library.licc_create())

    def read(self, address: int) -> int:
        return self._library.licc_read(self._device, ctypes.c_uint64(address))

    def write(self, address: int, value: int) -> None:
        self._library.licc_write(self._device, ctypes.c_uint64(address), ctypes.c_uint32(value))

    def allocate(self, size: int) -> Buffer:
        address = ctypes.c_uint64()
        start = self._library.licc_allocate(
            self._device, ctypes.c_size_t(size), ctypes.byref(address)
        )
        memory = (ctypes.c_ubyte * size).from_address(start)
        return Buffer(address.value, memoryview(memory).cast("B"), self)


@dataclass(frozen=True)
class Frame:
    """A frame in memory: so many lines of bytes, each at a multiple of `stride` bytes; `bits` go
    through the stream at a time."""

    lines: int
    line_bytes: int
    stride: int
    bits: int

    @property
    def size(self) -> int:
        """Bytes of a frame in the order of the stream."""
        return self.lines * self.line_bytes


@dataclass(frozen=True)
class Core:
    """A core: the base addresses of its registers and of its VDMA's, and its frames."""

    name: str
    control: int
    dma: int
    input: Frame
    output: Frame


class Board:
    """The cores of a design, by the register map in `registers.json`; a frame that takes longer
    than `timeout` seconds is an error."""

    def __init__(
        self,
        device: Device,
        registers: str | Path = HERE.parent / "registers.json",
        timeout: float = 10.0,
    ):
        found = json.loads(Path(registers).read_text())
        self._device, self._timeout = device, timeout
        self._offsets: dict[str, dict[str, int]] = found["registers"]
        self._bits: dict[str, dict[str, int]] = found["bits"]
        self.cores = {core["name"]: _core(core) for core in found["cores"]}
        self._buffers: dict[str, tuple[Buffer, Buffer]] = {}
        for name, core in self.cores.items():
            sides = core.input, core.output
            given, made = (device.allocate(side.lines * side.stride) for side in sides)
            self._buffers[name] = given, made
            self._reset(core)

    def run(self, name: str, data: bytes) -> bytes:
        """What a core makes of one frame; `BoardError` if the frame has the wrong size, the VDMA
        reports an error, or the hardware does not finish."""
        if name not in self.cores:
            raise BoardError(f"there is no core {name}; there are {', '.join(self.cores)}")
        core, (given, made) = self.cores[name], self._buffers[name]
        if len(data) != core.input.size:
            raise BoardError(f"a frame of {name} has {core.input.size} bytes, found {len(data)}")
        for source, target in _lines(core.input):
            given.data[target] = data[source]
        self._transfer(core, "write", core.output, made)
        start = self._bits["core_control"]["start"]
        self._device.write(core.control + self._offsets["core"]["control"], start)
        self._transfer(core, "read", core.input, given)
        self._wait(core, "read")
        self._wait(core, "write")
        return b"".join(bytes(made.data[target]) for _, target in _lines(core.output))

    def _transfer(self, core: Core, way: str, frame: Frame, buffer: Buffer) -> None:
        """Has one frame moved. The number of lines comes last: it starts the transfer."""
        bits = self._bits["dma_control"]
        control = bits["run"] | bits["circular"] | bits["count_frames"] | bits["one_frame"]
        self._set(core, f"{way}_status", self._bits["dma_status"]["frame_done"])
        self._set(core, f"{way}_control", control)
        self._set(core, f"{way}_address_low", buffer.address & ((1 << ADDRESS_BITS) - 1))
        self._set(core, f"{way}_address_high", buffer.address >> ADDRESS_BITS)
        self._set(core, f"{way}_stride", frame.stride)
        self._set(core, f"{way}_line_bytes", frame.line_bytes)
        self._set(core, f"{way}_lines", frame.lines)

    def _wait(self, core: Core, way: str) -> None:
        end = time.monotonic() + self._timeout
        bits = self._bits["dma_status"]
        while True:
            status = self._get(core, f"{way}_status")
            errors = [name for name in bits.keys() - NO_ERRORS if status & bits[name]]
            if errors:
                self._fail(core, way, f"the VDMA reports {', '.join(sorted(errors))}")
            if status & bits["frame_done"]:
                return
            if time.monotonic() > end:
                self._fail(core, way, f"no frame within {self._timeout:g} s")

    def _fail(self, core: Core, way: str, what: str) -> None:
        self._reset(core)
        raise BoardError(f"{core.name}: {what} ({way} side)")

    def _reset(self, core: Core) -> None:
        """Stops both sides of a core's VDMA. A core that waits in the middle of a frame stays so
        until the bitstream is loaded again."""
        bit = self._bits["dma_control"]["reset"]
        for way in ("read", "write"):
            self._set(core, f"{way}_control", bit)
            end = time.monotonic() + self._timeout
            while self._get(core, f"{way}_control") & bit:
                if time.monotonic() > end:
                    raise BoardError(f"{core.name}: the VDMA does not come out of its reset")

    def _get(self, core: Core, register: str) -> int:
        return self._device.read(core.dma + self._offsets["dma"][register])

    def _set(self, core: Core, register: str, value: int) -> None:
        self._device.write(core.dma + self._offsets["dma"][register], value)


def transforms(
    board: Board, project: str | Path = HERE.parent / "hls" / "project.json"
) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """What `licc.runtime.Codec` takes as its hardware: each transform of the design, integer frames
    [1, C, H, W] to integer frames."""
    found = json.loads(Path(project).read_text())["cores"]
    return {core["function"]: _Transform(board, core) for core in found}


class _Transform:
    def __init__(self, board: Board, core: dict[str, Any]):
        self._board, self._name = board, str(core["top"])
        self._input, self._output = (FrameLayout(**core[side]) for side in ("input", "output"))

    def __call__(self, frame: np.ndarray) -> np.ndarray:
        data = self._board.run(self._name, self._input.to_bytes(frame))
        return self._output.from_bytes(data)


def _core(found: dict[str, Any]) -> Core:
    sides = {side: Frame(**found[side]) for side in ("input", "output")}
    return Core(found["name"], found["control"], found["dma"], **sides)


def _lines(frame: Frame) -> list[tuple[slice, slice]]:
    """Where each line lies in the order of the stream, and where in memory."""
    return [
        (
            slice(line * frame.line_bytes, (line + 1) * frame.line_bytes),
            slice(line * frame.stride, line * frame.stride + frame.line_bytes),
        )
        for line in range(frame.lines)
    ]
