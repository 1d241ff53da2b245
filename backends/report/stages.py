"""One row of the report for every layer of a stream function."""

from collections.abc import Sequence
from dataclasses import dataclass

from xdsl.dialects.func import FuncOp
from xdsl.ir import Operation

from ...dialects import stream
from ...dialects.coefficients import Coefficients
from ...dialects.cost import actor_cost, fifos_cost
from ...dialects.engine import (
    Parallelism,
    convolution_parallelism,
    convolution_shape,
    normalize_parallelism,
    normalize_shape,
)
from ...dialects.memories import Resources
from ...dialects.packing import most_products
from ...dialects.pipelines import product_slices
from ...dialects.schedule import cycles
from ...dialects.stream_checks import fifo_type
from ...dialects.stream_types import FifoType, Multiplier, WindowsType
from ..targets.calibration import Calibration
from .estimates import actor_class, class_estimates
from .schema import Stage


@dataclass(frozen=True)
class Row:
    """A stage of the report, its cost, the multiply-accumulates of a frame that DSP slices do, and
    how many of them a slice can do in a cycle at its precision."""

    stage: Stage
    cost: Resources
    work: int
    rate: int


@dataclass(frozen=True)
class CostModel:
    """The coefficients that figures are made with, and what is known of their errors."""

    coefficients: Coefficients
    calibration: Calibration | None


def rows_of(function: FuncOp, model: CostModel) -> list[Row]:
    """The stages of a function in its order; a line buffer belongs to the engine behind it."""
    rows: list[Row] = []
    for op in function.body.block.ops:
        match op:
            case stream.MacOp() | stream.ConvolveOp():
                rows.append(convolution_row(op, model))
            case stream.NormalizeOp():
                rows.append(normalize_row(op, model))
            case stream.Actor() if not isinstance(op, stream.LineBufferOp):
                rows.append(simple_row(op, model))
            case _:
                pass
    return rows


def make_row(
    actors: Sequence[Operation],
    model: CostModel,
    macs: int,
    parallelism: Parallelism,
    bits: tuple[int, int],
    rate: tuple[int, int] = (1, 1),
    dropped: tuple[int, int] = (0, 0),
) -> Row:
    """The row of a few actors of one layer, the last of which names it; `bits` are those of weights
    and activations, `rate` the products that a slice does in a cycle (0: they are made in LUTs),
    and that it could do, `dropped` the multipliers and slices that zeros of γ save."""
    op = actors[-1]
    assert isinstance(op, stream.Actor)
    costs = (actor_cost(actor, model.coefficients) + fifos_cost(actor) for actor in actors)
    cost = sum(costs, Resources())
    depths = [r.type.depth for r in op.results if isinstance(r.type, FifoType | WindowsType)]
    stage = Stage(
        name=op.layer.data,
        op=op_name(op),
        macs=macs,
        cycles=max(cycles(actor) for actor in actors),
        parallelism={
            "po": parallelism.po,
            "pi": parallelism.pi,
            "pk": parallelism.taps,
            "px": parallelism.pixels,
        },
        weight_bits=bits[0],
        activation_bits=bits[1],
        macs_per_dsp=rate[0],
        dropped_products=dropped[0],
        saved_dsp=dropped[1],
        dsp=cost.dsp,
        bram36=cost.bram36,
        lut=cost.lut,
        ff=cost.ff,
        fifo_depth=max(depths),
        estimates=class_estimates(model.calibration, actor_class(op)),
    )
    return Row(stage, cost, macs if rate[0] else 0, rate[1])


def op_name(op: stream.Actor) -> str:
    """What a stage does, in the words of the float program."""
    if isinstance(op, stream.MacOp | stream.ConvolveOp):
        return "conv_transpose2d" if op.window.window.transposed else "conv2d"
    return op.name.removeprefix("stream.")


def convolution_row(op: stream.MacOp | stream.ConvolveOp, model: CostModel) -> Row:
    """A convolution with its line buffer."""
    shape = convolution_shape(op)
    buffer = op.input.owner
    actors = [buffer, op] if isinstance(buffer, stream.LineBufferOp) else [op]
    shared = op.packing.packing.products if op.packing else 1
    rate = (
        shared if op.products.data is Multiplier.DSP else 0,
        max(shared, most_products(shape.weight, shape.activation)),
    )
    bits = (shape.weight.width.data, shape.activation.width.data)
    return make_row(actors, model, shape.macs, convolution_parallelism(op), bits, rate)


def normalize_row(op: stream.NormalizeOp, model: CostModel) -> Row:
    """A GDN core."""
    shape = normalize_shape(op)
    bits, parallelism = (shape.gamma_bits, shape.input.width.data), normalize_parallelism(op)
    dropped = parallelism.products - shape.products(parallelism)
    saved = dropped * product_slices(shape)
    return make_row([op], model, shape.macs, parallelism, bits, dropped=(dropped, saved))


def simple_row(op: stream.Actor, model: CostModel) -> Row:
    """An element-wise actor or a width converter."""
    input, result = fifo_type(op.operands[0]), fifo_type(op.results[0])
    bits = (0, input.frame.element_type.width.data)
    return make_row([op], model, 0, Parallelism(result.lanes, input.lanes), bits)
