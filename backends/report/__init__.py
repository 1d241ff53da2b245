"""What a stream program takes of a board, and how fast it is: the structure of `report.json`.

Nothing here is measured: cycles come from the schedule of the kernels, resources from the cost
model, and frames a second from an assumed clock.
"""

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp, ReturnOp
from xdsl.ir import SSAValue

from ...dialects import stream
from ...dialects.coefficients import coefficients_of
from ...dialects.cost import boundary_cost
from ...dialects.memories import Resources
from ...dialects.schedule import frame_cycles
from ...dialects.schedule import rows_of as buffer_rows
from ..targets import Budget, Target
from ..targets.calibration import PORT
from .estimates import class_estimates, classes_of, total_estimates
from .findings import ENGINES
from .schema import (
    Balance,
    Engine,
    Estimate,
    Estimates,
    Infrastructure,
    Report,
    Usage,
    Usages,
)
from .stages import CostModel, Row, rows_of

__all__ = ["Engine", "Report", "build_report"]

OPTIMAL = Balance(gap=None, explanation=None)


def build_report(
    module: ModuleOp,
    target: Target,
    clock_mhz: float,
    size: tuple[int, ...],
    model: dict[str, object],
    balance: Balance = OPTIMAL,
) -> Report:
    """The report of a stream module on a target at an assumed clock.

    `size` is (width, height) of the image, `model` what is known of the model, `balance` of the
    pipeline's balance. An engine is reported if the module has any of its functions.
    """
    functions = {op.sym_name.data: op for op in module.ops if isinstance(op, FuncOp)}
    costs = CostModel(coefficients_of(module), target.calibration)
    engines: dict[str, Engine] = {}
    for name, parts in ENGINES.items():
        if found := [functions[part] for part in parts if part in functions]:
            engines[name] = build_engine(found, target.resources, clock_mhz, costs)
    return {
        "licc": own_version(),
        "model": model,
        "size": list(size),
        "target": {
            "name": target.name,
            "part": target.part,
            "clock_mhz": clock_mhz,
            "calibration": list(target.calibration.sources) if target.calibration else [],
        },
        "balance": balance,
        "engines": engines,
    }


def own_version() -> str:
    """licc's version; "0" if it is not installed."""
    try:
        return version("licc")
    except PackageNotFoundError:
        return "0"


def build_engine(
    functions: list[FuncOp], device: Budget, clock_mhz: float, model: CostModel
) -> Engine:
    """The figures of functions that run at once, each for its own frame."""
    rows = [row for function in functions for row in rows_of(function, model)]
    cycles = max(map(frame_cycles, functions))
    values = [value for function in functions for value in boundary(function)]
    ports = sum((boundary_cost(value, model.coefficients) for value in values), Resources())
    estimates = total_estimates(model.calibration, classes_of(functions))
    total = sum((row.cost for row in rows), ports)
    return {
        "fps": {"value": clock_mhz * 1e6 / cycles, "basis": "modelled"},
        "cycles_per_frame": cycles,
        "latency_cycles": sum(latency(function, cycles) for function in functions),
        "macs_per_frame": sum(row.stage["macs"] for row in rows),
        "dsp_efficiency": efficiency(rows, cycles),
        "basis": "modelled",
        "resources": usages(total, device, estimates),
        "infrastructure": infrastructure(ports, model),
        "stages": [row.stage for row in rows],
    }


def boundary(function: FuncOp) -> list[SSAValue]:
    """The arguments and results of a function."""
    end = function.body.block.last_op
    return [*function.args, *(end.arguments if isinstance(end, ReturnOp) else ())]


def efficiency(rows: Iterable[Row], cycles: int) -> float:
    """Useful multiply-accumulates in DSP slices, of those that all slices could have done in the
    time; 0 if there are no slices."""
    rows = list(rows)
    able = sum(row.cost.dsp * row.rate for row in rows) * cycles
    return sum(row.work for row in rows) / able if able else 0.0


def latency(function: FuncOp, cycles: int) -> int:
    """Cycles from a frame's first beat in to its last beat out: a frame interval, and on the
    longest path the share of one for which each line buffer fills before its first window."""
    delays: dict[SSAValue, float] = {}
    for op in function.body.block.ops:
        delay = max((delays.get(value, 0.0) for value in op.operands), default=0.0)
        if isinstance(op, stream.LineBufferOp):
            rows = buffer_rows(op)
            delay += rows.prologue / rows.height
        delays |= dict.fromkeys(op.results, delay)
    return round(cycles * (1 + max(delays.get(value, 0.0) for value in boundary(function))))


def usages(total: Resources, device: Budget, estimates: Estimates) -> Usages:
    """What is used of what the device has, and what that rests on."""
    return {
        "dsp": _usage(total.dsp, device.dsp, estimates["dsp"]),
        "bram36": _usage(total.bram36, device.bram36, estimates["bram36"]),
        "lut": _usage(total.lut, device.lut, estimates["lut"]),
        "ff": _usage(total.ff, device.ff, estimates["ff"]),
    }


def _usage(used: float, available: int, estimate: Estimate) -> Usage:
    return {"used": used, "available": available, "basis": "modelled", "estimate": estimate}


def infrastructure(ports: Resources, model: CostModel) -> Infrastructure:
    """What the ports take."""
    return {
        "dsp": ports.dsp,
        "bram36": ports.bram36,
        "lut": ports.lut,
        "ff": ports.ff,
        "estimates": class_estimates(model.calibration, PORT),
    }
