"""One function per actor: adds it to a design, with parameters drawn at random, and states in NumPy
what it computes.
"""

from dataclasses import dataclass, field

import numpy as np
from xdsl.dialects.builtin import i8

from licc.dialects import schedule
from licc.dialects.engine import ConvolutionShape, NormalizeShape, Parallelism
from licc.dialects.gdn import SHIFTS, Norm
from licc.dialects.gdn_products import live_products
from licc.dialects.packing import Packing, longest_chain, weight_sums
from licc.dialects.roms import gamma_rom, vector_rom, weight_rom
from licc.dialects.stream_types import ceil_div
from licc.dialects.tensors import integer_type
from licc.dialects.window import Window
from licc.runtime import operators
from licc.runtime.convolution import conv2d, conv_transpose2d
from licc.runtime.gdn_cores import TABLE, GdnCore, built_in_cores
from licc.tests.property.kernel_layout import IntArray
from licc.tests.property.kernel_program import Design, Integer, fields, initializer

INT64 = np.dtype(np.int64)
MAX_MULTIPLIER = (1 << 17) - 1


def signed_integer(values: IntArray) -> Integer:
    """The narrowest signed type of some values."""
    bits = max(int(values.max()).bit_length(), (~int(values.min())).bit_length())
    return Integer(bits + 1)


def line_buffer(design: Design, window: Window, outputs: int, p: Parallelism, memory: str) -> str:
    """Adds a line buffer; returns the window fields of its engine."""
    channels, height, width = design.frame.shape[1:]
    geometry = fields(
        channels=channels,
        height=height,
        width=width,
        kernel=window.kernel,
        stride=window.stride,
        padding=window.padding,
        transposed=window.transposed,
        taps=p.taps,
        in_lanes=p.pi,
        neighbours=p.pixels,
        input=design.integer,
        memory=f"licc::memory::{memory}",
    )
    members = f"{geometry}\n    {fields(repeat=ceil_div(outputs, p.po))}"
    name = design.actor("line_buffer", members, design.integer, p.pixels * p.factors)
    shape = ConvolutionShape(window, channels, outputs, height, width, i8, i8, 0, 0)
    cycles = schedule.line_buffer_cycles(shape, p)
    design.state(f"licc::line_schedule<{name}>::cycles", cycles)
    return geometry


def requantizer(
    rng: np.random.Generator, sums: IntArray, output: Integer, form: str
) -> tuple[IntArray, IntArray, IntArray | None, int]:
    """bias, multiplier, negative and shift that use the range of `output`, and a little more."""
    channels = sums.shape[1]
    largest = max(int(np.abs(sums).max()), 1)
    bias = rng.integers(-largest // 4 - 1, largest // 4 + 2, channels)
    shift = int(np.clip(largest.bit_length() - output.bits + 17, 0, 62))
    multiplier = rng.integers(MAX_MULTIPLIER // 2, MAX_MULTIPLIER + 1, channels)
    negative = {
        "linear": None,
        "relu": np.zeros(channels, np.int64),
        "leaky": rng.integers(0, MAX_MULTIPLIER // 4, channels),
    }[form]
    return bias, multiplier, negative, shift


@dataclass(frozen=True)
class EngineForm:
    """How an engine is built, apart from its parallelism. `chain`: packed, at most so."""

    packing: Packing = field(default_factory=Packing)
    chain: int = 1
    products: str = "dsp"
    memory: str = "bram"
    fused: bool = True


PLAIN = EngineForm()


def convolve(
    design: Design,
    rng: np.random.Generator,
    window: Window,
    outputs: int,
    parallelism: Parallelism,
    weights: Integer,
    output: Integer,
    *,
    build: EngineForm = PLAIN,
    form: str = "linear",
) -> None:
    """line_buffer and convolve, or line_buffer, mac and requantize."""
    p, channels = parallelism, design.frame.shape[1]
    shape = (channels, outputs) if window.transposed else (outputs, channels)
    low = -weights.bounds[1]
    weight = rng.integers(low, 1 - low, (*shape, window.kernel, window.kernel))
    apply = conv_transpose2d if window.transposed else conv2d
    sums = apply(design.frame, weight, window.stride, window.padding).astype(np.int64)
    geometry = line_buffer(design, window, outputs, p, build.memory)
    rom = design.rom("weights", weight_rom(weight, window, p.taps, p.pi, p.po))
    accumulator = Integer(
        int(np.abs(weight).sum() * max(abs(v) for v in design.integer.bounds)).bit_length() + 1
    )
    packing, chain = build.packing, 1
    if packing.products > 1:
        kind = integer_type(design.integer.bits, design.integer.signed)
        chain = min(
            build.chain, longest_chain(packing, weight_sums(weight, window.transposed), kind)
        )
        packing = packing if chain else Packing()
    engine = fields(
        weight=weights,
        accumulator=accumulator,
        outputs=outputs,
        sum_lanes=p.po,
        out_lanes=p.lanes,
        packed_outputs=packing.outputs,
        packed_pixels=packing.pixels,
        chain=max(1, chain),
        products=f"licc::multiplier::{build.products}",
    )
    bias, multiplier, negative, shift = requantizer(rng, sums, output, form)
    vectors = [bias, multiplier] + ([] if negative is None else [negative])
    roms = [design.rom("vector", vector_rom(v, p.lanes)) for v in vectors]
    scale = fields(bias=signed_integer(bias), output=output, shift=shift)
    if build.fused:
        members = f"{geometry}\n    {engine}\n    {scale}"
        name = design.actor("convolve", members, output, p.lanes, rom, *roms)
    else:
        members = f"{geometry}\n    {engine}"
        name = design.actor("mac", members, accumulator, p.lanes, rom)
        size = fields(
            pixels=sums.shape[2] * sums.shape[3],
            outputs=outputs,
            out_lanes=p.lanes,
            accumulator=accumulator,
        )
        design.actor("requantize", f"{size}\n    {scale}", output, p.lanes, *roms)
    size = ConvolutionShape(window, channels, outputs, *design.frame.shape[2:], i8, i8, 0, 0)
    design.state(f"licc::engine<{name}>::cycles", schedule.engine_cycles(size, p))
    result = operators.requantize(sums, bias, multiplier, negative, shift, output.bounds, INT64)
    design.send(result, output, p.lanes)


@dataclass(frozen=True)
class GdnForm:
    """How a GDN core computes: its implementation, the bits of norms and γ, the bits of f(x) that
    are dropped, and the share of γ that is zero."""

    core: GdnCore = TABLE
    norm_bits: int = 48
    gamma_bits: int = 17
    drop: int = 0
    zeros: float = 0.0


PLAIN = GdnForm()


def random_gdn_form(rng: np.random.Generator, bits: int, l2: bool) -> GdnForm:
    """Any implementation, with any widths that inputs of so many bits leave possible."""
    cores = list(built_in_cores().values())
    return GdnForm(
        cores[rng.integers(len(cores))],
        int(rng.choice([16, 17, 24, 32, 40, 48])),
        int(rng.integers(2, 18)),
        int(rng.integers(0, 2 * bits if l2 else bits)) if rng.random() < 0.7 else 0,
        float(rng.choice([0.0, 0.5, 0.9])),
    )


def normalize(
    design: Design,
    rng: np.random.Generator,
    parallelism: Parallelism,
    output: Integer,
    *,
    norm: str,
    inverse: bool,
    memory: str = "bram",
    small: bool = False,
    extreme: bool = False,
    form: GdnForm = PLAIN,
) -> None:
    """normalize, with norms from all over their bits (`small`: from the lowest); `extreme`: with
    a shift beyond 1 … 62."""
    p = parallelism
    channels, height, width = design.frame.shape[1:]
    l2 = norm == "l2"
    largest = max(abs(v) for v in design.integer.bounds) ** (2 if l2 else 1)
    largest = (largest + ((1 << form.drop) >> 1)) >> form.drop
    half = (1 << (form.norm_bits - 1)) - 1
    limit = min((1 << form.gamma_bits) - 1, half // (largest * channels))
    gamma = rng.integers(0, min(2, limit + 1) if small else limit + 1, (channels, channels))
    gamma *= rng.random(gamma.shape) >= form.zeros
    exponents = rng.integers(0, 3 if small else form.norm_bits - 1, channels)
    beta = rng.integers(1 << exponents, (2 << exponents)).clip(1, half)
    multiplier = rng.integers(MAX_MULTIPLIER // 2, MAX_MULTIPLIER + 1, channels)
    frame = design.frame
    terms = (frame[0] ** 2 if l2 else np.abs(frame[0])).astype(np.int64)
    norms = beta + np.einsum("ij,jhw->hwi", gamma, terms >> form.drop)
    middle = int(np.median(norms)).bit_length() // (2 if l2 else 1)
    reach = 33 + design.integer.bits - output.bits
    shift = int(np.clip(reach + (middle if inverse else -middle), *SHIFTS))
    if extreme:
        shift = (1 if rng.integers(2) else SHIFTS[1]) if inverse else 62
    members = fields(
        input=design.integer,
        output=output,
        pixels=height * width,
        channels=channels,
        in_lanes=p.pi,
        sum_lanes=p.po,
        out_lanes=p.lanes,
        norm=f"licc::norm::{norm}",
        inverse=inverse,
        shift=shift,
        memory=f"licc::memory::{memory}",
        norm_bits=form.norm_bits,
        drop=form.drop,
        gamma=Integer(form.gamma_bits, signed=False),
    )
    members += f"\n    using core = licc::{form.core.struct};"
    live = live_products(gamma, p.po, p.pi)
    if not live.all():
        size = f"[{p.po}][{p.pi}]"
        rows = initializer(live.astype(int).tolist())
        members += f"\n    static constexpr bool live{size} = {rows};"
    roms = [
        design.rom("beta", vector_rom(beta, p.po, padding=1)),
        design.rom("gamma", gamma_rom(gamma, p.pi, p.po)),
        design.rom("multiplier", vector_rom(multiplier, p.lanes)),
    ]
    name = design.actor("normalize", members, output, p.lanes, *roms)
    shape = NormalizeShape(channels, height * width, i8, 0, Norm(norm), 0)
    cycles = schedule.normalize_cycles(shape, p)
    design.state(f"licc::gdn<{name}>::cycles", cycles)
    result = operators.gdn_core(
        frame,
        beta,
        gamma,
        multiplier,
        shift,
        l2=l2,
        inverse=inverse,
        bounds=output.bounds,
        dtype=INT64,
        core=form.core,
        drop=form.drop,
    )
    design.send(result, output, p.lanes)


def _elementwise(design: Design, **extra: object) -> str:
    channels, height, width = design.frame.shape[1:]
    return fields(pixels=height * width, channels=channels, lanes=design.lanes, **extra)


def offset(design: Design, rng: np.random.Generator, shift: int, output: Integer) -> None:
    """offset."""
    kind = Integer(12)
    constants = kind.random(rng, design.frame.shape[1:2])
    members = _elementwise(design, input=design.integer, output=output, offset=kind, shift=shift)
    rom = design.rom("constants", vector_rom(constants, design.lanes))
    design.actor("offset", members, output, design.lanes, rom)
    result = operators.offset(design.frame, constants, shift, output.bounds, INT64)
    design.send(result, output, design.lanes)


def absolute(design: Design, output: Integer) -> None:
    """absolute."""
    members = _elementwise(design, input=design.integer, output=output)
    design.actor("absolute", members, output, design.lanes)
    design.send(np.abs(design.frame).clip(*output.bounds), output, design.lanes)


def fork(design: Design, depth: int) -> str:
    """fork; returns the second FIFO, which holds `depth` words, and goes on with the first."""
    first = design.fifo(design.integer, design.lanes)
    second = design.fifo(design.integer, design.lanes, depth)
    members = _elementwise(design, input=design.integer)
    design.process("fork", members, design.stream, first, second)
    design.stream = first
    return second


def add(design: Design, other: str, frame: IntArray, integer: Integer, output: Integer) -> None:
    """add: the last actor's frame and `frame`, which comes out of the FIFO `other`."""
    members = _elementwise(design, lhs=design.integer, rhs=integer, output=output)
    design.actor("add", members, output, design.lanes, inputs=[design.stream, other])
    design.send((design.frame + frame).clip(*output.bounds), output, design.lanes)


def convert_width(design: Design, out_lanes: int) -> None:
    """convert_width."""
    channels, height, width = design.frame.shape[1:]
    members = fields(
        input=design.integer,
        pixels=height * width,
        channels=channels,
        in_lanes=design.lanes,
        out_lanes=out_lanes,
    )
    design.actor("convert_width", members, design.integer, out_lanes)
    last = schedule.conversion_steps(channels, design.lanes, out_lanes)[-1]
    steps = max(ceil_div(channels, design.lanes), last + 1)
    lanes = f"{channels}, {design.lanes}, {out_lanes}"
    design.state(f"licc::conversion_steps({lanes})", steps)
    design.send(design.frame, design.integer, out_lanes)
