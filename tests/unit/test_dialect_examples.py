"""The example in an op's docstring parses, verifies, and prints to something that parses again.

The elementwise actors have no example of their own: `tests/filecheck/dialects/stream.mlir`.
"""

import re

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation
from xdsl.parser import Parser

from licc.compiler import make_context
from licc.dialects.gdn import Gdn
from licc.dialects.nn import Nn
from licc.dialects.quant import Quant
from licc.dialects.stream import Stream

OPS = [op for dialect in (Gdn, Nn, Quant, Stream) for op in dialect.operations]
IN_FILECHECK = {f"stream.{op}" for op in ("abs", "add", "fork", "offset", "width_converter")}
EXAMPLE = re.compile(r"```\n(.*?)```", re.DOTALL)
SIGNATURE = re.compile(r"\s:\s*(\(.*\)\s*->.*)", re.DOTALL)


def parse(text: str) -> ModuleOp:
    """A verified module."""
    module = Parser(make_context(), text).parse_module()
    module.verify()
    return module


def function_around(example: str) -> str:
    """A function that takes the operands of the one op in `example` and returns its results."""
    match = SIGNATURE.search(example)
    assert match is not None
    (declaration,) = parse(f"func.func private @types{match[1]}").ops
    assert isinstance(declaration, FuncOp)
    results, operation = example[: match.start()].split("=", 1)
    operands = re.findall(r"%\w+", operation)
    types = declaration.function_type
    arguments = zip(operands, types.inputs.data, strict=True)
    signature = ", ".join(f"{name}: {type}" for name, type in arguments)
    returned = ", ".join(map(str, types.outputs.data))
    return (
        f"func.func @f({signature}) -> ({returned}) {{\n"
        f"{example}\nfunc.return {results.strip()} : {returned}\n}}"
    )


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_example(op: type[Operation]) -> None:
    examples = EXAMPLE.findall(op.__doc__ or "")
    assert len(examples) == (op.name not in IN_FILECHECK)
    for example in examples:
        module = parse(function_around(example))
        assert any(isinstance(inner, op) for inner in module.walk())
        assert module.is_structurally_equivalent(parse(str(module)))
