"""Which implementation a GDN core of the IR has, and its widths.

An op names its implementation (`core`; left out, it is `table`). What licc does not carry itself
is in the module, as `gdn.cores`: the factor of every mantissa, the declared error, the cost, and
the C++ text. So a design needs no file of the user's to be run, verified or printed.
"""

import zlib
from collections.abc import Iterable
from fractions import Fraction
from functools import cache
from typing import TypeAlias

import numpy as np
from xdsl.dialects.builtin import (
    BytesAttr,
    DenseIntOrFPElementsAttr,
    DictionaryAttr,
    IntegerAttr,
    ModuleOp,
    StringAttr,
    TensorType,
    i8,
    i64,
)
from xdsl.ir import Attribute, Operation

from ..runtime.arithmetic import Int64Array
from ..runtime.gdn_cores import (
    TABLE,
    Approximation,
    Form,
    GdnCore,
    LaneCost,
    built_in_cores,
    mantissas,
)
from ..runtime.gdn_cores.core import ERROR_UNIT

MODULE_KEY = "gdn.cores"
COSTS = ("dsp", "bram18", "lut", "ff", "latency")
Entries: TypeAlias = dict[str, Attribute]


def add_cores(module: ModuleOp, cores: Iterable[GdnCore]) -> None:
    """Makes a module carry cores, besides those that it carries; licc's own need not be."""
    own = built_in_cores()
    found = {core.name: _encode(core) for core in cores if core.name not in own}
    if found:
        module.attributes[MODULE_KEY] = DictionaryAttr({**_carried(module), **found})


def find_core(op: Operation, name: str) -> GdnCore:
    """The core of a name, of licc or of the module around an op; `ValueError` that lists those
    there are."""
    own, carried = built_in_cores(), _carried(_module(op))
    if name in own:
        return own[name]
    if name not in carried:
        raise ValueError(f"unknown GDN core {name}; there are {', '.join((*own, *carried))}")
    return _decode(name, carried[name])


def core_of(op: Operation) -> GdnCore:
    """The core that an op names in its property `core`; `ValueError` if there is none."""
    name = op.properties.get("core")
    return find_core(op, name.data) if isinstance(name, StringAttr) else TABLE


def number_of(op: Operation, name: str, default: int) -> int:
    """An optional integer property of an op."""
    value = op.properties.get(name)
    return value.value.data if isinstance(value, IntegerAttr) else default


def _module(op: Operation) -> ModuleOp | None:
    parent: Operation | None = op
    while parent is not None and not isinstance(parent, ModuleOp):
        parent = parent.parent_op()
    return parent


def _carried(module: ModuleOp | None) -> Entries:
    found = module.attributes.get(MODULE_KEY) if module else None
    return dict(found.data) if isinstance(found, DictionaryAttr) else {}


def _encode(core: GdnCore) -> DictionaryAttr:
    forms = {form.value: _encode_form(form, each) for form, each in core.forms.items()}
    return DictionaryAttr({"header": StringAttr(core.header), **forms})


def _encode_form(form: Form, each: Approximation) -> DictionaryAttr:
    """Numbers, and the factors of all mantissas: their differences, compressed."""
    factors = np.diff(each.evaluate(mantissas(form)), prepend=0).astype("<i4")
    data = zlib.compress(factors.tobytes())
    numbers = {name: int(getattr(each.cost, name)) for name in COSTS}
    numbers["error"] = int(each.error * ERROR_UNIT)
    values: Entries = {name: IntegerAttr(number, i64) for name, number in numbers.items()}
    widths: Entries = {name: IntegerAttr(bits, i64) for name, bits in each.widths.items()}
    values["widths"] = DictionaryAttr(widths)
    values["factors"] = DenseIntOrFPElementsAttr(TensorType(i8, [len(data)]), BytesAttr(data))
    return DictionaryAttr(values)


@cache
def _decode(name: str, entry: Attribute) -> GdnCore:
    """The core of an entry of `gdn.cores`."""
    data = _dictionary(name, entry)
    header = data.get("header")
    forms = {form: _decode_form(name, form, data[form]) for form in Form if form in data}
    return GdnCore(name, forms, header.data if isinstance(header, StringAttr) else "")


def _decode_form(name: str, form: Form, entry: Attribute) -> Approximation:
    data = _dictionary(name, entry)
    cost = LaneCost(**{key: _number(name, data, key) for key in COSTS})
    widths = _dictionary(name, data.get("widths"))
    factors, first = _factors(name, form, data.get("factors")), int(mantissas(form)[0])
    return Approximation(
        lambda mantissa: factors[mantissa - first],
        Fraction(_number(name, data, "error"), ERROR_UNIT),
        cost,
        {key: _number(name, widths, key) for key in widths},
    )


def _factors(name: str, form: Form, stored: Attribute | None) -> Int64Array:
    """The factor of every mantissa."""
    packed = stored.data.data if isinstance(stored, DenseIntOrFPElementsAttr) else b""
    try:
        factors = np.frombuffer(zlib.decompress(packed), "<i4").astype(np.int64).cumsum()
    except (ValueError, zlib.error) as error:
        raise ValueError(f"{MODULE_KEY}: the factors of {name}, {form}: {error}") from error
    if factors.size != mantissas(form).size:
        raise ValueError(f"{MODULE_KEY}: {name}, {form} must have a factor for every mantissa")
    return factors


def _dictionary(name: str, entry: Attribute | None) -> Entries:
    if not isinstance(entry, DictionaryAttr):
        raise ValueError(f"{MODULE_KEY}: {name} must be a dictionary, found {entry}")
    return dict(entry.data)


def _number(name: str, data: Entries, key: str) -> int:
    value = data.get(key)
    if not isinstance(value, IntegerAttr):
        raise ValueError(f"{MODULE_KEY}: {name} has no number {key}")
    return value.value.data
