"""The parameters and constants of a GDN core's module."""

import numpy as np
from xdsl.dialects.builtin import IntegerType

from ...dialects.engine import NormalizeShape
from ...dialects.gdn import Norm
from ...dialects.pipelines import product_slices, square_bits
from ...runtime.gdn_cores import form_of
from ..hls.kernels import Struct
from .errors import RtlError
from .factors import IDENTITY, factors
from .fields import Fields, Module
from .parameters import Parameter, table
from .roms import hex_words

LONGEST_CASCADE = 8
MULTIPLIER_BITS = 17


def normalize(fields: Fields) -> Module:
    """A GDN core; `RtlError` that names it if its roots are computed by a core that is not
    licc's own."""
    shape = shape_of(fields)
    core, tables = core_of(fields, shape)
    lanes, sums = fields["in_lanes"], fields["sum_lanes"]
    parameters: dict[str, Parameter] = {
        **fields.integer("input", "INPUT"),
        **fields.integer("output", "OUTPUT"),
        "GAMMA_BITS": shape.gamma_bits,
        "NORM_BITS": shape.norm_bits,
        "TERM_BITS": square_bits(shape),
        "WIDE": product_slices(shape) == 2,
        "DROP": shape.drop,
        "L1": shape.norm is Norm.L1,
        "INVERSE": bool(fields["inverse"]),
        "SHIFT": fields["shift"],
        "PIXELS": shape.pixels,
        "CHANNELS": shape.channels,
        "IN_LANES": lanes,
        "SUM_LANES": sums,
        "OUT_LANES": fields["out_lanes"],
        "LENGTH": min(LONGEST_CASCADE, lanes),
        "LIVE": table(live_bits(fields, sums * lanes), 1),
        **core,
        "MEMORY": fields.memory,
    }
    gamma = {
        f"gamma_{o:04}": hex_words(words, shape.gamma_bits)
        for o, words in enumerate(fields.rom("gamma"))
    }
    roms = {
        "beta": hex_words(fields.rom("beta"), shape.norm_bits),
        "multiplier": hex_words(fields.rom("multiplier"), MULTIPLIER_BITS),
    }
    return Module("licc_normalize", parameters, {**gamma, **roms, **tables})


def shape_of(fields: Fields) -> NormalizeShape:
    """What the cost model looks at."""
    input, norm = fields.of("input"), fields.of("norm")
    assert isinstance(input, IntegerType)
    assert isinstance(norm, Norm)
    return NormalizeShape(
        fields["channels"],
        fields["pixels"],
        input,
        fields.bits("gamma"),
        norm,
        fields.bits("output"),
        fields["norm_bits"],
        fields["drop"],
    )


def core_of(fields: Fields, shape: NormalizeShape) -> tuple[dict[str, Parameter], dict[str, str]]:
    """What computes the roots: its parameters and its table, of which inverse l1 has none."""
    struct, form = fields.of("core"), form_of(shape.norm is Norm.L2, bool(fields["inverse"]))
    assert isinstance(struct, Struct)
    if form is None:
        return dict(IDENTITY), {}
    if struct.name not in factors():
        own = ", ".join(name.removeprefix("gdn_").replace("_", "-") for name in factors())
        raise RtlError(
            f"{fields.process.name}: the rtl library has no module of the GDN core "
            f"{struct.name.removeprefix('gdn_')}; it has {own} (licc compile --gdn table)"
        )
    factor = factors()[struct.name](form)
    return factor.parameters(), {"table": factor.table()}


def live_bits(fields: Fields, products: int) -> list[int]:
    """Which products of the norm are made, output lane by output lane."""
    live = fields.process.kernel.fields.get("live")
    return live.astype(int).ravel().tolist() if isinstance(live, np.ndarray) else [1] * products
