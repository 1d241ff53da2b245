"""The shape of `report.json`."""

from typing import Any, Literal, NotRequired, TypedDict

Basis = Literal["measured", "synthesised", "rtl-simulated", "simulated", "modelled"]
"""What a figure rests on, the best first."""


class Figure(TypedDict):
    """A number and what it rests on; what the model says of a number that was found."""

    value: float
    basis: Basis
    modelled: NotRequired[float]


class Error(TypedDict):
    """How far a model was from measurements of the class `of`: see `targets.calibration.Spread`."""

    of: str
    samples: int
    rms: float
    worst: float
    left_out: float | None


# `class` is a keyword, so this one is not written as a class.
Estimate = TypedDict(
    "Estimate",
    {
        "class": Literal["structural", "linear-in-width"],
        "calibrated": bool,
        "error": Error | None,
    },
)
"""What a figure rests on: the structure of the kernels, or coefficients times widths; whether it
was compared with measurements, and how far it was from them."""


class Estimates(TypedDict):
    """What the figures of a stage, or of the ports, rest on."""

    dsp: Estimate
    bram36: Estimate
    lut: Estimate
    ff: Estimate


class Usage(TypedDict):
    """How much of one of the device's resources is used, in the resource's unit, and what that
    rests on; what the model says where synthesis found it, and how far the model may be off."""

    used: float
    available: int
    basis: Basis
    modelled: NotRequired[float]
    estimate: Estimate


class Usages(TypedDict):
    """Use of every kind of resource; block RAM in blocks of 36 Kbit, in halves."""

    dsp: Usage
    bram36: Usage
    lut: Usage
    ff: Usage


class Lanes(TypedDict):
    """Output channels, input channels, kernel rows and pixels of a row side by side."""

    po: int
    pi: int
    pk: int
    px: int


class Stage(TypedDict):
    """A layer of the pipeline: its useful multiply-accumulates, its cycles of a frame with
    what it waits for its neighbours, and what it takes with the FIFOs that it writes. `fifo_depth`
    is in words; widths are 0 where a stage has no such operand; `macs_per_dsp` is 0 where the
    products are made of LUTs. `dropped_products` are multipliers of a GDN core that are not made,
    for their γ is zero in every step, and `saved_dsp` the slices that they would take."""

    name: str
    op: str
    macs: int
    cycles: int
    parallelism: Lanes
    weight_bits: int
    activation_bits: int
    macs_per_dsp: int
    dropped_products: int
    saved_dsp: int
    dsp: int
    bram36: float
    lut: int
    ff: int
    fifo_depth: int
    estimates: Estimates


class Infrastructure(TypedDict):
    """The AXI4-Stream ports of an engine's cores."""

    dsp: int
    bram36: float
    lut: int
    ff: int
    estimates: Estimates


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
    """The target, the clock that the rates assume, and the reports that its coefficients and their
    errors rest on."""

    name: str
    part: str
    clock_mhz: float
    calibration: list[str]


class Balance(TypedDict):
    """How far the pipeline may be from the optimum of the model, in cycles of a frame, DSP slices
    and LUTs (none: it is optimal); and what binds its frame rate, if that was asked for (see
    `passes/balancing/ways_out.py`)."""

    gap: dict[str, int] | None
    explanation: dict[str, Any] | None


class Report(TypedDict):
    """The whole report. `rtl` has, by function, the frame interval and the latency in cycles that
    `licc verify --rtl` found, and the resources that `licc synth` found."""

    licc: str
    model: dict[str, object]
    size: list[int]
    target: Board
    balance: Balance
    engines: dict[str, Engine]
    rtl: NotRequired[dict[str, dict[str, Figure]]]
