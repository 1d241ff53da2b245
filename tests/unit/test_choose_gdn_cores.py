"""What `choose-gdn-cores` refuses, norms of few bits, and cores of the user's own."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.parser import Parser
from xdsl.utils.exceptions import PassFailedException, VerifyException

from licc.backends.hls import write_project
from licc.backends.interpreter import run
from licc.compiler import Pipeline, known_passes, make_context, make_pipeline
from licc.dialects.gdn import CoreOp, Norm
from licc.dialects.gdn_cores import core_of, number_of
from licc.dialects.quant import UniformAttr
from licc.dialects.tensors import integer_type
from licc.passes.choose_gdn_cores import ChooseGdnCores
from licc.passes.gdn_choice import parse_gdn
from licc.passes.plugins import PluginError, installed_cores, load_plugin
from licc.tests.random_codecs import Gdn, transform

PAGE = Path(__file__).parents[2] / "docs" / "gdn.md"
PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def codec(*layers: Gdn, bits: int = 12) -> ModuleOp:
    """@g_a of GDNs on four channels."""
    formats = [UniformAttr(integer_type(n), 8.0 / (1 << (n - 1))) for n in (bits, 12)]
    return ModuleOp([transform("g_a", layers, (4, 8, 8), (formats[0], formats[1]), seed=3)])


def integers(module: ModuleOp, options: dict, pipeline: str, *files: Path) -> ModuleOp:
    """A module through passes, `choose-gdn-cores` with options."""
    passes = make_pipeline(pipeline, {"choose-gdn-cores": options}, known_passes(files))
    Pipeline(passes).apply(module)
    return module


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"core": "best"}, "unknown GDN core best; there are cheapest, table, small-table, poly"),
        ({"norm": 15}, "bits of norm must be in 16..48, found 15"),
        ({"gamma": 17}, "bits of gamma must be in 2..16, found 17"),
        ({"error": 1.5}, "error must be in 0..1, found 1.5"),
        ({"layers": "g_a.0=:n8"}, "g_a.0: bits of norm must be in 16..48, found 8"),
        ({"layers": "g_a.7=newton"}, "g_a.7 is no GDN; there are g_a.0, g_a.1"),
        ({"layers": "g_a.0=best"}, "g_a.0: unknown GDN core best"),
        ({"layers": "g_a.0=newton,g_a.0=table"}, "the GDN core of g_a.0 is given twice"),
        ({"layers": "g_a.0"}, "the GDN core of a layer must be like g_a.1=newton, found g_a.0"),
        ({"layers": "g_a.0="}, "a GDN core must be like newton, .* found nothing"),
        ({"layers": "g_a.0=Newton"}, "a GDN core must be like newton, .* found Newton"),
        ({"layers": "g_a.1=newton"}, "g_a.1 is an inverse l1 GDN"),
        (
            {"core": "cheapest", "error": 1e-6},
            "g_a.0: no GDN core has a relative error of at most 1e-06; that of polynomial is 8.58e",
        ),
        ({"core": "cheapest"}, "g_a.0 has no integer format; run assign-precision first"),
    ],
)
def test_bad_choices_are_refused(options: dict, message: str) -> None:
    module = codec(Gdn(Norm.L2), Gdn(Norm.L1, inverse=True))
    with pytest.raises(PassFailedException, match=f"choose-gdn-cores: {message}"):
        ChooseGdnCores(**options).apply(Context(), module)


@pytest.mark.parametrize("text", ["", "table:", "table:x3", "table:g8n16", "a,b", ",g_a.1=table"])
def test_settings_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="GDN core"):
        parse_gdn(text)


def test_settings() -> None:
    assert parse_gdn("table:n32g12, g_a.1=newton") == {
        "core": ("table",),
        "norm": (32,),
        "gamma": (12,),
        "layers": (" g_a.1=newton",),
    }


@pytest.mark.parametrize("form", [(Norm.L2, False), (Norm.L2, True), (Norm.L1, False)])
def test_wider_norms_are_nearer(form: tuple[Norm, bool]) -> None:
    """Norms of few bits lose little, and less the more they have; 48 bits drop nothing."""
    rng, errors = np.random.default_rng(0), []
    frame = rng.integers(-2047, 2048, (1, 4, 8, 8))
    real = run(codec(Gdn(*form)), "g_a", frame.astype(np.float32) * np.float32(8 / 2048))
    for bits in (16, 24, 48):
        module = integers(codec(Gdn(*form)), {"norm": (bits,)}, "choose-gdn-cores, quantize")
        (core,) = (op for op in module.walk() if isinstance(op, CoreOp))
        assert number_of(core, "norm_bits", 48) == bits
        assert bits < 48 or "drop" not in core.properties
        found = run(module, "g_a", frame) * 8 / 2048
        errors.append(float(np.abs(found - np.clip(real, -8, 8)).mean() / np.ptp(real)))
    assert errors[0] > errors[1] >= errors[2] * 0.99
    assert errors[0] < 0.005


@pytest.fixture
def nearest(tmp_path: Path) -> Path:
    """The core of the page, in a file."""
    (code,) = PYTHON.findall(PAGE.read_text())
    path = tmp_path / "nearest.py"
    path.write_text(code)
    return path


def test_a_core_of_the_page_is_in_the_module(nearest: Path) -> None:
    """From then on, nothing needs the file: text, interpreter, C++."""
    options = {"core": ("nearest",), "layers": ("g_a.1=table",)}
    layers = (Gdn(Norm.L2), Gdn(Norm.L2, inverse=True))
    text = str(integers(codec(*layers), options, "choose-gdn-cores", nearest))
    again = Parser(make_context(), text).parse_module()
    again.verify()
    first, second = (op for op in again.walk() if op.name == "gdn.normalize")
    (core,) = load_plugin(nearest).cores.values()
    found, mantissas = core_of(first), np.arange(1 << 16, 1 << 18)
    assert (found.name, core_of(second).name) == ("nearest", "table")
    assert found.header == core.header
    for form, each in core.forms.items():
        kept = found.forms[form]
        assert (kept.error, kept.cost, kept.widths) == (each.error, each.cost, each.widths)
        m = mantissas[mantissas >= (1 << 17)]
        assert np.array_equal(kept.evaluate(m), each.evaluate(m))
    wrong = re.sub(r'"0x[0-9A-F]{2}', '"0x00', text)
    broken = Parser(make_context(), wrong).parse_module()
    with pytest.raises(VerifyException, match=r"gdn.cores: the factors of nearest, l2: Error -3"):
        broken.verify()
    del again.attributes["gdn.cores"]
    with pytest.raises(VerifyException, match="unknown GDN core nearest; there are table, small"):
        again.verify()


def test_the_project_has_its_header(nearest: Path, tmp_path: Path) -> None:
    module = codec(Gdn(Norm.L2))
    options = {"core": ("nearest",)}
    integers(module, options, "choose-gdn-cores, quantize, lower-to-stream, fuse-streams", nearest)
    frame = np.random.default_rng(0).integers(-2048, 2048, (1, 4, 8, 8))
    report = {"target": {"part": "xczu9eg-ffvb1156-2-e", "clock_mhz": 200.0}}
    golden = {"g_a": (frame, run(module, "g_a", frame))}
    write_project(module, tmp_path / "hls", golden, report)
    header = (tmp_path / "hls" / "include" / "licc" / "gdn_nearest.h").read_text()
    assert header == next(iter(load_plugin(nearest).cores.values())).header
    text = (tmp_path / "hls" / "g_a" / "g_a.h").read_text()
    assert "#include <licc/gdn_nearest.h>" in text
    assert "using core = licc::gdn_nearest;" in text


def test_a_core_of_an_installed_package(nearest: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    information = nearest.parent / "near-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: near\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[licc.gdn_cores]\nnearest = nearest:NEAREST\n")
    assert "nearest" not in installed_cores()
    monkeypatch.syspath_prepend(str(nearest.parent))
    monkeypatch.delitem(sys.modules, "nearest", raising=False)
    assert list(installed_cores()) == ["nearest"]
    module = integers(codec(Gdn(Norm.L2)), {"core": ("nearest",)}, "choose-gdn-cores")
    assert "gdn.cores" in module.attributes


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("Form.L1: 1024", "Form.L1: 1023", "nearest: l1: the factor of mantissa .* the declared"),
        ('GdnCore("nearest"', 'GdnCore("table"', "must be lower case, and not taken, found table"),
        ('GdnCore("nearest"', 'GdnCore("cheapest"', "not taken, found cheapest"),
        ("struct gdn_nearest", "struct gdn_other", "header that defines struct gdn_nearest"),
        ("np.int64)", "np.int32)", "must give an int64 for each mantissa"),
    ],
)
def test_a_core_that_does_not_hold(nearest: Path, before: str, after: str, message: str) -> None:
    text = nearest.read_text()
    assert before in text
    nearest.write_text(text.replace(before, after))
    with pytest.raises(PluginError, match=message):
        load_plugin(nearest)
