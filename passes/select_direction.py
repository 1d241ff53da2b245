"""`select-direction`: which half of the codec goes into the device."""

from dataclasses import dataclass

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass
from xdsl.rewriter import Rewriter
from xdsl.utils.exceptions import PassFailedException

HALVES = {
    "encoder": ("g_a", "h_a", "h_s"),
    "decoder": ("h_s", "g_s"),
    "both": ("g_a", "h_a", "h_s", "g_s"),
}


@dataclass(frozen=True)
class SelectDirection(ModulePass):
    """Erases the functions that `direction` (encoder, decoder or both) does not run.

    An encoder keeps @h_s: the scales and means that code the latent come from it. Calibration needs
    the whole codec, so this pass comes after it.
    """

    name = "select-direction"

    direction: str = "both"

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        if self.direction not in HALVES:
            raise PassFailedException(
                f"select-direction: direction must be one of {', '.join(HALVES)}, "
                f"found {self.direction}"
            )
        functions = [inner for inner in op.ops if isinstance(inner, FuncOp)]
        names = [function.sym_name.data for function in functions]
        main = {"encoder": {"g_a"}, "decoder": {"g_s"}}.get(self.direction, set[str]())
        if missing := main - set(names):
            raise PassFailedException(
                f"select-direction: the model has no {self.direction}: no @{missing.pop()} among "
                f"{', '.join(names)}"
            )
        for function, name in zip(functions, names, strict=True):
            if name not in HALVES[self.direction]:
                Rewriter.erase_op(function)
