"""The shape of `report.json`."""

from typing import Literal, TypedDict


class Figure(TypedDict):
    """A number and what it rests on."""

    value: float
    basis: Literal["measured", "simulated", "modelled"]


class Usage(TypedDict):
    """How much of one of the device's resources is used, in the resource's unit."""

    used: float
    available: int


class Usages(TypedDict):
    """Use of every kind of resource; block RAM in blocks of 36 Kbit, in halves."""

    dsp: Usage
    bram36: Usage
    lut: Usage
    ff: Usage


class Lanes(TypedDict):
    """Output channels, input channels and kernel rows side by side."""

    po: int
    pi: int
    pk: int


class Stage(TypedDict):
    """A layer of the pipeline: its useful multiply-accumulates, its cycles from frame to frame with
    what it waits for its neighbours, and what it takes with the FIFOs that it writes. `fifo_depth`
    is in words; widths are 0 where a stage has no such operand."""

    name: str
    op: str
    macs: int
    cycles: int
    parallelism: Lanes
    weight_bits: int
    activation_bits: int
    packed: bool
    dsp: int
    bram36: float
    lut: int
    ff: int
    fifo_depth: int


class Infrastructure(TypedDict):
    """The AXI4-Stream ports of an engine's cores."""

    dsp: int
    bram36: float
    lut: int
    ff: int


class Engine(TypedDict):
    """The encoder or the decoder: all of its functions, each an IP core, running at once."""

    fps: Figure
    cycles_per_frame: int
    latency_cycles: int
    macs_per_frame: int
    dsp_efficiency: float
    basis: Literal["modelled"]
    resources: Usages
    infrastructure: Infrastructure
    stages: list[Stage]


class Board(TypedDict):
    """The target, and the clock that the rates assume."""

    name: str
    part: str
    clock_mhz: float


class Report(TypedDict):
    """The whole report."""

    licc: str
    model: dict[str, object]
    size: list[int]
    target: Board
    engines: dict[str, Engine]
