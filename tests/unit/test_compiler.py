"""The pipeline as text, and what is said when it fails."""

from dataclasses import dataclass

import pytest
from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from licc.compiler import PIPELINE, PassRun, Pipeline, known_passes, make_pipeline
from licc.tests.random_codecs import factorized

QUANTIZE = PIPELINE.index("quantize")


def names(text: str) -> list[str]:
    """The passes that a pipeline text stands for."""
    return [pass_.name for pass_ in make_pipeline(text, {}, known_passes())]


def test_ellipsis_alone_is_the_default_pipeline() -> None:
    assert names("...") == list(PIPELINE)
    assert names(" … ") == list(PIPELINE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("quantize", ["quantize"]),
        ("quantize,calibrate", ["quantize", "calibrate"]),
        ("quantize ,  calibrate{limit=1} , quantize", ["quantize", "calibrate", "quantize"]),
        ("...,calibrate", ["prune-channels", "equalize-channels", "calibrate"]),
        ("fuse-streams, ...", ["fuse-streams", "balance-pipeline", "size-fifos"]),
        ("calibrate, ..., quantize", list(PIPELINE[2 : QUANTIZE + 1])),
        ("prune-channels,...,equalize-channels", list(PIPELINE[:2])),
        ("..., quantize, quantize, ...", [*PIPELINE[: QUANTIZE + 1], *PIPELINE[QUANTIZE:]]),
    ],
)
def test_pipelines(text: str, expected: list[str]) -> None:
    assert names(text) == expected


def test_a_default_pass_can_be_left_out() -> None:
    assert names("..., calibrate, quantize, ...") == [*PIPELINE[:3], *PIPELINE[QUANTIZE:]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quantise", "unknown pass quantise; there are assign-precision, balance-pipeline, cal"),
        ("calibrate{depth=3}", r"pass calibrate: Provided arguments \[\"depth\"\] not found"),
        ('calibrate{limit="many"}', "pass calibrate: Incompatible types"),
        ("..., mine", "'...' must stand next to one of licc's passes .*, found mine"),
        ("calibrate{", "pipeline calibrate{: "),
        ("calibrate,,quantize", "pipeline calibrate,,quantize: "),
    ],
)
def test_errors(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_pipeline(text, {}, known_passes())


def test_options_of_the_text_win() -> None:
    options = {"calibrate": {"limit": (3,), "images": ("folder, too",)}}
    (given,) = make_pipeline('calibrate{images="a, b"}', options, known_passes())
    assert given == known_passes()["calibrate"]()(images="a, b", limit=3)
    (default,) = make_pipeline("calibrate", options, known_passes())
    assert default == known_passes()["calibrate"]()(images="folder, too", limit=3)
    whole = make_pipeline("...", options, known_passes())
    assert whole[2] == default


@dataclass(frozen=True)
class Break(ModulePass):
    """Leaves an op behind that reads a value of the wrong shape."""

    name = "break"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        weight = next(inner for inner in op.walk() if inner.name == "nn.conv2d").operands[1]
        del weight.owner.properties["value"]


def test_a_pass_that_breaks_the_ir_is_named() -> None:
    with pytest.raises(PassFailedException, match="the IR after break is wrong: "):
        Pipeline((Break(),)).apply(factorized())


def test_observer() -> None:
    seen: list[tuple[PassRun | None, str]] = []
    passes = make_pipeline('select-direction{direction="encoder"}', {}, known_passes())
    module = factorized()
    Pipeline(passes, lambda run, given: seen.append((run, str(given)))).apply(module)
    (before, text), (after, changed) = seen
    assert before is None
    assert after is not None
    assert (after.number, after.name) == (1, "select-direction")
    assert "@g_s" in text
    assert "@g_s" not in changed


@pytest.mark.parametrize("text", ["..., ...", "calibrate, ..., prune-channels"])
def test_an_ellipsis_that_repeats_passes(text: str) -> None:
    with pytest.raises(ValueError, match="stands for passes that run elsewhere"):
        make_pipeline(text, {}, known_passes())
