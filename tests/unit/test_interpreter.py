"""A small codec gives the same at every level, and what breaks it is named."""

from dataclasses import dataclass

import numpy as np
import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, i64
from xdsl.parser import Parser
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import InterpretationError, PassFailedException

from licc.backends.design.same_image import SameImage
from licc.backends.interpreter import Listener, function_names, run
from licc.compiler import PIPELINE, PassRun, Pipeline, known_passes, make_context, make_pipeline
from licc.dialects.quant import RequantizeOp
from licc.driver import level_of
from licc.runtime.arithmetic import Array
from licc.tests.random_codecs import factorized, hyperprior, photograph

CODECS = {"factorized": factorized, "hyperprior": hyperprior}
MEASURING = ("equalize-channels", "calibrate", "fit-scales", "round-weights")
OPTIONS = {name: {"limit": (1,)} for name in MEASURING}


def parse(text: str) -> ModuleOp:
    """A verified module."""
    module = Parser(make_context(), text).parse_module()
    module.verify()
    return module


def codec_images(module: ModuleOp, image: Array) -> dict[str, Array]:
    """What each function of an integer codec makes of an image, fed one from the other."""
    results = {"g_a": run(module, "g_a", image)}
    if "h_a" in function_names(module):
        results["h_a"] = run(module, "h_a", results["g_a"])
        results["h_s"] = run(module, "h_s", results["h_a"])
    results["g_s"] = run(module, "g_s", results["g_a"])
    return results


@pytest.mark.parametrize("codec", CODECS)
def test_every_integer_level_gives_the_same(codec: str) -> None:
    image, expected = photograph(32, 32), dict[str, Array]()
    levels: list[str] = []

    def observe(done: PassRun | None, module: ModuleOp) -> None:
        levels.append(level_of(module))
        if levels[-1] == "float":
            return
        found = codec_images(module, image)
        for name in expected:
            assert np.array_equal(found[name], expected[name]), f"{done}: @{name}"
        expected.update(found)
        again = codec_images(parse(str(module)), image)
        assert all(np.array_equal(again[name], found[name]) for name in found)

    passes = make_pipeline("...", OPTIONS, known_passes())
    Pipeline(passes, observe).apply(CODECS[codec]())
    before = PIPELINE.index("quantize")
    streams = len(PIPELINE) - before - 1
    assert levels == ["float"] * (before + 1) + ["integer"] + ["stream"] * streams
    assert all(np.ptp(result) > 0 for result in expected.values())


@pytest.mark.parametrize("codec", CODECS)
def test_the_frame_may_be_of_another_size(codec: str) -> None:
    module = CODECS[codec]()
    Pipeline(make_pipeline("..., lower-to-stream", OPTIONS, known_passes())).apply(module)
    image = photograph(64, 48)
    results = codec_images(module, image)
    assert results["g_s"].shape == image.shape
    assert results["g_s"].dtype == np.uint8
    left = codec_images(module, image[:, :, :, :32])["g_a"]
    assert np.array_equal(left[..., :2], results["g_a"][..., :2])


@dataclass(frozen=True)
class Wrong(ModulePass):
    """Halves the shift's power of two in the first requantiser."""

    name = "wrong"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        first = next(inner for inner in op.walk() if isinstance(inner, RequantizeOp))
        first.shift = IntegerAttr(first.shift.value.data + 1, i64)


@pytest.mark.parametrize("wrong", [False, True])
def test_the_pass_that_changes_the_image_is_named(wrong: bool) -> None:
    said: list[str] = []
    same = SameImage(photograph(32, 32), said.append)
    before, after = (
        make_pipeline(text, OPTIONS, known_passes())
        for text in ("..., quantize", "lower-to-stream, ...")
    )
    passes = (*before, Wrong(), *after) if wrong else (*before, *after)

    def observe(done: PassRun | None, module: ModuleOp) -> None:
        same(done.name if done else "import", level_of(module), module)

    if wrong:
        with pytest.raises(PassFailedException, match=r"^wrong changes the image: \d+ of \d+ val"):
            Pipeline(passes, observe).apply(factorized())
    else:
        Pipeline(passes, observe).apply(factorized())
    assert [line for line in said if "becomes integer" in line] == [
        line for line in said if line.startswith("quantize: @g_")
    ]
    assert len([line for line in said if line.startswith("quantize")]) == 2


SUMS = """\
func.func @g_a(%x: tensor<1x2x2x2xi8>) -> tensor<1x1x2x2xi{bits}> {{
  %w = arith.constant dense<[[[[1]], [[1]]]]> : tensor<1x2x1x1xi8>
  %0 = nn.conv2d %x, %w {{layer = "g_a.0", stride = 1 : i64, padding = 0 : i64}}
      : (tensor<1x2x2x2xi8>, tensor<1x2x1x1xi8>) -> tensor<1x1x2x2xi{bits}>
  func.return %0 : tensor<1x1x2x2xi{bits}>
}}
"""


@pytest.mark.parametrize("level", ["integer", "stream"])
def test_sums_that_do_not_fit_their_type(level: str) -> None:
    frame = np.full((1, 2, 2, 2), 100, np.int8)
    for bits in (8, 9):
        module = parse(SUMS.format(bits=bits))
        if level == "stream":
            Pipeline(make_pipeline("lower-to-stream", {}, known_passes())).apply(module)
        if bits == 9:
            assert run(module, "g_a", frame).ravel().tolist() == [200] * 4
        else:
            with pytest.raises(InterpretationError, match=r"g_a\.0: .*200..200 do not fit i8"):
                run(module, "g_a", frame)


ELEMENTWISE = """\
func.func @f(%x: tensor<1x1x1x3xi8>) -> tensor<1x1x1x3xui7> {
  %0 = nn.abs %x {layer = "abs"} : (tensor<1x1x1x3xi8>) -> tensor<1x1x1x3xi8>
  %1 = nn.add %0, %x {layer = "add"}
      : (tensor<1x1x1x3xi8>, tensor<1x1x1x3xi8>) -> tensor<1x1x1x3xui7>
  func.return %1 : tensor<1x1x1x3xui7>
}
"""


@pytest.mark.parametrize("pipeline", ["", "lower-to-stream"])
def test_magnitudes_and_sums_saturate(pipeline: str) -> None:
    module = parse(ELEMENTWISE)
    Pipeline(make_pipeline(pipeline, {}, known_passes())).apply(module)
    frame = np.array([-128, 100, 7], np.int8).reshape(1, 1, 1, 3)
    assert run(module, "f", frame).ravel().tolist() == [0, 127, 14]


def test_listener_sees_every_value() -> None:
    seen: list[Array] = []
    frame = np.array([-128, 100, 7], np.int8).reshape(1, 1, 1, 3)
    run(parse(ELEMENTWISE), "f", frame, Listener(lambda value, array: seen.append(array)))
    assert [array.ravel().tolist() for array in seen] == [[127, 100, 7], [0, 127, 14]]


def test_a_function_that_is_not_there() -> None:
    with pytest.raises(ValueError, match="no function @h_a; it has g_a, g_s"):
        run(factorized(), "h_a", photograph(32, 32))
