"""`choose-gdn-cores`: which implementation every GDN gets, and how wide it is inside."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from xdsl.context import Context
from xdsl.dialects.builtin import IntegerAttr, ModuleOp, StringAttr, i64
from xdsl.passes import ModulePass
from xdsl.utils.exceptions import PassFailedException

from ..dialects import gdn
from ..dialects.gdn import GAMMA_LIMITS, NORM_LIMITS, Norm
from ..dialects.gdn_cores import add_cores
from ..dialects.quant import UniformAttr
from ..dialects.tensors import is_signed, type_of
from ..runtime.gdn_cores import TABLE, Form, GdnCore, LaneCost, built_in_cores, form_of
from .gdn_choice import GdnChoice, parse_gdn_layers

CHEAPEST = "cheapest"
STEP_SHARE_BITS = 4
WIDTHS = {"norm": ("norm_bits", NORM_LIMITS), "gamma": ("gamma_bits", GAMMA_LIMITS)}


@dataclass(frozen=True)
class ChooseGdnCores(ModulePass):
    """Gives every GDN an implementation of its function, and the bits of its norms and of γ.

    `core` names one, or is `cheapest`: then each layer gets the one whose lane takes the least of a
    device that has so many `dsp`, `bram36`, `lut` and `ff`, among those whose proven relative error
    is at most `error`. With `error` 0 that is a sixteenth of a step at the largest value of the
    layer's result, or the error of `table` where that is more. `norm` is the bits of norms, `gamma`
    those of γ. `layers` says otherwise of single layers, as in `g_a.1=newton,
    g_a.3=cheapest:n32g12`.
    """

    name = "choose-gdn-cores"
    loaded: ClassVar[Mapping[str, GdnCore]] = MappingProxyType({})
    """The cores of files and packages of the user's: see `knowing`."""

    core: str = TABLE.name
    layers: str = ""
    error: float = 0.0
    norm: int = gdn.NORM_BITS
    gamma: int = GAMMA_LIMITS[1]
    dsp: int = 2520
    bram36: int = 912
    lut: int = 274_080
    ff: int = 548_160

    @classmethod
    def knowing(cls, cores: Mapping[str, GdnCore]) -> "type[ChooseGdnCores]":
        """The same pass, which knows more cores than licc's."""
        return type(cls.__name__, (cls,), {"loaded": MappingProxyType(dict(cores))})

    @property
    def cores(self) -> dict[str, GdnCore]:
        """All cores to choose from."""
        return {**built_in_cores(), **self.loaded}

    def apply(self, ctx: Context, op: ModuleOp) -> None:
        default = GdnChoice(self.core, self.norm, self.gamma)
        try:
            chosen = parse_gdn_layers(self.layers)
        except ValueError as error:
            raise PassFailedException(f"{self.name}: {error}") from error
        if not 0 <= self.error < 1:
            raise PassFailedException(f"{self.name}: error must be in 0..1, found {self.error}")
        for layer, choice in {"": default, **chosen}.items():
            self.require_known(layer, choice)
        layers = [inner for inner in op.walk() if isinstance(inner, gdn.NormalizeOp)]
        names = {layer.layer.data for layer in layers}
        if unknown := sorted(set(chosen) - names):
            raise PassFailedException(
                f"{self.name}: {unknown[0]} is no GDN; there are {', '.join(sorted(names))}"
            )
        used: dict[str, GdnCore] = {}
        for layer in layers:
            choice = chosen.get(layer.layer.data, GdnChoice())
            if choice.core and core_form(layer) is None:
                raise PassFailedException(
                    f"{self.name}: {layer.layer.data} is an inverse l1 GDN, which has no function "
                    f"to implement; leave out {choice.core}"
                )
            if core := self.assign(layer, choice.over(default)):
                used[core.name] = core
        add_cores(op, used.values())

    def require_known(self, layer: str, choice: GdnChoice) -> None:
        """Refuses a choice that is none."""
        where = f"{self.name}: {layer}: " if layer else f"{self.name}: "
        if choice.core not in (None, CHEAPEST, *self.cores):
            raise PassFailedException(
                f"{where}unknown GDN core {choice.core}; there are "
                f"{', '.join((CHEAPEST, *self.cores))}"
            )
        for what, (_, (low, high)) in WIDTHS.items():
            bits = getattr(choice, what)
            if bits is not None and not low <= bits <= high:
                raise PassFailedException(
                    f"{where}bits of {what} must be in {low}..{high}, found {bits}"
                )

    def assign(self, op: gdn.NormalizeOp, choice: GdnChoice) -> GdnCore | None:
        """Writes a choice into a layer; the core that it now has, none for inverse l1."""
        for what, (prop, (_, widest)) in WIDTHS.items():
            bits = getattr(choice, what)
            if bits != widest:
                op.properties[prop] = IntegerAttr(bits, i64)
        form = core_form(op)
        if form is None:
            return None
        assert choice.core is not None
        if choice.core == CHEAPEST:
            core = self.cheapest(op, form)
        else:
            core = self.cores[choice.core]
        try:
            core.approximation(form)
        except ValueError as error:
            raise PassFailedException(f"{self.name}: {op.layer.data}: {error}") from error
        if core.name != TABLE.name:
            op.core = StringAttr(core.name)
        return core

    def cheapest(self, op: gdn.NormalizeOp, form: Form) -> GdnCore:
        """The core with the least price among those within the budget of a layer."""
        allowed = self.error or self.budget_of(op, form)
        able = [core for core in self.cores.values() if form in core.forms]
        good = [core for core in able if core.forms[form].error <= allowed]
        if not good:
            best = min(able, key=lambda core: core.forms[form].error)
            raise PassFailedException(
                f"{self.name}: {op.layer.data}: no GDN core has a relative error of at most "
                f"{allowed:.3g}; that of {best.name} is {float(best.forms[form].error):.3g}"
            )
        return min(good, key=lambda core: self.price(core.forms[form].cost))

    def budget_of(self, op: gdn.NormalizeOp, form: Form) -> float:
        """The relative error that is a sixteenth of a step at the largest value of the result; that
        of the default core where it is more."""
        format = type_of(op.result).encoding
        if not isinstance(format, UniformAttr):
            raise PassFailedException(
                f"{self.name}: {op.layer.data} has no integer format; run assign-precision first"
            )
        bits = format.storage.width.data - is_signed(format.storage)
        return max(2.0 ** -(bits + STEP_SHARE_BITS), float(TABLE.forms[form].error))

    def price(self, cost: LaneCost) -> float:
        """The shares of the device that a lane takes, added up."""
        have = {"dsp": self.dsp, "bram18": 2 * self.bram36, "lut": self.lut, "ff": self.ff}
        return sum(getattr(cost, what) / max(number, 1) for what, number in have.items())


def core_form(op: gdn.NormalizeOp) -> Form | None:
    """The function that a GDN needs; none for inverse l1."""
    return form_of(op.norm.data is Norm.L2, bool(op.inverse.value.data))
