"""`calibrate`: what range each value of the float program takes on real images."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from xdsl.context import Context
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

from ..backends.interpreter import Listener, function_names, run
from ..dialects.quant import PIXEL_SCALE, RangeAttr, UniformAttr
from ..dialects.tensors import tensor_type, type_of
from ..runtime.arithmetic import Array
from ..runtime.images import ImageError, crop_to, find_images, read_image

BUILT_IN = Path(__file__).parent / "calibration"
CROP = 256
GRID = 64
SYNTHETIC_SPREAD = 3.0


@dataclass
class Ranges:
    """The lowest and the highest number seen for each value."""

    bounds: dict[SSAValue, tuple[float, float]] = field(
        default_factory=dict[SSAValue, tuple[float, float]]
    )

    def observe(self, value: SSAValue, array: Array) -> None:
        """Widens the range of a value; constants are not ranged."""
        if isinstance(value.owner, ConstantOp):
            return
        low, high = self.bounds.get(value, (np.inf, -np.inf))
        self.bounds[value] = min(low, float(array.min())), max(high, float(array.max()))


@dataclass(frozen=True)
class Calibrate(ModulePass):
    """Runs the float program on images and notes the range of every value in its type.

    `images` is a folder (the built-in set of CC0 photographs if empty); of its first `limit` images
    the middle, at most 256 x 256 pixels, is used. Latents and symbols pass from @g_a to @h_a, @h_s
    and @g_s rounded to whole numbers where the codec rounds them. A module without @g_a is given
    symbols from a Laplace distribution instead.
    """

    name = "calibrate"

    images: str = ""
    limit: int = 8

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        ranges = Ranges()
        self.measure(op, ranges.observe)
        for value, (low, high) in ranges.bounds.items():
            _annotate(value, low, high)

    def measure(self, module: ModuleOp, observe: Callable[[SSAValue, Array], None]) -> None:
        """Runs the codec on the images and shows every value that an op computes to `observe`."""
        for frame in self._reals(module):
            _run_codec(module, frame, Listener(observe))

    def frames(self, module: ModuleOp) -> list[Array]:
        """What the codec is given: uint8 images [1, 3, H, W], or symbols if there is no @g_a."""
        if self.limit < 1:
            raise PassFailedException(f"calibrate: limit must be at least 1, found {self.limit}")
        if "g_a" not in function_names(module):
            return [_synthetic_symbols(module)]
        folder = Path(self.images) if self.images else BUILT_IN
        try:
            return [middle(read_image(path)) for path in find_images((folder,))[: self.limit]]
        except ImageError as error:
            raise PassFailedException(f"calibrate: {error}") from error

    def _reals(self, module: ModuleOp) -> list[Array]:
        frames = self.frames(module)
        if "g_a" not in function_names(module):
            return frames
        return [image.astype(np.float32) * np.float32(PIXEL_SCALE) for image in frames]


def built_in_mosaic(height: int, width: int) -> Array:
    """The built-in photographs side by side until they fill a frame (uint8 [1, 3, H, W])."""
    tiles = [read_image(path) for path in find_images((BUILT_IN,))]
    rows, columns = -(-height // CROP), -(-width // CROP)
    picked = [[tiles[(r * columns + c) % len(tiles)] for c in range(columns)] for r in range(rows)]
    return np.concatenate([np.concatenate(row, 3) for row in picked], 2)[:, :, :height, :width]


def middle(image: Array) -> Array:
    """The middle of an image, at most 256 pixels wide and high, both multiples of 64."""
    height, width = (min(CROP, n // GRID * GRID) for n in image.shape[2:])
    if not height or not width:
        raise ImageError(
            f"a calibration image must be at least {GRID} x {GRID} pixels, "
            f"found {image.shape[3]} x {image.shape[2]}"
        )
    return crop_to(image, height, width)


def _synthetic_symbols(module: ModuleOp) -> Array:
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    synthesis = next((f for f in functions if f.sym_name.data == "g_s"), None)
    if synthesis is None:
        raise PassFailedException("calibrate: the module has neither @g_a nor @g_s")
    channels = type_of(synthesis.args[0]).get_shape()[1]
    noise = np.random.default_rng(0).laplace(0.0, SYNTHETIC_SPREAD, (1, channels, 16, 16))
    return np.round(noise).astype(np.float32)


def _run_codec(module: ModuleOp, frame: Array, listener: Listener) -> None:
    """Runs every function of the codec on what the codec would give it."""
    names = function_names(module)
    latent = run(module, "g_a", frame, listener) if "g_a" in names else frame
    if "h_a" in names:
        symbols = run(module, "h_a", latent, listener)
        if "h_s" in names:
            run(module, "h_s", np.round(symbols), listener)
    if "g_s" in names:
        run(module, "g_s", np.round(latent), listener)


def _annotate(value: SSAValue, low: float, high: float) -> None:
    type = type_of(value)
    if isinstance(type.encoding, UniformAttr):
        return
    encoding = RangeAttr(low, high)
    Rewriter.replace_value_with_new_type(
        value, tensor_type(type.element_type, type.get_shape(), encoding)
    )
