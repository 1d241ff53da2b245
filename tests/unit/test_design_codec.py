"""Images to bitstreams and back, against the interpreter."""

import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from licc.frontend.students import Architecture
from licc.runtime import BitstreamError, Codec, CodecError, latent_coder
from licc.runtime.arithmetic import Array
from licc.runtime.bitstream import Bitstream
from licc.runtime.codec import encode
from licc.runtime.entropy import TableCoder
from licc.runtime.images import pad_to
from licc.runtime.model_file import MODEL, read_model, write_model
from licc.tests.unit.codecs import SmallCodec, picture, write_codec
from licc.tests.unit.students import ALL, FACTORIZED, HYPERPRIOR

FRAME = (128, 64)
SIZES = ((1, 1), (128, 64), (127, 63), (5, 64), (128, 1), (77, 31))
NAMES = {str(architecture.family): architecture for architecture in ALL}
FAMILIES = pytest.mark.parametrize("family", NAMES)


@pytest.fixture(scope="module")
def codecs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SmallCodec]:
    folder = tmp_path_factory.mktemp("codecs")
    return {name: write_codec(folder / name, one, FRAME) for name, one in NAMES.items()}


@FAMILIES
def test_decoded_images_are_the_interpreters(codecs: dict[str, SmallCodec], family: str) -> None:
    small = codecs[family]
    codec = Codec(small.design)
    for seed, size in enumerate(SIZES):
        image = picture(*size, seed)
        found = codec.decode(codec.encode(image))
        assert found.dtype == np.uint8
        assert np.array_equal(found, small.reconstruct(image))


@FAMILIES
def test_program_is_the_interpreters(codecs: dict[str, SmallCodec], family: str) -> None:
    """Step by step, with symbols that no image would give."""
    small, rng = codecs[family], np.random.default_rng(3)
    program = read_model(small.design / MODEL).program
    for name, function in program.functions.items():
        low, high = function.argument.format.bounds
        frame = rng.integers(low, high + 1, (1, function.argument.channels, 16, 32))
        frame = frame.astype(function.argument.format.dtype)
        expected = small.program(name, frame)
        found = program.run(name, frame)
        assert found.dtype == expected.dtype
        assert np.array_equal(found, expected)


@FAMILIES
def test_hardware_runs_what_it_has(codecs: dict[str, SmallCodec], family: str) -> None:
    design, image, ran = codecs[family].design, picture(*FRAME, 5), list[str]()
    program = read_model(design / MODEL).program

    def part(name: str) -> Callable[[Array], Array]:
        def run(frame: Array) -> Array:
            ran.append(name)
            return program.run(name, frame)

        return run

    data = Codec(design).encode(image)
    hardware = {name: part(name) for name in ("g_a", "g_s")}
    codec = Codec(design, hardware=hardware)
    assert codec.encode(image) == data
    assert np.array_equal(codec.decode(data), Codec(design).decode(data))
    assert ran == ["g_a", "g_s"]


@FAMILIES
def test_bytes_are_what_the_tables_say(codecs: dict[str, SmallCodec], family: str) -> None:
    small = codecs[family]
    model, image = read_model(small.design / MODEL), picture(*FRAME, 4)
    assert model.entropy is not None
    latents = encode(model.program.run, tuple(model.program.functions), _frame(image))
    parts = [(model.entropy.bottleneck, latents.symbols)]
    rows = [model.entropy.bottleneck_rows(latents.symbols.shape)]
    if model.entropy.conditional:
        assert latents.hyper is not None
        assert latents.scales is not None
        parts = [(model.entropy.bottleneck, latents.hyper)]
        parts.append((model.entropy.conditional.tables, latents.symbols))
        rows = [model.entropy.bottleneck_rows(latents.hyper.shape)]
        rows.append(model.entropy.conditional.rows(latents.scales))
    bits = sum(
        tables.bits(symbols, index) for (tables, symbols), index in zip(parts, rows, strict=True)
    )
    size = len(Codec(small.design).encode(image))
    assert bits / 8 <= size <= bits / 8 * 1.005 + 64 + 8 * len(parts)


@FAMILIES
def test_bits_depend_on_no_thread(codecs: dict[str, SmallCodec], family: str) -> None:
    image = picture(*FRAME, 5)
    design = codecs[family].design
    coded = {Codec(design, threads=threads).encode(image) for threads in (1, 2, 4, None)}
    assert len(coded) == 1
    (data,) = coded
    assert len({Codec(design, threads=n).decode(data).tobytes() for n in (1, 2, 4)}) == 1


OTHER_PROCESS = """
import sys
ALLOWED = {"numpy", "PIL", "constriction", "licc", "defusedxml"}
class Blocked:
    def find_spec(self, name, path=None, target=None):
        root = name.partition(".")[0]
        if root not in ALLOWED and root not in sys.stdlib_module_names:
            raise ImportError(f"the runtime imports {name}")
sys.meta_path.insert(0, Blocked())
from hashlib import sha256
from pathlib import Path
from licc.runtime import Codec
from licc.runtime.images import decode_image
codec = Codec(sys.argv[1], threads=int(sys.argv[4]))
data = Path(sys.argv[2]).read_bytes()
pixels = codec.decode(data)
assert codec.encode(decode_image(Path(sys.argv[3]).read_bytes())) == data
print(sha256(pixels.tobytes()).hexdigest())
"""


@FAMILIES
def test_another_process_without_the_compiler(
    codecs: dict[str, SmallCodec], tmp_path: Path, family: str
) -> None:
    """The runtime takes NumPy, Pillow and the coder; bits depend on no number of threads of BLAS,
    nor on the coder."""
    from PIL import Image

    design, image = codecs[family].design, picture(100, 60, 6)
    codec = Codec(design)
    data = codec.encode(image)
    (tmp_path / "coded").write_bytes(data)
    Image.fromarray(image).save(tmp_path / "image.png")
    expected = sha256(codec.decode(data).tobytes()).hexdigest()
    for threads, script in (
        ("1", OTHER_PROCESS),
        ("2", OTHER_PROCESS.replace('"constriction", ', "")),
    ):
        arguments = [str(design), str(tmp_path / "coded"), str(tmp_path / "image.png"), threads]
        limits = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
        run = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env={**os.environ, **limits},
            capture_output=True,
            text=True,
        )
        assert run.stderr == ""
        assert run.stdout.strip() == expected


@FAMILIES
def test_slices_stand_alone(
    codecs: dict[str, SmallCodec], family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many of them, decoded in any order."""
    monkeypatch.setattr(latent_coder, "SLICE_SYMBOLS", 50)
    small = codecs[family]
    codec, image = Codec(small.design), picture(*FRAME, 10)
    data = codec.encode(image)
    assert np.array_equal(codec.decode(data), small.reconstruct(image))
    slices = Bitstream.from_bytes(data).slices
    model = read_model(small.design / MODEL)
    assert model.entropy is not None
    symbols = encode(model.program.run, tuple(model.program.functions), _frame(image))
    bottleneck = symbols.symbols if symbols.hyper is None else symbols.hyper
    rows = model.entropy.bottleneck_rows(bottleneck.shape).ravel()
    count = -(-rows.size // 50)
    assert len(slices) > 2
    for number in reversed(range(count)):
        part = slice(50 * number, 50 * number + 50)
        found = TableCoder(model.entropy.bottleneck).decode(slices[number], rows[part])
        assert np.array_equal(found, bottleneck.ravel()[part])


def _frame(image: np.ndarray) -> np.ndarray:
    return pad_to(image.transpose(2, 0, 1)[np.newaxis], *FRAME[::-1])


def test_tiles(codecs: dict[str, SmallCodec]) -> None:
    small = codecs[str(FACTORIZED.family)]
    codec, image = Codec(small.design), picture(200, 100, 7)
    with pytest.raises(CodecError, match=r"200 x 100 pixels do not fit the frame, 128 x 64; code"):
        codec.encode(image)
    found = codec.decode(codec.encode(image, tile=True))
    for rows in (slice(0, 64), slice(64, 100)):
        for columns in (slice(0, 128), slice(128, 200)):
            expected = small.reconstruct(image[rows, columns])
            assert np.array_equal(found[rows, columns], expected)


def test_other_frames(codecs: dict[str, SmallCodec]) -> None:
    small = codecs[str(HYPERPRIOR.family)]
    image = picture(60, 100, 8)
    codec = Codec(small.design, frame=(64, 128))
    data = codec.encode(image)
    tall = SmallCodec(small.design, small.program, (64, 128))
    assert np.array_equal(codec.decode(data), tall.reconstruct(image))
    with pytest.raises(BitstreamError, match="coded in frames of 64x128, not of 128x64; give --fr"):
        Codec(small.design).decode(data)
    with pytest.raises(CodecError, match="a frame has multiples of 64 pixels, found 64 x 80"):
        Codec(small.design, frame=(64, 80))


def test_files_of_others(codecs: dict[str, SmallCodec], tmp_path: Path) -> None:
    small = codecs[str(HYPERPRIOR.family)]
    data = Codec(small.design).encode(picture(9, 9))
    other = write_codec(tmp_path / "other", Architecture(HYPERPRIOR.family, 4, 4), FRAME)
    with pytest.raises(
        BitstreamError, match=r"was coded by another model: \w{16}, .*other is \w{16}"
    ):
        Codec(other.design).decode(data)
    model = read_model(small.design / MODEL)
    assert model.entropy is not None
    assert model.entropy.conditional is not None
    model.entropy.conditional.thresholds[0] -= 1
    (tmp_path / "tables").mkdir()
    write_model(tmp_path / "tables" / MODEL, model)
    with pytest.raises(BitstreamError, match="was coded with other entropy tables"):
        Codec(tmp_path / "tables").decode(data)


def test_wrong_arrays(codecs: dict[str, SmallCodec]) -> None:
    codec = Codec(codecs[str(FACTORIZED.family)].design)
    for array in (
        np.zeros((3, 8, 8), np.uint8),
        np.zeros((8, 8, 3)),
        np.zeros((0, 8, 3), np.uint8),
    ):
        with pytest.raises(CodecError, match=r"expected an image of uint8 \[H, W, 3\], found"):
            codec.encode(array)


def test_designs_that_are_none(codecs: dict[str, SmallCodec], tmp_path: Path) -> None:
    with pytest.raises(CodecError, match=r"model\.licc: cannot be read: No such file"):
        Codec(tmp_path)
    (tmp_path / MODEL).write_bytes(b"nothing")
    with pytest.raises(CodecError, match=r"is no model of this licc, or a damaged one"):
        Codec(tmp_path)
    content = (codecs[str(FACTORIZED.family)].design / MODEL).read_bytes()
    for size in (0, 100, len(content) // 2, len(content) - 9):
        (tmp_path / MODEL).write_bytes(content[:size])
        with pytest.raises(CodecError, match=r"is no model of this licc, or a damaged one"):
            Codec(tmp_path)
    model = read_model(codecs[str(FACTORIZED.family)].design / MODEL)
    write_model(tmp_path / MODEL, type(model)(model.program, None, model.frame))
    with pytest.raises(CodecError, match="has no entropy model, so it codes no files"):
        Codec(tmp_path)


@pytest.mark.slow
def test_sizes_of_all_kinds(tmp_path: Path) -> None:
    frame = (304, 304)
    small = write_codec(tmp_path / "large", FACTORIZED, frame)
    codec, rng = Codec(small.design), np.random.default_rng(9)
    for seed in range(150):
        image = picture(*(int(side) for side in rng.integers(1, 301, 2)), seed)
        assert np.array_equal(codec.decode(codec.encode(image)), small.reconstruct(image))
