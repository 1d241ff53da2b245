"""What the LUT and register counts of the cost model are multiplied with, as a module carries it.

The defaults are what the structure of the SystemVerilog suggests; a target file has its own (see
`licc.backends.targets`), and `licc calibrate` fits them to reports.
"""

import math
from dataclasses import asdict, dataclass, fields

from xdsl.dialects.builtin import DictionaryAttr, FloatAttr, ModuleOp, f64
from xdsl.ir import ParametrizedAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.utils.exceptions import VerifyException

MODULE_KEY = "stream.coefficients"


@dataclass(frozen=True)
class Coefficients:
    """LUTs (`_lut`) and registers (`_ff`) that the structure alone does not give.

    What they are multiplied with is counted from the SystemVerilog, so that of its own they are
    about one; other tools find others. `loop` counts for every actor, `control` for its counters
    (`dialects/control.py`; LUTs also for the sums and comparisons with them) and the marks of a
    step, `word` for every bit of the words that its pipeline registers, `select` for choices among
    words, `adder` for every bit of an adder, `multiplier` for every bit of one factor times those
    of the other where the product is made of LUTs, `drain` for sums that wait to leave,
    `requantize` for a requantiser, `normalize` for the lanes of a GDN core, `axis` for every
    AXI4-Stream port.
    """

    loop_lut: float = 1.0
    loop_ff: float = 0.0
    control_lut: float = 1.0
    control_ff: float = 1.0
    word_ff: float = 1.0
    select_lut: float = 1.0
    adder_lut: float = 1.0
    adder_ff: float = 1.0
    multiplier_lut: float = 2.0
    drain_lut: float = 1.0
    drain_ff: float = 1.0
    requantize_lut: float = 1.0
    requantize_ff: float = 1.0
    normalize_lut: float = 1.0
    normalize_ff: float = 1.0
    axis_lut: float = 1.0
    axis_ff: float = 0.0


NAMES = tuple(field.name for field in fields(Coefficients))
UNCALIBRATED = Coefficients()


@irdl_attr_definition
class CoefficientsAttr(ParametrizedAttribute):
    """`#stream.coefficients<{adder_ff = 1.0 : f64, …}>`: every coefficient by its name."""

    name = "stream.coefficients"

    values: DictionaryAttr

    def verify(self) -> None:
        found = self.values.data
        if wrong := sorted(set(NAMES) ^ set(found)):
            what = "missing" if wrong[0] in NAMES else "unknown"
            raise VerifyException(f"{self.name}: {what} coefficient {wrong[0]}")
        for key, value in found.items():
            number = value.value.data if isinstance(value, FloatAttr) else math.nan
            if not 0 <= number < math.inf:
                raise VerifyException(
                    f"{self.name}: {key} must be a number from 0.0 on, found {value}"
                )


def set_coefficients(module: ModuleOp, coefficients: Coefficients) -> None:
    """Makes a module carry coefficients; those it had are forgotten."""
    values = {key: FloatAttr(value, f64) for key, value in asdict(coefficients).items()}
    module.attributes[MODULE_KEY] = CoefficientsAttr(DictionaryAttr(dict(values)))


def coefficients_of(module: ModuleOp) -> Coefficients:
    """The coefficients that a module carries, else the uncalibrated ones; `ValueError` if what it
    carries under their name is something else."""
    found = module.attributes.get(MODULE_KEY)
    if found is None:
        return UNCALIBRATED
    if not isinstance(found, CoefficientsAttr):
        raise ValueError(f"the module's {MODULE_KEY} must be coefficients, found {found}")
    values: dict[str, float] = {}
    for key, value in found.values.data.items():
        assert isinstance(value, FloatAttr)
        values[key] = value.value.data
    return Coefficients(**values)
