"""The runtime's integer program is the module's: every kind of layer, after a detour through a
file."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from licc.backends.design.export import export_codec, export_program
from licc.backends.interpreter import function_names, run
from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.runtime.errors import CodecError
from licc.runtime.model_file import CodecModel, read_model, write_model
from licc.runtime.steps import Step
from licc.tests.random_codecs import factorized, hyperprior

CODECS = {"factorized": factorized, "hyperprior": hyperprior}


def quantised(codec: str, direction: str = "both"):
    """The integer module of a random codec."""
    module = CODECS[codec]()
    options = {"select-direction": {"direction": (direction,)}}
    Pipeline(make_pipeline("..., quantize", options, known_passes())).apply(module)
    return module


@pytest.mark.parametrize("codec", CODECS)
def test_functions_give_what_the_interpreter_gives(codec: str, tmp_path: Path) -> None:
    module = quantised(codec)
    program = export_program(module)
    write_model(tmp_path / "model", CodecModel(program, None, (32, 32)))
    found = read_model(tmp_path / "model")
    assert found.digest == CodecModel(program, None, (64, 64)).digest
    assert list(found.program.functions) == list(function_names(module))
    rng = np.random.default_rng(4)
    for name, function in found.program.functions.items():
        low, high = function.argument.format.bounds
        shape = (1, function.argument.channels, 24, 16)
        frame = rng.integers(low, high + 1, shape).astype(function.argument.format.dtype)
        expected = run(module, name, frame)
        for threads in (1, 3):
            result = found.program.run(name, frame, threads)
            assert result.dtype == expected.dtype
            assert np.array_equal(result, expected)
        assert found.program.run(name, frame).shape[1] == function.result.channels
        with pytest.raises(CodecError, match=r"expected \[1, \d+, H, W\], found"):
            function(frame[:, :1].repeat(7, axis=1))


def test_every_step_is_in_a_codec() -> None:
    functions = [
        one for codec in CODECS for one in export_program(quantised(codec)).functions.values()
    ]
    kinds = {type(node.step) for function in functions for node in function.nodes}
    assert kinds == set(get_args(Step))


def test_what_a_direction_leaves_out_comes_from_the_whole_codec() -> None:
    whole = export_program(quantised("hyperprior"))
    for direction in ("encoder", "decoder"):
        program = export_codec(quantised("hyperprior", direction), quantised("hyperprior"))
        assert CodecModel(program, None, (1, 1)).digest == CodecModel(whole, None, (1, 1)).digest


def test_another_weight_is_another_model(tmp_path: Path) -> None:
    path = tmp_path / "model"
    write_model(path, CodecModel(export_program(quantised("factorized")), None, (1, 1)))
    model, again = read_model(path), read_model(path)
    model.program.functions["g_s"].nodes[-1].step.weight[0, 0, 0, 0] += 1
    assert again.digest == CodecModel(export_program(quantised("factorized")), None, (1, 1)).digest
    assert model.digest != again.digest


def test_a_float_module_has_no_steps() -> None:
    with pytest.raises(ValueError, match=r"g_a\.0: a convolution in integers has no bias"):
        export_program(factorized())
