"""A design as a codec: images to bitstreams and back."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from .arithmetic import Array
from .bitstream import HASH_BYTES, MAX_PIXELS, Bitstream, Bytes, Header
from .codec import Transforms, encode
from .cpp_transforms import CppTransforms
from .errors import BitstreamError, CodecError
from .images import crop_to, pad_to
from .latent_coder import LatentCoder, LatentShapes
from .model_file import MODEL, CodecModel, read_model
from .tiles import tile_count, tiles


class Codec:
    """Codes images in the frame of a design, padded with black in the middle of it.

    `threads` is how many share the work of the transforms (by default, one for each processor); no
    bit depends on it, nor on the machine. `frame` is another width and height than the design's,
    multiples of the strides of the model. `cpp` runs the design's C++, which takes its own frame
    only, instead of the integer program: the same bits, more slowly. `hardware` are transforms by
    name (g_a, …) that run instead too, integer frames [1, C, H, W] to integer frames: a board's.
    Raises `CodecError` for a folder that is no design, or a model that has no entropy model.
    """

    def __init__(
        self,
        design: str | Path,
        *,
        threads: int | None = None,
        frame: tuple[int, int] | None = None,
        cpp: bool = False,
        hardware: Mapping[str, Callable[[Array], Array]] | None = None,
    ):
        self.design = Path(design)
        model = read_model(self.design / MODEL)
        if model.entropy is None:
            raise CodecError(f"{design}: the model has no entropy model, so it codes no files")
        self.frame = frame or model.frame
        self._model = model
        self._coder = LatentCoder(model.entropy)
        self._shapes = latent_shapes(model, self.frame)
        self._hashes = model.digest[:HASH_BYTES], model.entropy.digest[:HASH_BYTES]
        program = partial(model.program.run, threads=threads)
        self._run: Transforms = CppTransforms(self.design) if cpp else program
        if hardware:
            self._run = lambda name, frame: (
                hardware[name](frame) if name in hardware else program(name, frame)
            )

    def encode(self, image: Array, *, tile: bool = False) -> bytes:
        """The bitstream of an image, uint8 [H, W, 3]. `tile` allows one that is larger than the
        frame, else `CodecError`."""
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or not image.size:
            raise CodecError(
                f"expected an image of uint8 [H, W, 3], found {image.dtype} {list(image.shape)}"
            )
        height, width = image.shape[:2]
        if height * width > MAX_PIXELS:
            raise CodecError(f"{width} x {height} pixels are more than {MAX_PIXELS}")
        if not tile and tile_count((width, height), self.frame) > 1:
            raise CodecError(
                f"{width} x {height} pixels do not fit the frame, {self.frame[0]} x "
                f"{self.frame[1]}; code it in tiles (--tile), or in a larger frame (--frame)"
            )
        slices: list[bytes] = []
        for rows, columns in tiles((width, height), self.frame):
            pixels = image[rows, columns].transpose(2, 0, 1)[np.newaxis]
            padded = pad_to(pixels, self.frame[1], self.frame[0])
            slices += self._coder.encode(encode(self._run, self._functions, padded))
        header = Header(width, height, self.frame, *self._hashes)
        return Bitstream(header, tuple(slices)).to_bytes()

    def decode(self, data: bytes) -> Array:
        """The image of a bitstream, uint8 [H, W, 3]; `BitstreamError` says what is wrong with it,
        or how it was coded otherwise."""
        found = Bitstream.from_bytes(data)
        self._check(found)
        header, count = found.header, self._shapes.slices
        size = header.width, header.height
        if len(found.slices) == count:
            return np.ascontiguousarray(self._decode_tile(found.slices, size))
        image = np.empty((header.height, header.width, 3), np.uint8)
        for number, (rows, columns) in enumerate(tiles(size, self.frame)):
            slices, tile = found.slices[number * count :][:count], image[rows, columns]
            tile[:] = self._decode_tile(slices, (tile.shape[1], tile.shape[0]))
        return image

    def _decode_tile(self, slices: Sequence[Bytes], size: tuple[int, int]) -> Array:
        """The pixels [H, W, 3] of a tile of this width and height."""
        latent = self._coder.decode(slices, self._shapes, self._run)
        pixels = self._run("g_s", latent)
        return crop_to(pixels, size[1], size[0])[0].transpose(1, 2, 0)

    @property
    def _functions(self) -> tuple[str, ...]:
        return tuple(self._model.program.functions)

    def _check(self, found: Bitstream) -> None:
        header = found.header
        if header.model != self._hashes[0]:
            raise BitstreamError(
                f"was coded by another model: {header.model.hex()}, {self.design} is "
                f"{self._hashes[0].hex()}"
            )
        if header.tables != self._hashes[1]:
            raise BitstreamError(
                f"was coded with other entropy tables: {header.tables.hex()}, {self.design} has "
                f"{self._hashes[1].hex()}"
            )
        if header.frame != self.frame:
            sizes = ["x".join(map(str, frame)) for frame in (header.frame, self.frame)]
            raise BitstreamError(
                f"was coded in frames of {sizes[0]}, not of {sizes[1]}; give --frame {sizes[0]}"
            )
        expected = self._shapes.slices * tile_count((header.width, header.height), self.frame)
        if len(found.slices) != expected:
            raise BitstreamError(f"has {len(found.slices)} slices, expected {expected}")


def latent_shapes(model: CodecModel, frame: tuple[int, int]) -> LatentShapes:
    """The shapes of the latents of a frame; `CodecError` where a transform lacks or the frame does
    not fit the strides."""
    functions = model.program.functions
    needed = ["g_a", "g_s", "h_a", "h_s"][: 4 if model.entropy and model.entropy.conditional else 2]
    if missing := [name for name in needed if name not in functions]:
        raise CodecError(f"the design has no {missing[0]}; a codec takes {', '.join(needed)}")
    strides = [functions["g_a"].stride]
    if "h_a" in needed:
        strides.append(strides[0] * functions["h_a"].stride)
    if any(size < 1 or size % strides[-1] for size in frame):
        raise CodecError(
            f"a frame has multiples of {strides[-1]} pixels, found {frame[0]} x {frame[1]}"
        )
    width, height = frame
    shapes = [
        (1, functions[name].result.channels, height // stride, width // stride)
        for name, stride in zip(("g_a", "h_a"), strides, strict=False)
    ]
    return LatentShapes(shapes[0], shapes[1] if len(shapes) > 1 else None)
