"""The figures of `licc bench` against CompressAI itself, the interpreter, and sums by hand."""

import json
import math
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

import licc
from licc.backends.interpreter import run
from licc.evaluation.benchmark import Measure
from licc.evaluation.codecs import integer_program, passes_to_integers, run_float, run_integers
from licc.evaluation.figures import Benchmark, Comparison, Figures, ImageFigures, mean_figures
from licc.evaluation.metrics import ms_ssim
from licc.evaluation.published import FACTORIZED as FACTORIZED_CURVE
from licc.evaluation.rates import EntropyModel, Stream, empirical_bits, entropy_model
from licc.evaluation.tables import decode
from licc.frontend import ModelError, load_model
from licc.frontend.students import Architecture, Family
from licc.frontend.students.checkpoints import read_student, write_student
from licc.runtime.codec import encode
from licc.runtime.entropy import Tables
from licc.runtime.images import crop_to, pad_to, psnr
from licc.tests.unit.students import ALL, HYPERPRIOR, write_teacher

HEIGHT, WIDTH = 100, 130
PADDED = 128, 192
FAMILIES = pytest.mark.parametrize("architecture", ALL, ids=lambda a: str(a.family))


def photograph() -> np.ndarray:
    """uint8 [1, 3, HEIGHT, WIDTH], smooth."""
    small = np.random.default_rng(5).integers(0, 256, (6, 6, 3), np.uint8)
    image = Image.fromarray(small).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return np.ascontiguousarray(np.asarray(image).transpose(2, 0, 1)[np.newaxis])


def padded_to(architecture: Architecture) -> tuple[int, int]:
    """Height and width of the padded image."""
    stride = architecture.stride
    return -(-HEIGHT // stride) * stride, -(-WIDTH // stride) * stride


@FAMILIES
def test_float_figures_are_those_of_compressai(tmp_path: Path, architecture: Architecture) -> None:
    path, image = tmp_path / "student.pt", photograph()
    library = write_teacher(path, architecture)
    padded = pad_to(image, *padded_to(architecture))
    with torch.inference_mode():
        code = library.compress(torch.as_tensor(padded) / 255)
        decoded = library.decompress(**code)["x_hat"]
    strings = [part for (part,) in code["strings"]]

    model = load_model(path)
    coded = run_float(model, padded)
    entropy = entropy_model(model)
    assert isinstance(entropy, EntropyModel)
    assert [stream.encode() for stream in entropy.streams(coded)] == strings
    expected = (decoded.clamp(0, 1) * 255).round().to(torch.uint8).numpy()
    assert np.array_equal(coded.pixels, expected)

    figures = Measure(entropy)(image, coded)
    assert figures.bpp == 8 * sum(map(len, strings)) / (HEIGHT * WIDTH)
    assert figures.psnr == psnr(image, crop_to(expected, HEIGHT, WIDTH))
    assert figures.bpp_estimated is not None
    assert 8 * sum(map(len, strings)) == pytest.approx(
        figures.bpp_estimated * HEIGHT * WIDTH, rel=0.01, abs=64 * len(strings)
    )
    assert figures.ms_ssim is None
    assert figures.bpp_empirical is None


@FAMILIES
def test_integer_symbols_are_those_of_the_interpreter(
    tmp_path: Path, architecture: Architecture
) -> None:
    write_teacher(tmp_path / "student.pt", architecture)
    model = load_model(tmp_path / "student.pt")
    program = integer_program(model, passes_to_integers(licc.Settings()))
    image = pad_to(photograph(), *padded_to(architecture))
    coded = run_integers(program, image)

    latents = encode(lambda name, x: run(program.integer, name, x), program.functions, image)
    assert np.array_equal(coded.symbols, latents.symbols)
    assert np.array_equal(coded.pixels, run(program.integer, "g_s", latents.restored))
    assert coded.symbols.any()
    assert (coded.hyper is None) == (latents.hyper is None)
    if coded.hyper is not None and latents.hyper is not None and coded.scales is not None:
        assert np.array_equal(coded.hyper, latents.hyper)
        parameters = run(program.integer, "h_s", latents.hyper)
        assert np.array_equal(coded.scales * 64, parameters[:, : architecture.m])

    entropy = entropy_model(model)
    assert isinstance(entropy, EntropyModel)
    for stream in entropy.streams(coded):
        decoded = decode(stream.tables, stream.encode(), stream.indexes)
        assert np.array_equal(decoded, stream.symbols)


def test_changes_at_equal_quality_by_hand() -> None:
    """Between 0.9670 and 1.3512 bpp the factorised curve rises from 35.381 to 37.397 dB."""
    reference = Figures(psnr=34.0, ms_ssim=None, bpp=1.0, bpp_estimated=None, bpp_empirical=None)
    found = Comparison(reference, replace(reference, psnr=33.9, bpp=1.02))
    slope = math.log(1.3512 / 0.9670) / (37.397 - 35.381)
    assert FACTORIZED_CURVE.slope(1.0) == pytest.approx(slope)
    expected = 100 * (1.02 * math.exp(0.1 * slope) - 1)
    assert found.at_equal_psnr(FACTORIZED_CURVE) == pytest.approx(expected)
    assert found.at_equal_rate(FACTORIZED_CURVE) == pytest.approx(-0.1 - math.log(1.02) / slope)
    same = Comparison(reference, reference)
    assert same.at_equal_psnr(FACTORIZED_CURVE) == 0
    unknown = Comparison(reference, replace(reference, bpp=None))
    assert unknown.at_equal_psnr(FACTORIZED_CURVE) is None
    assert unknown.at_equal_rate(FACTORIZED_CURVE) is None


@pytest.mark.parametrize("bpp", [0.01, 0.1226, 1.8333, 9.0])
def test_slopes_beyond_the_curve_are_those_of_its_ends(bpp: float) -> None:
    ends = (0.13, 1.8)
    assert FACTORIZED_CURVE.slope(bpp) in [FACTORIZED_CURVE.slope(end) for end in ends]


FREQUENCIES = st.lists(st.integers(1, 1000), min_size=1, max_size=9)
ROWS = st.tuples(FREQUENCIES, st.integers(-20, 20))


def tables_of(rows: list[tuple[list[int], int]]) -> Tables:
    """Tables with these frequencies, the escape's being what is left of 2^16."""
    lengths = np.array([len(row) + 2 for row, _ in rows], np.int32)
    cdf = np.zeros((len(rows), lengths.max()), np.int32)
    for line, (row, _) in zip(cdf, rows, strict=True):
        line[: len(row) + 2] = [0, *np.cumsum(row), 1 << 16]
    return Tables(cdf, lengths, np.array([offset for _, offset in rows], np.int32))


@settings(deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=4), st.data())
def test_bits_are_what_the_coder_writes(rows, data) -> None:
    tables = tables_of(rows)
    symbol = st.one_of(st.integers(-30, 30), st.integers(-(1 << 15), (1 << 15) - 1))
    pairs = data.draw(st.lists(st.tuples(symbol, st.integers(0, len(rows) - 1)), min_size=4))
    symbols, indexes = (np.array(part) for part in zip(*pairs, strict=True))
    code = Stream(tables, symbols, indexes).encode()
    assert np.array_equal(decode(tables, code, indexes), symbols)
    assert 8 * len(code) == pytest.approx(tables.bits(symbols, indexes), rel=0.001, abs=65)


def test_too_few_symbols_for_the_coder() -> None:
    with pytest.raises(ValueError, match="takes 4 symbols or more, found 3"):
        Stream(tables_of([([1], 0)]), np.zeros(3, int), np.zeros(3, int)).encode()


def test_bits_by_hand() -> None:
    tables = tables_of([([1 << 14, 1 << 15], -1)])  # -1: 2 bits, 0: 1 bit, escape: 2 bits
    assert tables.bits(np.array([-1, 0, 0]), np.zeros(3, int)) == 4
    escapes = {1: 2 + 4, -2: 2 + 8, 2: 2 + 8, 9: 2 + 12}  # then 0, 1, 2 and 16 in groups of 4 bits
    for symbol, bits in escapes.items():
        assert tables.bits(np.array([symbol]), np.zeros(1, int)) == bits


def test_scales_have_the_tables_of_compressai(tmp_path: Path) -> None:
    library = write_teacher(tmp_path / "student.pt", HYPERPRIOR)
    entropy = entropy_model(load_model(tmp_path / "student.pt"))
    assert isinstance(entropy, EntropyModel)
    assert entropy.conditional is not None
    known = library.gaussian_conditional.scale_table.numpy()
    random = np.random.default_rng(1).uniform(-1, 300, 500).astype(np.float32)
    scales = np.concatenate([known, np.nextafter(known, np.float32(np.inf)), random])
    expected = library.gaussian_conditional.build_indexes(torch.as_tensor(scales)).numpy()
    assert np.array_equal(entropy.conditional.indexes(scales), expected)


def test_empirical_bits() -> None:
    symbols = np.array([[0, 0, 7, 7], [-3, -3, -3, -3], [1, 2, 3, 4]], np.int16)
    assert empirical_bits(symbols.reshape(1, 3, 2, 2)) == 4 * 1 + 0 + 4 * 2


def test_ms_ssim_of_channels() -> None:
    rng = np.random.default_rng(2)
    image = np.repeat(np.repeat(rng.integers(0, 256, (1, 3, 21, 23), np.uint8), 8, 2), 8, 3)
    noisy = np.clip(image + rng.normal(0, 9, image.shape), 0, 255).astype(np.uint8)
    library = import_module("pytorch_msssim")
    pair = (torch.as_tensor(one).float() / 255 for one in (image, noisy))
    assert ms_ssim(image, noisy) == pytest.approx(float(library.ms_ssim(*pair, data_range=1)), 1e-4)
    assert ms_ssim(image, image) == pytest.approx(1)
    assert ms_ssim(image[:, :, :160], noisy[:, :, :160]) is None


def test_pair_of_transforms_has_no_rate(tmp_path: Path) -> None:
    write_teacher(tmp_path / "student.pt", ALL[0])
    state = read_student(tmp_path / "student.pt").state
    pair = {name: value for name, value in state.items() if name.startswith("g_")}
    torch.save(pair, tmp_path / "pair.pth")
    Image.fromarray(photograph()[0].transpose(1, 2, 0)).save(tmp_path / "image.png")
    found = licc.bench(tmp_path / "pair.pth", [tmp_path])
    assert [(image.width, image.height) for image in found.images] == [(WIDTH, HEIGHT)]
    assert found.rate_missing == "the model has no entropy model"
    for figures in (found.mean.reference, found.mean.compiled):
        assert figures.bpp is None
        assert figures.bpp_estimated is None
        assert figures.bpp_empirical is not None
    assert found.mean.rate_percent is not None


@pytest.mark.parametrize("name", ["entropy_bottleneck", "gaussian_conditional"])
def test_wrong_or_missing_tables(tmp_path: Path, name: str) -> None:
    path = tmp_path / "student.pt"
    write_teacher(path, HYPERPRIOR)
    state = dict(read_student(path).state)
    state[f"{name}._quantized_cdf"] = state[f"{name}._quantized_cdf"][:, :2]
    write_student(path, state, HYPERPRIOR, {})
    with pytest.raises(ModelError, match=f"student.pt: {name}: expected CDFs that rise"):
        entropy_model(load_model(path))
    state[f"{name}._quantized_cdf"] = torch.zeros(0, dtype=torch.int32)
    write_student(path, state, HYPERPRIOR, {})
    assert "update()" in str(entropy_model(load_model(path)))


def test_tables_of_too_few_channels(tmp_path: Path) -> None:
    path = tmp_path / "student.pt"
    write_teacher(path, Architecture(Family.FACTORIZED, 3, 4))
    state = dict(read_student(path).state)
    for key in ("_quantized_cdf", "_cdf_length", "_offset"):
        state[f"entropy_bottleneck.{key}"] = state[f"entropy_bottleneck.{key}"][:3]
    write_student(path, state, ALL[0], {})
    model = load_model(path)
    entropy = entropy_model(model)
    assert isinstance(entropy, EntropyModel)
    coded = run_float(model, pad_to(photograph(), *PADDED))
    with pytest.raises(ModelError, match="expected tables of 4 channels, found 3"):
        entropy.streams(coded)


def benchmark() -> Benchmark:
    """Two images, the second of which the float model codes without loss."""
    one = Comparison(Figures(30, 0.9, 2.0, 1.9, None), Figures(29, 0.8, 2.2, 2.1, None))
    two = Comparison(Figures(math.inf, 0.9, 1.0, 1, None), Figures(31, None, 1.1, 1, None))
    images = (ImageFigures("a.png", 8, 6, one), ImageFigures("b.png", 9, 6, two))
    numbers = {"precision": "w8a8", "prune": 0.0}
    return Benchmark({"file": "m.pt"}, numbers, FACTORIZED_CURVE, images, ("c.png",), None)


def test_json() -> None:
    report = json.loads(json.dumps(benchmark().to_json(), allow_nan=False))
    first, second = report["images"]
    slope = FACTORIZED_CURVE.slope
    assert first["name"] == "a.png"
    assert first["change"] == {
        "psnr": -1,
        "rate_percent": pytest.approx(10),
        "rate_percent_at_equal_psnr": pytest.approx(100 * (1.1 * math.exp(slope(1.8333)) - 1)),
        "psnr_at_equal_rate": pytest.approx(-1 - math.log(1.1) / slope(1.8333)),
    }
    assert (report["precision"], report["curve"]) == ("w8a8", "bmshj2018-factorized")
    assert second["float"]["psnr"] is None
    assert second["change"]["psnr"] is None
    assert report["mean"]["integer"]["psnr"] == 30
    assert report["mean"]["integer"]["ms_ssim"] is None
    assert report["mean"]["integer"]["bpp"] == pytest.approx(1.65)
    assert report["mean"]["change"]["rate_percent"] == pytest.approx(10)
    assert report["skipped"] == ["c.png"]


def test_csv() -> None:
    header, first, _, mean = benchmark().to_csv().splitlines()
    assert header.startswith("name,width,height,float_psnr,float_ms_ssim,float_bpp,")
    assert header.endswith("change_rate_percent_at_equal_psnr,change_psnr_at_equal_rate")
    assert first.startswith("a.png,8,6,30,0.9,2.0,1.9,,29,")
    assert mean.startswith("mean,,,")


def test_mean_of_one_is_itself() -> None:
    figures = benchmark().images[0].comparison.compiled
    assert mean_figures([figures]) == figures
