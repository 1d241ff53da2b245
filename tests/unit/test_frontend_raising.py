"""The import level: its text, and what raising makes of it pattern by pattern."""

from pathlib import Path

import numpy as np
import pytest
from xdsl.dialects.builtin import ModuleOp

from licc.backends import interpreter
from licc.frontend import ModelError, import_mlir, raise_torch

HEAD = """
  %zero = "torch.vtensor.literal"() <{value = dense<0.0> : tensor<f32>}>
    : () -> !torch.vtensor<[],f32>
  %one = "torch.constant.int"() <{value = 1 : i64}> : () -> !torch.int
  %two = "torch.constant.int"() <{value = 2 : i64}> : () -> !torch.int
  %slope = "torch.constant.float"() <{value = 2.5e-01 : f64}> : () -> !torch.float
  %none = "torch.constant.none"() : () -> !torch.none
  %false = "torch.constant.bool"() <{value = false}> : () -> !torch.bool
  %k = "torch.constant.int"() <{value = 0 : i64}> : () -> !torch.int
  %ones = "torch.prim.ListConstruct"(%one, %one) : (!torch.int, !torch.int) -> !torch.list<int>
  %zeros = "torch.prim.ListConstruct"(%k, %k) : (!torch.int, !torch.int) -> !torch.list<int>
  %gamma = "torch.vtensor.literal"() <{value = dense<[[[[0.5]], [[0.25]]], [[[0.0]], [[2.0]]]]>
    : tensor<2x2x1x1xf32>}> : () -> !torch.vtensor<[2,2,1,1],f32>
  %beta = "torch.vtensor.literal"() <{value = dense<[1.0, 0.5]> : tensor<2xf32>}>
    : () -> !torch.vtensor<[2],f32>
"""
FRAME = "!torch.vtensor<[1,2,3,3],f32>"
X = np.random.default_rng(5).normal(size=(1, 2, 3, 3)).astype(np.float32)
BETA = np.array([1.0, 0.5]).reshape(1, 2, 1, 1)
GAMMA = np.array([[0.5, 0.25], [0.0, 2.0]])


def unary(result: str, name: str, operand: str) -> str:
    return f'  %{result} = "torch.aten.{name}"(%{operand}) : ({FRAME}) -> {FRAME}\n'


def binary(result: str, name: str, operands: str, types: str, attributes: str = "") -> str:
    return f'  %{result} = "torch.aten.{name}"({operands}) {attributes} : ({types}) -> {FRAME}\n'


def norm_of(value: str, gamma: str = "%gamma") -> str:
    types = (
        f"{FRAME}, !torch.vtensor<[2,2,1,1],f32>, !torch.vtensor<[2],f32>, !torch.list<int>, "
        "!torch.list<int>, !torch.list<int>, !torch.bool, !torch.list<int>, !torch.int"
    )
    operands = f"%{value}, {gamma}, %beta, %ones, %zeros, %ones, %false, %zeros, %one"
    return binary("n", "convolution", operands, types)


SQUARE = binary("s", "pow.Tensor_Scalar", "%x, %two", f"{FRAME}, !torch.int")
PRODUCT = binary("y", "mul.Tensor", "%x, %r", f"{FRAME}, {FRAME}", '{module = "1"}')


def parse(body: str, tmp_path: Path) -> ModuleOp:
    """@g_a of one value %x, two channels of 3 x 3, that returns %y."""
    path = tmp_path / "import.mlir"
    text = f"func.func @g_a(%x: {FRAME}) -> {FRAME} {{{HEAD}{body}  func.return %y : {FRAME}\n}}\n"
    path.write_text(text)
    return import_mlir(path)


def norm(magnitude: np.ndarray) -> np.ndarray:
    return np.einsum("ij,njhw->nihw", GAMMA, magnitude) + BETA


BODIES = {
    "gdn": (SQUARE + norm_of("s") + unary("r", "rsqrt", "n") + PRODUCT, X / norm(X * X) ** 0.5),
    "igdn": (SQUARE + norm_of("s") + unary("r", "sqrt", "n") + PRODUCT, X * norm(X * X) ** 0.5),
    "gdn1": (
        unary("s", "abs", "x") + norm_of("s") + unary("r", "reciprocal", "n") + PRODUCT,
        X / norm(abs(X)),
    ),
    "igdn1": (
        unary("s", "abs", "x") + norm_of("s") + PRODUCT.replace("%r", "%n"),
        X * norm(abs(X)),
    ),
    "leaky": (
        binary("a", "maximum", "%zero, %x", f"!torch.vtensor<[],f32>, {FRAME}")
        + binary("b", "minimum", "%zero, %x", f"!torch.vtensor<[],f32>, {FRAME}")
        + binary("c", "mul.Scalar", "%b, %slope", f"{FRAME}, !torch.float")
        + binary("y", "add.Tensor", "%a, %c, %one", f"{FRAME}, {FRAME}, !torch.int"),
        np.where(X > 0, X, 0.25 * X),
    ),
    "relu": (unary("y", "relu", "x"), np.maximum(X, 0)),
    "scaled offset": (
        binary("b", "view", "%beta, %v", "!torch.vtensor<[2],f32>, !torch.list<int>")
        .replace(f"-> {FRAME}", "-> !torch.vtensor<[2,1,1],f32>")
        .replace(
            '  %b = "torch',
            '  %v = "torch.prim.ListConstruct"(%two, %one, %one) '
            ': (!torch.int, !torch.int, !torch.int) -> !torch.list<int>\n  %b = "torch',
        )
        + binary(
            "y", "sub.Tensor", "%x, %b, %two", f"{FRAME}, !torch.vtensor<[2,1,1],f32>, !torch.int"
        ),
        X - 2 * BETA,
    ),
}
REFUSED = {
    "norm of another value": SQUARE
    + norm_of("s")
    + unary("r", "rsqrt", "n")
    + unary("z", "relu", "x")
    + PRODUCT.replace("%x, %r", "%z, %r"),
    "root of a sum of magnitudes": unary("s", "abs", "x")
    + norm_of("s")
    + unary("r", "rsqrt", "n")
    + PRODUCT,
    "cube": SQUARE.replace("%two", "%k") + norm_of("s") + unary("r", "rsqrt", "n") + PRODUCT,
    "negative gamma": SQUARE
    + '  %g = "torch.vtensor.literal"() <{value = dense<-1.0> : tensor<2x2x1x1xf32>}>'
    + " : () -> !torch.vtensor<[2,2,1,1],f32>\n"
    + norm_of("s", "%g")
    + unary("r", "rsqrt", "n")
    + PRODUCT,
    "difference": binary("y", "sub.Tensor", "%x, %x, %one", f"{FRAME}, {FRAME}, !torch.int"),
    "product": binary("y", "mul.Tensor", "%x, %x", f"{FRAME}, {FRAME}"),
}


@pytest.mark.parametrize("name", BODIES)
def test_pattern(name: str, tmp_path: Path) -> None:
    body, expected = BODIES[name]
    module = parse(body, tmp_path)
    raise_torch(module)
    assert "torch" not in str(module)
    np.testing.assert_allclose(interpreter.run(module, "g_a", X), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", BODIES)
def test_import_level_round_trips(name: str, tmp_path: Path) -> None:
    module = parse(BODIES[name][0], tmp_path)
    path = tmp_path / "again.mlir"
    path.write_text(str(module))
    assert str(import_mlir(path)) == str(module)


@pytest.mark.parametrize("name", REFUSED)
def test_pattern_does_not_match(name: str, tmp_path: Path) -> None:
    module = parse(REFUSED[name], tmp_path)
    with pytest.raises(ModelError, match=r"model\.pt2: torch\.aten\..* of g_a is not supported"):
        raise_torch(module, "model.pt2")


def test_boundary_formats(tmp_path: Path) -> None:
    module = parse(BODIES["relu"][0], tmp_path)
    raise_torch(module)
    (line,) = [line for line in str(module).splitlines() if "func.func" in line]
    assert "(%x: tensor<1x2x3x3xf32, #quant.uniform<ui8, 0.00392" in line
    assert "-> tensor<1x2x3x3xf32, #quant.uniform<i16, 1.0" in line


def test_layer_of_a_module(tmp_path: Path) -> None:
    module = parse(BODIES["gdn"][0], tmp_path)
    raise_torch(module)
    assert 'layer = "g_a.1"' in str(module)


def test_a_function_without_layers(tmp_path: Path) -> None:
    path = tmp_path / "empty.mlir"
    path.write_text(f"func.func @g_a(%x: {FRAME}) -> {FRAME} {{\n  func.return %x : {FRAME}\n}}\n")
    with pytest.raises(ModelError, match="g_a: has no layers"):
        raise_torch(import_mlir(path))
