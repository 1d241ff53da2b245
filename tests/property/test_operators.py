"""The NumPy operators equal the formulas of docs/numbers.md in Python's own integers, and a
quantised layer stays within a bound of the float one that follows from its roundings.
"""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from xdsl.context import Context
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp

from licc.backends.interpreter import run
from licc.dialects.gdn import CoreOp, Norm
from licc.dialects.quant import RequantizeOp, UniformAttr
from licc.dialects.tensors import Array, array_of, container, integer_range, integer_type
from licc.passes.assign_precision import AssignPrecision
from licc.passes.quantize import Quantize
from licc.runtime.arithmetic import round_shift, saturate
from licc.runtime.gdn_cores import MANTISSA_BITS, GdnCore, built_in_cores, form_of
from licc.runtime.operators import gdn_core, offset, requantize, requantizer
from licc.tests.random_codecs import Conv, Deconv, Gdn, transform

few = settings(max_examples=60, deadline=None)
elements = st.builds(integer_type, st.integers(2, 32), st.booleans())
narrow = st.builds(integer_type, st.integers(2, 16), st.booleans())
multipliers = st.integers(0, (1 << 17) - 1)


def rounded(value: int, shift: int) -> int:
    """round_shift of the contract."""
    return (value + (1 << (shift - 1))) >> shift if shift else value


def clipped(value: int, bounds: tuple[int, int]) -> int:
    """saturate of the contract."""
    return max(bounds[0], min(bounds[1], value))


def column(values: list[int]) -> Array:
    """A frame of one pixel, a channel for each value."""
    return np.array(values, np.int64).reshape(1, -1, 1, 1)


@few
@given(st.lists(st.integers(-(1 << 62), 1 << 62), min_size=1), st.integers(0, 62), elements)
def test_arithmetic(values: list[int], shift: int, element) -> None:
    bounds = integer_range(element)
    found = saturate(round_shift(np.array(values), shift), *bounds, container(element))
    assert found.tolist() == [clipped(rounded(v, shift), bounds) for v in values]


@st.composite
def products(draw) -> tuple[int, int, int, int | None]:
    """(x, bias, multiplier, negative) with |(x + bias) · M| < 2^62."""
    bits = draw(st.integers(1, 44))
    half = st.integers(-(1 << bits) + 1, (1 << bits) - 1)
    negative = draw(st.none() | multipliers)
    return draw(half), draw(half), draw(multipliers), negative


@few
@given(st.lists(products(), min_size=1, max_size=20), st.integers(0, 62), elements, st.booleans())
def test_requantize(rows: list, shift: int, element, leaky: bool) -> None:
    bounds = integer_range(element)
    below = [m if n is None else n for _, _, m, n in rows]
    x = column([x for x, *_ in rows])
    constants = (
        np.array([b for _, b, *_ in rows]),
        np.array([m for _, _, m, _ in rows]),
        np.array(below) if leaky else None,
        shift,
        bounds,
        container(element),
    )
    found = requantize(x, *constants)
    expected = [
        clipped(rounded((x + b) * (n if leaky and x + b < 0 else m), shift), bounds)
        for (x, b, m, _), n in zip(rows, below, strict=True)
    ]
    assert found.ravel().tolist() == expected
    bounded = requantizer(*constants, largest=int(np.abs(x).max()))
    assert bounded(x.reshape(1, -1)).ravel().tolist() == expected


@few
@given(
    st.lists(st.tuples(st.integers(-(1 << 15), (1 << 15) - 1), st.integers(-(1 << 40), 1 << 40))),
    st.integers(0, 40),
    elements,
)
def test_offset(rows: list[tuple[int, int]], shift: int, element) -> None:
    rows, bounds = [*rows, (0, 0)], integer_range(element)
    found = offset(
        column([x for x, _ in rows]),
        np.array([m for _, m in rows]),
        shift,
        bounds,
        container(element),
    )
    assert found.ravel().tolist() == [clipped((x << shift) + m, bounds) for x, m in rows]


def core(
    x: list[int], i: int, beta: int, gamma: list[int], multiplier: int, shift: int, form: dict
) -> int:
    """One value of gdn.core, by the four steps of the contract."""
    terms = [rounded(v * v if form["l2"] else abs(v), form["drop"]) for v in x]
    norm = beta + sum(g * v for g, v in zip(gamma, terms, strict=True))
    e = norm.bit_length()
    e += e & 1 if form["l2"] else 0
    mantissa = norm << MANTISSA_BITS >> e
    function = form_of(form["l2"], form["inverse"])
    if function is None:
        r = mantissa >> 2
    else:
        r = int(form["core"].forms[function].evaluate(np.array([mantissa]))[0])
    k = e // 2 if form["l2"] else e
    t = min(62, max(1, shift - k if form["inverse"] else shift + k))
    return rounded(x[i] * r * multiplier, t)


cores = st.sampled_from(list(built_in_cores().values()))


@few
@given(st.data(), st.booleans(), st.booleans(), narrow, narrow, st.integers(1, 5), cores)
def test_gdn_core(
    data, l2: bool, inverse: bool, source, result, channels: int, chosen: GdnCore
) -> None:
    drop = data.draw(st.integers(0, source.width.data * (2 if l2 else 1) - 1))
    form = {"l2": l2, "inverse": inverse, "core": chosen, "drop": drop}
    bounds = integer_range(result)

    def vector(low: int, high: int, size: int = channels) -> list[int]:
        bits = data.draw(st.integers(0, 62))
        values = st.integers(low, min(high, low + (1 << bits)))
        return data.draw(st.lists(values, min_size=size, max_size=size))

    x = vector(*integer_range(source))
    largest = max(1, *(rounded(v * v if l2 else abs(v), drop) for v in x))
    beta = vector(1, (1 << 47) - 1)
    room = min((1 << 17) - 1, ((1 << 47) - 1) // (channels * largest))
    gamma = [vector(0, room) for _ in range(channels)]
    multiplier, shift = vector(0, (1 << 17) - 1), data.draw(st.integers(-62, 62))
    found = gdn_core(
        column(x),
        np.array(beta),
        np.array(gamma),
        np.array(multiplier),
        shift,
        bounds=bounds,
        dtype=container(result),
        **form,
    )
    expected = [
        clipped(core(x, i, beta[i], gamma[i], multiplier[i], shift, form), bounds)
        for i in range(channels)
    ]
    assert found.ravel().tolist() == expected


def quantized(
    layer: Conv | Gdn, source: UniformAttr, target: UniformAttr, weights: int, seed: int
) -> tuple[ModuleOp, list[Array]]:
    """The integer form of one layer on three channels, and the constants of the float one."""
    function = transform("g_a", [layer], (3, 6, 6), (source, target), seed)
    module = ModuleOp([function])
    constants = [
        array_of(op.result).astype(np.float64)
        for op in function.walk()
        if isinstance(op, ConstantOp)
    ]
    AssignPrecision(weights).apply(Context(), module)
    Quantize().apply(Context(), module)
    module.verify()
    return module, constants


def exact_convolution(layer: Conv, x: Array, weight: Array, bias: Array) -> Array:
    """The convolution of a frame in float64, tap by tap."""
    s, k, p, (height, width) = layer.stride, layer.kernel, layer.kernel // 2, x.shape[2:]
    if isinstance(layer, Deconv):
        wide = np.zeros((layer.channels, s * height + 2 * k, s * width + 2 * k))
        for ky in range(k):
            for kx in range(k):
                product = np.einsum("io,iyx->oyx", weight[:, :, ky, kx], x[0])
                wide[:, ky : ky + s * height : s, kx : kx + s * width : s] += product
        result = wide[:, p : p + s * height, p : p + s * width]
    else:
        padded, size = np.pad(x[0], ((0, 0), (p, p), (p, p))), [-(-n // s) for n in (height, width)]
        result = np.zeros((layer.channels, *size))
        for ky in range(k):
            for kx in range(k):
                part = padded[:, ky : ky + height : s, kx : kx + width : s]
                result += np.einsum("oi,iyx->oyx", weight[:, :, ky, kx], part)
    return (result + bias[:, np.newaxis, np.newaxis])[np.newaxis]


convolutions = st.builds(
    Conv, st.just(4), st.sampled_from([1, 3, 5]), st.sampled_from([1, 2])
) | st.builds(Deconv, st.just(4), st.sampled_from([3, 5]), st.just(2))


@few
@given(convolutions, narrow, st.integers(4, 16), st.integers(2, 16), st.integers(0, 1000))
def test_quantised_convolution(layer: Conv, storage, bits: int, weights: int, seed: int) -> None:
    """With weights of step a and inputs of step s, |x| ≤ X · s, n products a sum, and results of
    step r: each weight is at most a/2 off, the bias a · s/2, the multiplier M half of one, the
    result half a step. So |error| ≤ (n · X + 1) · a · s/2, + 1/(2M − 1) of the sum that has this
    error, + r/2; saturation takes no two numbers further apart. 2^-40 is left for float64."""
    rng = np.random.default_rng(seed)
    source = UniformAttr(storage, float(np.exp2(rng.uniform(-8, 0))))
    target = UniformAttr(integer_type(bits), float(np.exp2(rng.uniform(-6, 2))))
    module, (weight, bias) = quantized(layer, source, target, weights, seed)
    low, high = integer_range(storage)
    x = rng.integers(low, high, (1, 3, 6, 6), endpoint=True)
    found = run(module, "g_a", x.astype(container(storage))) * target.scale
    exact = exact_convolution(layer, x * source.scale, weight, bias)
    (requantizer,) = (op for op in module.walk() if isinstance(op, RequantizeOp))
    axes = (0, 2, 3) if isinstance(layer, Deconv) else (1, 2, 3)
    step = np.abs(weight).max(axis=axes) / ((1 << (weights - 1)) - 1)
    rounding = (3 * layer.kernel**2 * max(-low, high) + 1) * step / 2 * source.scale
    relative = 1 / (2 * array_of(requantizer.multiplier) - 1)
    rounding, relative = (v.reshape(1, -1, 1, 1) for v in (rounding, relative))
    bound = rounding + (np.abs(exact) + rounding) * relative + target.scale / 2
    limits = [v * target.scale for v in integer_range(target.storage)]
    assert (np.abs(found - np.clip(exact, *limits)) <= bound * (1 + 2.0**-40)).all()


TABLE_ERROR, MANTISSA_ERROR = 3.3e-5, 2.0**-16


@few
@given(
    st.sampled_from(Norm), st.booleans(), st.integers(4, 16), st.integers(4, 16), st.integers(0, 99)
)
def test_quantised_gdn(norm: Norm, inverse: bool, storage: int, bits: int, seed: int) -> None:
    """The norm is off by half of Σ f(x_j) + 1 steps of its own (γ and β are rounded), its mantissa
    by 2^-16 (18 bits with one leading zero at most), the table by 3.3e-5 (tests/unit/
    test_gdn_cores.py), the multiplier M by 1/(2M), the result by half a step."""
    rng, l2 = np.random.default_rng(seed), norm is Norm.L2
    element = integer_type(storage)
    source = UniformAttr(element, float(np.exp2(rng.uniform(-10, -6))))
    target = UniformAttr(integer_type(bits), float(np.exp2(rng.uniform(-10, -6))))
    module, (beta, gamma) = quantized(Gdn(norm, inverse), source, target, 8, seed)
    x = rng.integers(*integer_range(element), (1, 3, 6, 6), endpoint=True)
    found = run(module, "g_a", x.astype(container(element))) * target.scale
    (core_op,) = (op for op in module.walk() if isinstance(op, CoreOp))
    whole_beta, whole_gamma, multiplier = (
        array_of(v).astype(np.float64) for v in (core_op.beta, core_op.gamma, core_op.multiplier)
    )

    def norms(beta: Array, gamma: Array, frame: Array) -> Array:
        terms = frame[0] ** 2 if l2 else np.abs(frame[0])
        return beta.reshape(-1, 1, 1) + np.einsum("ij,jyx->iyx", gamma, terms)

    real = norms(beta, gamma, x * source.scale)
    divisor = np.sqrt(real) if l2 else real
    exact = x * source.scale * (divisor if inverse else 1 / divisor)
    off = norms(np.full(3, 0.5), np.full((3, 3), 0.5), x) / norms(whole_beta, whole_gamma, x)
    relative = 1 / (1 - off) / (1 - MANTISSA_ERROR) / (1 - TABLE_ERROR)
    relative = relative / (1 - 1 / (2 * multiplier.reshape(-1, 1, 1))) - 1
    bound = np.abs(exact) * relative + target.scale / 2
    limits = [v * target.scale for v in integer_range(target.storage)]
    assert (np.abs(found - np.clip(exact, *limits)) <= bound * (1 + 2.0**-40)).all()
