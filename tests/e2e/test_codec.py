"""A checkpoint becomes a design that codes images: by its integer program and by its C++ alike."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from licc.backends.design import open_design
from licc.backends.design.program import Program
from licc.cli import main
from licc.evaluation.codecs import run_integers
from licc.runtime import Codec, CodecError
from licc.runtime.images import crop_to, pad_to
from licc.tests.e2e.test_gdn import save_page
from licc.tests.unit.codecs import picture

pytestmark = pytest.mark.slow
FRAME = (128, 64)


@pytest.fixture(scope="module")
def compile(
    checkpoint: Callable[[str, int, int], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Path]:
    """`compile(family, *options)` is the design of a small model."""
    folder = tmp_path_factory.mktemp("designs")

    def make(family: str, *options: str) -> Path:
        design = folder / f"{family}{len(options)}"
        if design.exists():
            return design
        size = "x".join(map(str, FRAME))
        command = ["compile", str(checkpoint(family, 6, 8)), "--size", size, "--quiet"]
        assert main([*command, *options, "-o", str(design)]) == 0
        return design

    return make


@pytest.mark.parametrize("family", ["factorized", "hyperprior", "mean-scale"])
def test_program_and_cpp_code_alike(compile: Callable[..., Path], family: str) -> None:
    design = compile(family)
    folder = open_design(design)
    program = Program(folder.module("integer"), folder.module("float"))
    image = picture(110, 50)
    codec, cpp = Codec(design), Codec(design, cpp=True)
    data = codec.encode(image)
    assert cpp.encode(image) == data
    expected = run_integers(program, pad_to(image.transpose(2, 0, 1)[np.newaxis], 64, 128)).pixels
    expected = crop_to(expected, 50, 110)[0].transpose(1, 2, 0)
    assert np.array_equal(codec.decode(data), expected)
    assert np.array_equal(cpp.decode(data), expected)
    with pytest.raises(CodecError, match="the integer program takes frames of any size"):
        Codec(design, cpp=True, frame=(64, 64)).encode(picture(9, 9))


def test_designs_of_one_direction(compile: Callable[..., Path], tmp_path: Path) -> None:
    """What is left out of the hardware is in the program: any design codes and decodes the files
    of any other."""
    designs = [compile("hyperprior", *option) for option in ((), ("--direction", "encoder"))]
    image = picture(*FRAME)
    data = Codec(designs[1], cpp=True).encode(image)
    assert Codec(designs[0]).encode(image) == data
    assert np.array_equal(Codec(designs[1]).decode(data), Codec(designs[0]).decode(data))
    with pytest.raises(CodecError, match=r"has no C\+\+ of @g_s, only of g_a, h_a, h_s; compile"):
        Codec(designs[1], cpp=True).decode(data)


def test_a_gdn_core_of_a_file(compile: Callable[..., Path], tmp_path: Path) -> None:
    design = compile("factorized", "--load", str(save_page(tmp_path)), "--gdn", "nearest")
    folder = open_design(design)
    program = Program(folder.module("integer"), folder.module("float"))
    image = picture(*FRAME)
    expected = run_integers(program, image.transpose(2, 0, 1)[np.newaxis]).pixels
    codec = Codec(design)
    found = codec.decode(codec.encode(image))
    assert np.array_equal(found, expected[0].transpose(1, 2, 0))


def test_model_without_tables(
    checkpoint: Callable[[str, int, int], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A warning, and the same tables, for `update` made those of the file."""
    import torch

    path = checkpoint("factorized", 6, 8)
    state = torch.load(path, weights_only=True)
    for part in ("_quantized_cdf", "_cdf_length", "_offset"):
        state[f"entropy_bottleneck.{part}"] = torch.zeros(0, dtype=torch.int32)
    torch.save(state, tmp_path / "bare.pth")
    Image.fromarray(picture(50, 60)).save(tmp_path / "image.png")
    for name, model in (("bare", tmp_path / "bare.pth"), ("whole", path)):
        size = ("--size", "64x64", "--quiet")
        assert main(["compile", str(model), *size, "-o", str(tmp_path / name)]) == 0
        warned = "entropy_bottleneck has no CDF tables" in capsys.readouterr().err
        assert warned is (name == "bare")
        files = [str(tmp_path / part) for part in (name, "image.png", f"{name}.licc")]
        assert main(["encode", files[0], files[1], "-o", files[2]]) == 0
    assert (tmp_path / "bare.licc").read_bytes() == (tmp_path / "whole.licc").read_bytes()
