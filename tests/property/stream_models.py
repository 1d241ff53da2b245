"""Random functions at the stream level: every actor, with shapes, widths, parallelism, packing,
memories and FIFO depths drawn at random.
"""

import numpy as np
from numpy.typing import NDArray
from xdsl.dialects.builtin import BoolAttr, IntegerAttr, IntegerType, ModuleOp, StringAttr, i64
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, Block, SSAValue

from licc.dialects import stream
from licc.dialects.drain import fewest_steps
from licc.dialects.gdn import Norm, NormAttr
from licc.dialects.packing import FORMS, PackingAttr, largest, longest_chain, weight_sums
from licc.dialects.stream_checks import windows_type
from licc.dialects.stream_types import (
    FifoType,
    Multiplier,
    MultiplierAttr,
    WindowAttr,
    WindowsType,
    ceil_div,
)
from licc.dialects.tensors import array_of, integer_type
from licc.dialects.window import Window
from licc.runtime.gdn_cores import built_in_cores
from licc.tests.property.stream_builder import LANES, FunctionBuilder

MAX_MULTIPLIER = (1 << 17) - 1


class Model(FunctionBuilder):
    """Layers, each with random parameters."""

    def window(self) -> Window:
        """A window that fits the frame: kernels of 1 to 9, strides of 1, 2 and 4."""
        size, stride = min(self.shape[1:]), self.one_of((1, 2, 4))
        if self.one_of((True, False)):
            padding = self.number(0, 3)
            most = min(9, 2 * padding + stride)
            return Window(self.number(2 * padding + 1, most), stride, padding, True)
        kernel = self.number(1, 9)
        return Window(kernel, stride, self.number(max(0, ceil_div(kernel - size, 2)), kernel - 1))

    def vectors(self, sums: int, output: IntegerType) -> tuple[list[SSAValue], IntegerAttr]:
        """bias, multiplier, perhaps negative, and the shift that takes sums of this size to the
        range of `output`, a little saturated."""
        channels = self.shape[0]
        bias = self.rng.integers(-sums // 4 - 1, sums // 4 + 2, channels)
        width = integer_type(int(np.abs(bias).max()).bit_length() + 1)
        multiplier = self.rng.integers(MAX_MULTIPLIER // 2, MAX_MULTIPLIER + 1, channels)
        roms = [self.rom(bias, width), self.rom(multiplier, integer_type(32))]
        if form := self.number(0, 2):
            negative = self.rng.integers(0, MAX_MULTIPLIER // 4, channels) * (form - 1)
            roms.append(self.rom(negative, integer_type(17, False)))
        shift = int(np.clip(sums.bit_length() - output.width.data + 17, 0, 62))
        return roms, IntegerAttr(shift, i64)

    def fold(self, lanes: int, steps: int) -> int:
        """In how many words `lanes` leave: any number that divides them, at most a word a step."""
        return self.one_of([n for n in range(1, lanes + 1) if lanes % n == 0 and n <= steps])

    def convolution(self) -> None:
        """line_buffer and convolve, or line_buffer, mac and requantize."""
        window, source, outputs = self.window(), self.here, self.number(1, 8)
        channels, height, width = self.shape
        weight = integer_type(self.one_of((2, 4, 4, 8, 8, 8, 12, 16)))
        limit = (1 << (weight.width.data - 1)) - 1
        order = (channels, outputs)[:: 1 if window.transposed else -1]
        values = self.rng.integers(-limit, limit + 1, (*order, window.kernel, window.kernel))
        taps = self.one_of((1, window.most_taps))
        least = fewest_steps(window, taps, 2, source.words_per_pixel)
        pixels = [n for n in (1, 2, 4) if window.grid_size(width) % n == 0]
        pixels = self.one_of([n for n in pixels if n == 1 or n * window.phases <= least])
        packing = self.packing(values, window, pixels)
        po = outputs if pixels > 1 else self.one_of(LANES)
        po += po % packing.packing.outputs if packing else 0
        repeat = ceil_div(outputs, po)
        windows = WindowsType(source.frame, source.lanes, taps, repeat, self.number(1, 5), pixels)
        geometry = WindowAttr(window)
        self.actor(
            stream.LineBufferOp, [self.value], [windows], window=geometry, memory=self.memory()
        )
        bound = int(np.abs(values).sum()) * largest(source.frame.element_type)
        shape = (outputs, window.output_size(height), window.output_size(width))
        sums = self.fifo(integer_type(bound.bit_length() + 1), shape, po)
        products = self.one_of(list(Multiplier)) if packing is None else Multiplier.DSP
        options: dict[str, Attribute] = {
            "window": geometry,
            "memory": self.memory(),
            "products": MultiplierAttr(products),
        }
        if packing:
            options["packing"] = packing
        self.engine(self.rom(values, weight), sums, options)

    def packing(self, values: NDArray, window: Window, pixels: int) -> PackingAttr | None:
        """A form that the factors allow, if there is one, and often none."""
        activation, sums = self.here.frame.element_type, weight_sums(values, window.transposed)
        able = {form: longest_chain(form, sums, activation) for form in FORMS}
        forms = [form for form, chain in able.items() if chain and pixels % form.pixels == 0]
        if not forms or self.number(0, 2) == 0:
            return None
        form = max(forms, key=lambda form: (form.products, self.number(0, 9)))
        return PackingAttr(form, self.number(1, min(able[form], 9)))

    def engine(self, weight: SSAValue, sums: FifoType, options: dict[str, Attribute]) -> None:
        """A multiply-accumulate array and its requantiser, fused or not."""
        windows, accumulator = self.value, sums.frame.element_type
        output = self.element((4, 8, 8, 12, 16))
        taps = array_of(weight).size / sums.frame.get_shape()[1]
        size = (
            int(np.abs(array_of(weight)).max() * np.sqrt(taps))
            * largest(windows_type(windows).frame.element_type)
            // 2
            + 1
        )
        result = self.fifo(output, sums.frame.get_shape()[1:], sums.lanes)
        if self.one_of((True, False, False)):
            self.actor(stream.MacOp, [windows, weight], [sums], **options)
            roms, shift = self.vectors(size, output)
            self.actor(stream.RequantizeOp, [self.value, *roms], [result], shift=shift)
            return
        self.value = Block(arg_types=[sums]).args[0]  # only its shape is looked at
        roms, shift = self.vectors(size, output)
        window, found = options["window"], windows_type(windows)
        assert isinstance(window, WindowAttr)
        steps = fewest_steps(window.window, found.taps, found.pixels, found.groups)
        if found.pixels > 1:
            steps = steps // (found.pixels * window.window.phases)
        options["outputs"] = IntegerAttr(sums.lanes, i64)
        result = result.with_lanes(sums.lanes // self.fold(sums.lanes, steps))
        self.actor(
            stream.ConvolveOp,
            [windows, weight, *roms],
            [result],
            accumulator=accumulator,
            shift=shift,
            **options,
        )

    def normalization(self) -> None:
        """A GDN core; narrows its input first if it has more than 16 bits."""
        channels, source = self.shape[0], self.here
        norm, inverse = self.one_of(list(Norm)), self.one_of((True, False))
        power = 2 if norm is Norm.L2 else 1
        norm_bits, gamma_bits = self.one_of((16, 32, 48)), self.one_of((2, 8, 17))
        drop = self.number(0, source.frame.element_type.width.data * power - 1) // 2
        term = (largest(source.frame.element_type) ** power + ((1 << drop) >> 1)) >> drop
        limit = min((1 << gamma_bits) - 1, ((1 << (norm_bits - 1)) - 1) // (term * channels))
        gamma = self.rng.integers(0, self.one_of((min(limit, 1), limit)) + 1, (channels, channels))
        gamma *= self.rng.random(gamma.shape) < self.one_of((0.2, 0.5, 1.0))
        beta = 1 << self.rng.integers(0, self.one_of((3, norm_bits - 2)), channels)
        middle = (int(np.median(beta)) + int(gamma.sum()) * term // (4 * channels)).bit_length()
        output = self.element((4, 8, 8, 12, 16))
        reach = 33 + source.frame.element_type.width.data - output.width.data
        shift = reach + (middle // power if inverse else -(middle // power))
        multiplier = self.rng.integers(MAX_MULTIPLIER // 2, MAX_MULTIPLIER + 1, channels)
        roms = [
            self.rom(beta, integer_type(48)),
            self.rom(gamma, integer_type(gamma_bits, False)),
            self.rom(multiplier, integer_type(32)),
        ]
        result = self.fifo(output, self.shape)
        fold = self.number(1, source.words_per_pixel)
        self.actor(
            stream.NormalizeOp,
            [self.value, *roms],
            [result],
            outputs=IntegerAttr(result.lanes * fold, i64),
            norm=NormAttr(norm),
            inverse=BoolAttr.from_bool(inverse),
            shift=IntegerAttr(int(np.clip(shift, 1, 62)), i64),
            core=StringAttr(self.one_of(list(built_in_cores()))),
            norm_bits=IntegerAttr(norm_bits, i64),
            drop=IntegerAttr(drop, i64),
            memory=self.memory(),
        )

    def elementwise(self) -> None:
        """Two of the small actors."""
        kinds = (self.offset, self.absolute, self.doubled, self.converted)
        for number in self.rng.choice(len(kinds), 2, replace=False):
            kinds[number]()

    def offset(self) -> None:
        """A constant per channel."""
        self.offset_to(self.element((6, 12, 16)))

    def widened(self) -> None:
        """A constant per channel, in a type that fills no native one."""
        self.offset_to(self.element((18, 24, 33, 40)))

    def offset_to(self, element: IntegerType) -> None:
        """stream.offset with a result of this type."""
        values = self.rng.integers(-2000, 2000, self.shape[0])
        result = self.fifo(element, self.shape, self.here.lanes)
        shift = IntegerAttr(self.number(0, 6), i64)
        rom = self.rom(values, integer_type(12))
        self.actor(stream.OffsetOp, [self.value, rom], [result], shift=shift)

    def absolute(self) -> None:
        """Magnitudes."""
        result = self.fifo(self.element((6, 12, 17)), self.shape, self.here.lanes)
        self.actor(stream.AbsOp, [self.value], [result])
        self.narrowed()

    def doubled(self) -> None:
        """A fork, a requantiser on one side, and the sum of both."""
        lanes, element = self.here.lanes, self.here.frame.element_type
        ends = [self.fifo(element, self.shape, lanes) for _ in range(2)]
        fork = self.actor(stream.ForkOp, [self.value], ends)
        other = self.element((8, 12))
        roms, shift = self.vectors(largest(element), other)
        scaled = self.fifo(other, self.shape, lanes)
        self.actor(stream.RequantizeOp, [fork.results[0], *roms], [scaled], shift=shift)
        total = self.fifo(self.element((8, 17)), self.shape, lanes)
        self.actor(stream.AddOp, [self.value, fork.results[1]], [total])
        self.narrowed()

    def narrowed(self) -> None:
        """At most 16 bits, as the GDN core asks for."""
        element = self.here.frame.element_type
        if element.width.data > 16:
            output = self.element((8, 16))
            roms, shift = self.vectors(largest(element), output)
            result = self.fifo(output, self.shape, self.here.lanes)
            self.actor(stream.RequantizeOp, [self.value, *roms], [result], shift=shift)

    def converted(self) -> None:
        """Words cut anew."""
        result = self.fifo(self.here.frame.element_type, self.shape)
        self.actor(stream.WidthConverterOp, [self.value], [result])


RECIPES = (
    (Model.convolution,),
    (Model.convolution, Model.normalization),
    (Model.normalization,),
    (Model.elementwise, Model.convolution),
    (Model.convolution, Model.elementwise, Model.convolution),
    (Model.normalization, Model.widened),
)


def random_module(seed: int, count: int) -> tuple[ModuleOp, dict[str, NDArray]]:
    """`count` functions, of each recipe in turn, and a frame for each."""
    rng = np.random.default_rng(seed)
    functions: list[FuncOp] = []
    frames: dict[str, NDArray] = {}
    for number in range(count):
        model = Model(f"f{number}", rng)
        model.narrowed()
        for step in RECIPES[number % len(RECIPES)]:
            step(model)
        frames[model.name] = model.frame()
        functions.append(model.function())
    return ModuleOp(functions), frames
