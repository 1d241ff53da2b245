"""GDN in integers is GDN in real numbers, in every combination of widths."""

from itertools import product

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp

from licc.backends.interpreter import run
from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.dialects.gdn import Norm
from licc.dialects.quant import UniformAttr
from licc.dialects.tensors import integer_type
from licc.tests.random_codecs import Gdn, transform

CHANNELS = 5
WIDTHS = tuple(product((8, 12, 16), (4, 8, 16)))
RELATIVE = 2.0**-13


@pytest.mark.parametrize(("input_bits", "output_bits"), WIDTHS)
@pytest.mark.parametrize("inverse", [False, True])
@pytest.mark.parametrize("norm", list(Norm))
def test_within_half_a_step(norm: Norm, inverse: bool, input_bits: int, output_bits: int) -> None:
    """And within 2^-13 of the value, which is what table, mantissa and 16-bit gammas add."""
    rng = np.random.default_rng(input_bits * output_bits)
    highest = (1 << (input_bits - 1)) - 1
    frame = rng.integers(-highest, highest + 1, (1, CHANNELS, 12, 12))
    given = UniformAttr(integer_type(input_bits), 8.0 / highest)
    real = frame.astype(np.float32) * np.float32(given.scale)

    def function(result: UniformAttr) -> ModuleOp:
        layers = [Gdn(norm, inverse)]
        return ModuleOp([transform("g_a", layers, (CHANNELS, 12, 12), (given, result), seed=3)])

    expected = run(function(given), "g_a", real)
    scale = float(np.abs(expected).max()) / ((1 << (output_bits - 1)) - 1)
    module = function(UniformAttr(integer_type(output_bits), scale))
    Pipeline(make_pipeline("quantize", {}, known_passes())).apply(module)
    error = np.abs(run(module, "g_a", frame) * scale - expected)
    assert (error <= scale * 0.501 + RELATIVE * np.abs(expected)).all()
