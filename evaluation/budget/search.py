"""The cheapest bits of all layers with which images lose no more than a budget allows.

What a layer loses with fewer bits is measured alone, all others at 16 bits; losses are taken to add
up, and the cheapest choice whose sum stays within the budget is found exactly (a multiple-choice
knapsack). That choice is then measured as a whole; where it loses more than the sum said, the
search goes on with as much less.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from xdsl.dialects.builtin import IntegerType
from xdsl.ir import Operation

from ...backends.targets import load_target
from ...dialects.packing import most_products
from ...dialects.quant import UniformAttr
from ...dialects.tensors import integer_type, shape_of, type_of
from ...frontend.model import Model
from ...passes.assign_precision import is_inherited, layer_of
from ...passes.balancing.convolution_shapes import NARROW_PRODUCT_BITS
from ...passes.balancing.selection import cheapest
from ...passes.layer_bits import LayerBits, layers_text
from ...passes.pruning.groups import Convolution
from ...passes.pruning.work import macs_of
from ...passes.round_weights import convolutions
from ...settings import Settings
from ..published import curve_of
from ..sensitivity import Quality, measurement_of
from .demand import Budget, parse_budget

WEIGHTS = (4, 5, 6, 8, 9)
ACTIVATIONS = (6, 8, 9, 10, 12)
BASE = "w9a12"
ROUNDING = "adaptive"
TRIES = 4
MICRO = 1e6
SLICE_SHARE, MEMORY_SHARE, WIDTH_SHARE = 1_000_000, 10_000, 1_000
EFFORT = 10.0
LATENT = integer_type(16)


@dataclass(frozen=True)
class Layer:
    """A convolution: its products in a frame, how many weights it has, the layer that gives its
    input, where the bits of that are to be chosen, and the type of the input where they are not."""

    name: str
    macs: int
    weights: int
    source: str | None
    fixed: IntegerType


@dataclass(frozen=True)
class Option:
    """Bits of a layer's weights and of its input; what they lose, in dB at equal rate; DSP slices
    that a product takes for a cycle; and with the LUTs that make it instead, each as large a
    share of the board as they are, counted as slices too."""

    bits: dict[str, LayerBits]
    loss: float
    slices: float
    share: float


@dataclass(frozen=True)
class Assignment:
    """What was found: the precision, in the words of `--precision`; the loss that is allowed, that
    the single losses add up to and that was measured, in dB at equal rate on the calibration images
    against 16 bits; and DSP-cycles relative to one product a slice and cycle."""

    budget: str
    precision: str
    allowed: float
    predicted: float
    measured: float
    dsp_cycles: float

    def applied(self, settings: Settings) -> Settings:
        """Settings with what was found in the place of the budget."""
        return replace(settings, budget=None, precision=self.precision, rounding=ROUNDING)


def within_budget(
    model: Model, settings: Settings, step: Callable[[str], None] = lambda text: None
) -> Assignment:
    """The cheapest precision within `settings.budget`, with adaptive rounding of weights.

    Raises `ValueError` that says what is reachable where the budget is not.
    """
    if settings.budget is None:
        raise ValueError("budget: expected one, like bd-rate=1% or psnr=0.1")
    budget = parse_budget(settings.budget)
    search = _Search(model, replace(settings, rounding=ROUNDING), step)
    return search.run(budget)


class _Search:
    def __init__(self, model: Model, settings: Settings, step: Callable[[str], None]):
        board = load_target(settings.target).available
        self.luts_per_slice = board.lut / board.dsp
        self.measure = measurement_of(model, settings)
        self.layers = [layer_from(op) for op in convolutions(self.measure.module)]
        self.curve, self.step = curve_of(model.family), step
        step("measuring the program in 16 bits")
        self.best = self.measure.narrow("", LayerBits())

    def run(self, budget: Budget) -> Assignment:
        """The cheapest choice that keeps a budget; the finest one if no other was found."""
        allowed = budget.in_decibels(self.curve, self.best.bpp)
        options = [self.options_of(layer) for layer in self.layers]
        finest = [min(each, key=lambda option: option.loss) for each in options]
        target, nearest = allowed, math.inf
        for attempt in range(TRIES):
            chosen = self.choose(options, target) if attempt < TRIES - 1 else None
            precision = self.text(chosen or finest)
            measured = self.loss(self.measure.with_settings(precision=precision))
            predicted = sum(option.loss for option in chosen or finest)
            self.step(f"{precision}: loses {measured:.3f} dB, {predicted:.3f} dB expected")
            if measured <= allowed:
                figures = allowed, predicted, measured, self.cycles(chosen or finest)
                return Assignment(str(budget), precision, *figures)
            nearest = min(nearest, measured)
            if chosen is None:
                break
            target = min(target, predicted) * allowed / measured
        raise ValueError(
            f"budget {budget}: allows {allowed:.3f} dB at equal rate on the calibration images, "
            f"{nearest:.3f} dB are reachable with weights of up to {max(WEIGHTS)} bits"
        )

    def loss(self, found: Quality) -> float:
        """What is lost against 16 bits, in dB at equal rate."""
        return found.below(self.best, self.curve)

    def options_of(self, layer: Layer) -> list[Option]:
        """All bits that a layer may have, with what they lose alone."""
        self.step(f"measuring what few bits of {layer.name} lose")
        weights = {
            bits: max(0.0, self.loss(self.measure.narrow(layer.name, LayerBits(weights=bits))))
            for bits in WEIGHTS
        }
        if layer.source is None:
            return [
                self.option({layer.name: LayerBits(weights=bits)}, loss, bits, layer.fixed)
                for bits, loss in weights.items()
            ]
        values = {
            bits: max(
                0.0, self.loss(self.measure.narrow(layer.source, LayerBits(activations=bits)))
            )
            for bits in ACTIVATIONS
        }
        return [
            self.option(
                {layer.name: LayerBits(weights=w), layer.source: LayerBits(activations=a)},
                weights[w] + values[a],
                w,
                integer_type(a),
            )
            for w, a in product(WEIGHTS, ACTIVATIONS)
        ]

    def option(
        self, bits: dict[str, LayerBits], loss: float, weights: int, values: IntegerType
    ) -> Option:
        """Products of these factors in DSP slices, or in LUTs where those are a smaller share."""
        slices = 1 / most_products(integer_type(weights), values)
        product = weights * values.width.data
        share = product / self.luts_per_slice
        if product <= NARROW_PRODUCT_BITS and share < slices:
            return Option(bits, loss, 0.0, share)
        return Option(bits, loss, slices, slices)

    def choose(self, options: Sequence[Sequence[Option]], allowed: float) -> list[Option] | None:
        """The cheapest option of every layer with losses of at most `allowed` together."""
        tables = [
            np.array([[math.ceil(option.loss * MICRO)] for option in each], np.int64)
            for each in options
        ]
        prices = [
            np.array([self.price(layer, option) for option in each], np.int64)
            for layer, each in zip(self.layers, options, strict=True)
        ]
        found = cheapest(tables, prices, [math.floor(allowed * MICRO)], EFFORT)
        if found.picks is None:
            return None
        return [each[pick] for each, pick in zip(options, found.picks, strict=True)]

    def price(self, layer: Layer, option: Option) -> int:
        """The share of the board first, then the memory of weights, then the width of what is
        multiplied."""
        macs, weights = (
            sum(getattr(one, key) for one in self.layers) for key in ("macs", "weights")
        )
        weight_bits = option.bits[layer.name].weights or 0
        value_bits = sum(bits.activations or 0 for bits in option.bits.values())
        share = SLICE_SHARE * layer.macs / macs * option.share
        share += MEMORY_SHARE * layer.weights / weights * weight_bits / max(WEIGHTS)
        share += WIDTH_SHARE * layer.macs / macs * value_bits / max(ACTIVATIONS)
        return round(share)

    def cycles(self, chosen: Sequence[Option]) -> float:
        """DSP-cycles of a choice, relative to one product a slice and cycle."""
        macs = sum(layer.macs for layer in self.layers)
        pairs = zip(self.layers, chosen, strict=True)
        return sum(layer.macs * option.slices for layer, option in pairs) / macs

    def text(self, chosen: Sequence[Option]) -> str:
        """A choice in the words of `--precision`."""
        bits: dict[str, LayerBits] = {}
        for option in chosen:
            for layer, given in option.bits.items():
                bits[layer] = LayerBits(**(bits.get(layer, LayerBits()).said | given.said))
        return f"{BASE},{layers_text(bits)}"


def layer_from(op: Convolution) -> Layer:
    """What the search knows of a float convolution."""
    weights = math.prod(shape_of(op.weight))
    owner = op.input.owner
    source = None
    if isinstance(owner, Operation) and not is_inherited(op.input):
        source = layer_of(owner)
    format = type_of(op.input).encoding
    fixed = format.storage if isinstance(format, UniformAttr) else LATENT
    return Layer(op.layer.data, macs_of(op), weights, source, fixed)
