"""The words of the IR, one dialect a file.

`get_all_dialects` maps each name to a factory, so that a tool loads only what its input uses.
"""

from collections.abc import Callable

from xdsl.ir import Dialect


def get_all_dialects() -> dict[str, Callable[[], Dialect]]:
    """All dialects that licc's tools know: the upstream ones it uses, and its own."""

    def get_arith() -> Dialect:
        from xdsl.dialects.arith import Arith

        return Arith

    def get_builtin() -> Dialect:
        from xdsl.dialects.builtin import Builtin

        return Builtin

    def get_func() -> Dialect:
        from xdsl.dialects.func import Func

        return Func

    def get_gdn() -> Dialect:
        from .gdn import Gdn

        return Gdn

    def get_nn() -> Dialect:
        from .nn import Nn

        return Nn

    def get_quant() -> Dialect:
        from .quant import Quant

        return Quant

    def get_stream() -> Dialect:
        from .stream import Stream

        return Stream

    def get_torch() -> Dialect:
        from .torch import Torch

        return Torch

    return {
        "arith": get_arith,
        "builtin": get_builtin,
        "func": get_func,
        "gdn": get_gdn,
        "nn": get_nn,
        "quant": get_quant,
        "stream": get_stream,
        "torch": get_torch,
    }
