"""The tables of licc's GDN cores for the module `licc_factor`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...dialects.stream_types import Memory
from ...runtime.arithmetic import Int64Array
from ...runtime.gdn_cores import Form
from ...runtime.gdn_cores.linear import lines
from ...runtime.gdn_cores.newton import INDEX_BITS as NEWTON_INDEX_BITS
from ...runtime.gdn_cores.newton import SEED_BITS, newton
from ...runtime.gdn_cores.polynomial import INDEX_BITS as PARABOLA_INDEX_BITS
from ...runtime.gdn_cores.polynomial import parabolas
from .parameters import Parameter
from .roms import hex_words

WIDTHS = ("BASE_BITS", "SLOPE_BITS", "BEND_BITS")
IDENTITY: Mapping[str, Parameter] = {"CORE": "none", "CORE_LATENCY": 5}


@dataclass(frozen=True)
class Factor:
    """How a core computes: the kind and latency of the module, and the columns of its table, lowest
    bits first, each with its width."""

    kind: str
    latency: int
    index_bits: int
    first: int
    columns: tuple[tuple[Int64Array, int], ...]
    memory: Memory = Memory.LUTRAM

    def parameters(self) -> dict[str, Parameter]:
        """As parameters of the module; a column that it does not have is one of zeros."""
        widths = [bits for _, bits in self.columns] + [1] * (len(WIDTHS) - len(self.columns))
        return {
            "CORE": self.kind,
            "CORE_LATENCY": self.latency,
            "INDEX_BITS": self.index_bits,
            "FIRST_SEGMENT": self.first,
            **dict(zip(WIDTHS, widths, strict=True)),
            "TABLE_MEMORY": str(self.memory),
        }

    def table(self) -> str:
        """The text of the table."""
        words, place = np.zeros_like(self.columns[0][0]), 0
        for values, bits in self.columns:
            words |= (values & ((1 << bits) - 1)) << place
            place += bits
        return hex_words(words.reshape(-1, 1), place + len(WIDTHS) - len(self.columns))


def factors() -> Mapping[str, Callable[[Form], Factor]]:
    """What the library has, by the names of the C++ structs."""
    return {
        "gdn_table": lambda form: of_lines(form, 9, Memory.BRAM),
        "gdn_small_table": lambda form: of_lines(form, 6, Memory.LUTRAM),
        "gdn_polynomial": of_parabolas,
        "gdn_newton": of_newton,
    }


def of_lines(form: Form, index_bits: int, memory: Memory) -> Factor:
    """Straight lines."""
    found = lines(form, index_bits)
    columns = ((found.base, found.widths["base"]), (found.slope, found.widths["slope"]))
    return Factor("linear", 5, index_bits, found.first, columns, memory)


def of_parabolas(form: Form) -> Factor:
    """Parabolas."""
    found = parabolas(form)
    columns = (
        (found.constant, found.widths["constant"]),
        (found.linear, found.widths["linear"]),
        (found.square, found.widths["square"]),
    )
    return Factor("square", 9, PARABOLA_INDEX_BITS, found.first, columns)


def of_newton(form: Form) -> Factor:
    """Seeds, and the weights of the root."""
    found = newton(form)
    seeds = (found.seed, SEED_BITS + 1)
    columns = (seeds, (found.weight, SEED_BITS)) if form is Form.L2_INVERSE else (seeds,)
    latency = 13 if form is Form.L2 else 9
    return Factor("newton", latency, NEWTON_INDEX_BITS, found.first, columns)
