"""The C++ codec of a package writes and reads the files of the Python one, with sanitizers on: the
golden ones, random ones and damaged ones. Its transforms are the integer program."""

import shutil
import struct
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import licc.backends.board as board
from licc.backends.board.model_header import print_model
from licc.backends.hls.build import BuiltCore
from licc.runtime import BitstreamError, Codec
from licc.runtime.arithmetic import Array
from licc.runtime.design_codec import latent_shapes
from licc.runtime.frame_layout import FrameLayout
from licc.runtime.model_file import MODEL, CodecModel, read_model
from licc.tests.unit.codecs import picture
from licc.tests.unit.mutations import mutated

CODECS = Path(__file__).parents[1] / "golden" / "codec"
FAMILIES = ("factorized", "hyperprior", "mean-scale")
FILES = Path(board.__file__).parent / "files" / "cpp"
SANITIZE = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
LANES = 3


def cores_of(model: CodecModel) -> dict[str, BuiltCore]:
    """Cores for the frame of a model. Words have three lanes, so some of them have padding."""
    latents = latent_shapes(model, model.frame)
    pixels = (1, 3, model.frame[1], model.frame[0])
    sides = {"g_a": (pixels, latents.latent), "g_s": (latents.latent, pixels)}
    if latents.hyper:
        predicted = model.program.functions["h_s"].result.channels, *latents.latent[2:]
        sides |= {"h_a": (latents.latent, latents.hyper), "h_s": (latents.hyper, (1, *predicted))}
    cores: dict[str, BuiltCore] = {}
    for name, (given, made) in sides.items():
        function = model.program.functions[name]
        formats = function.argument.format, function.result.format
        layouts = [
            FrameLayout(*shape[1:], LANES, format.bits, format.signed)
            for shape, format in zip((given, made), formats, strict=True)
        ]
        cores[name] = BuiltCore(name, *layouts)
    return cores


@dataclass(frozen=True)
class CppCodec:
    """The C++ codec at work."""

    process: subprocess.Popen[bytes]
    cores: dict[str, BuiltCore]
    run: Callable[[str, Array], Array]

    def encode(self, image: Array) -> bytes:
        height, width = image.shape[:2]
        return self._ask(b"e" + struct.pack("<II", width, height) + image.tobytes())

    def decode(self, data: bytes) -> bytes:
        return self._ask(b"d" + struct.pack("<I", len(data)) + data)

    def _ask(self, request: bytes) -> bytes:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin is not None
        assert stdout is not None
        while True:
            stdin.write(request)
            stdin.flush()
            head = stdout.read(5)
            assert len(head) == 5, "the C++ has crashed"
            kind, size = struct.unpack("<cI", head)
            found = stdout.read(size)
            if kind == b"x":
                raise BitstreamError(found.decode())
            if kind == b"r":
                return found
            core = self.cores[name := found[:3].decode()]
            result = core.output.to_bytes(self.run(name, core.input.from_bytes(found[3:])))
            request = struct.pack("<I", len(result)) + result


@pytest.fixture(scope="module", params=FAMILIES)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Codec, CppCodec]]:
    """The Python codec of a family and the C++ one."""
    if shutil.which("g++") is None:
        pytest.skip("no g++")
    folder, design = tmp_path_factory.mktemp("board"), CODECS / request.param
    model = read_model(design / MODEL)
    cores = cores_of(model)
    (folder / "model.h").write_text(print_model(model, latent_shapes(model, model.frame), cores))
    source, program = Path(__file__).with_name("board_codec.cpp"), folder / "board_codec"
    command = ["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", *SANITIZE]
    command += [f"-I{folder}", f"-I{FILES}", str(source), "-o", str(program)]
    subprocess.run(command, check=True)
    codec = Codec(design, threads=1)
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        yield codec, CppCodec(process, cores, lambda name, frame: model.program.run(name, frame, 1))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait() == 0


def test_golden_files(pair: tuple[Codec, CppCodec]) -> None:
    python, cpp = pair
    files = [path for path in python.design.glob("*.licc") if path.name != MODEL]
    assert len(files) == 3
    for path in files:
        image = python.decode(path.read_bytes())
        assert cpp.decode(path.read_bytes()) == image.tobytes()
        assert cpp.encode(image) == python.encode(image, tile=True)


def test_random_images(pair: tuple[Codec, CppCodec]) -> None:
    python, cpp = pair
    rng = np.random.default_rng(7)
    for width, height in ((128, 64), (1, 1), (77, 31), (129, 65), (300, 20)):
        smooth = picture(width, height, seed=width)
        for image in (smooth, rng.integers(0, 256, smooth.shape).astype(np.uint8)):
            data = python.encode(image, tile=True)
            assert cpp.encode(image) == data
            assert cpp.decode(data) == python.decode(data).tobytes()


def test_symbols_of_16_bits(pair: tuple[Codec, CppCodec]) -> None:
    """Latents that no image gives: the transforms of both codecs say so."""
    python, cpp = pair
    rng = np.random.default_rng(8)

    def run(name: str, frame: Array) -> Array:
        result = cpp.cores[name].output
        values = np.random.default_rng(len(name) + int(frame.sum()) % 97)
        low, high = result.format.bounds
        return values.integers(low, high + 1, result.shape).astype(result.format.dtype)

    hardware = {name: lambda frame, name=name: run(name, frame) for name in cpp.cores}
    both = Codec(python.design, hardware=hardware), CppCodec(cpp.process, cpp.cores, run)
    for _ in range(4):
        image = rng.integers(0, 256, (64, 128, 3)).astype(np.uint8)
        data = both[0].encode(image)
        assert both[1].encode(image) == data
        assert both[1].decode(data) == both[0].decode(data).tobytes()


def test_damaged_files(pair: tuple[Codec, CppCodec]) -> None:
    """The same fate, and of those that hold an image the same pixels."""
    python, cpp = pair
    corpus = [p.read_bytes() for p in sorted(python.design.glob("*.licc")) if p.name != MODEL]
    damaged = CODECS / "damaged" / python.design.name
    files = [path.read_bytes() for path in sorted(damaged.glob("*.licc"))]
    rng = np.random.default_rng(9)
    files += [mutated(rng, corpus) for _ in range(200)]
    fates: dict[str, int] = {}
    for data in files:
        wanted, found = fate(python.decode, data), fate(cpp.decode, data)
        assert found == wanted
        fates[found[:12]] = fates.get(found[:12], 0) + 1
    assert len(fates) > 8


def fate(decode: Callable[[bytes], bytes | Array], data: bytes) -> str:
    """What becomes of a file: its pixels, or what is wrong with it, in the words that both use."""
    try:
        found = decode(data)
    except BitstreamError as error:
        message = str(error).replace("this licc reads", "this program reads")
        for start in ("was coded by another model", "was coded with other entropy tables"):
            if message.startswith(start):
                return start
        return "was coded in other frames" if "was coded in" in message else message
    return (found if isinstance(found, bytes) else found.tobytes()).hex()
