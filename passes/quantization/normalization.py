"""GDN in integers: norms in up to 48 bits, on a scale of their own for each channel."""

from dataclasses import dataclass

import numpy as np
from xdsl.ir import Attribute, Operation
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialects import gdn
from ...dialects.gdn import GAMMA_LIMITS, NORM_BITS, SHIFTS, Norm
from ...dialects.gdn_cores import number_of
from ...dialects.quant import scale_of
from ...dialects.tensors import array_of, constant, integer_range, integer_type
from ...runtime.arithmetic import Array
from ...runtime.gdn_cores import OUTPUT_BITS
from .fixed_point import multipliers
from .formats import assigned, integer_attr, integer_tensor, storage_of

NORM_TYPE_BITS = 64
ROW_SPREAD = 2.0**10
LEVELS = (2, 4, 8, 16, 32)


@dataclass(frozen=True)
class NormWidths:
    """Bits of the norms and of γ."""

    norm: int = NORM_BITS
    gamma: int = GAMMA_LIMITS[1]


@dataclass(frozen=True)
class NormConstants:
    """Integer beta [C] and gamma [C, C], the real scale [C] of the norm they give, and the lowest
    bits of f(x) that are dropped."""

    beta: Array
    gamma: Array
    scale: Array
    drop: int = 0


def norm_constants(
    beta: Array, gamma: Array, largest: int, widths: NormWidths = NormWidths(), drop: int = 0
) -> NormConstants:
    """Scales every row so that gamma fills its bits, or the norm all but one of its own for inputs
    f(x) up to `largest`, of which the lowest `drop` bits are dropped.

    beta [C] and gamma [C, C] are real, gamma in units of the integer input. The scales of two rows
    differ by at most 2^10, so that the 17-bit multipliers behind them keep their precision.
    """
    beta, gamma = np.maximum(beta, np.finfo(np.float32).tiny), np.maximum(gamma, 0.0)
    gamma, largest = np.ldexp(gamma, drop), (largest + ((1 << drop) >> 1)) >> drop
    most, rows = (1 << widths.gamma) - 1, gamma.max(axis=1)
    by_gamma = np.divide(most, rows, out=np.full(len(rows), np.inf), where=rows > 0)
    by_norm = 2.0 ** (widths.norm - 1) / (beta + (gamma.sum(axis=1) * largest))
    scale = np.minimum(by_gamma, by_norm)
    scale = np.minimum(scale, scale.min() * ROW_SPREAD)
    highest = (1 << (widths.norm - 1)) - 1
    while True:
        whole_beta = np.clip(np.floor(beta * scale + 0.5), 1, highest).astype(np.int64)
        rounded = np.floor(gamma * scale[:, np.newaxis] + 0.5).astype(np.int64)
        whole_gamma = np.minimum(rounded, most)
        over = whole_beta + whole_gamma.sum(axis=1) * largest >= 1 << widths.norm
        if not over.any():
            return NormConstants(whole_beta, whole_gamma, scale, drop)
        scale = np.where(over, scale / 2, scale)


def narrow_constants(
    beta: Array, gamma: Array, largest: int, widths: NormWidths, power: int
) -> NormConstants:
    """The constants of norms of few bits, with the `drop` that rounding costs the least.

    In few bits there is a choice: the finer f(x), the coarser γ. With f(x) of the size that it has
    at a half, a quarter, … of the input's range, rounding γ, f(x) and β by ±1/2 each leaves the
    norm n an error of variance (Σ f² + Σ γ² + 1) / 12; the mean of its root by n, over rows and
    sizes, decides.
    """

    def error(found: NormConstants) -> float:
        total = 0.0
        for level in LEVELS:
            term = float(largest) * float(level) ** -power / (1 << found.drop)
            rows = found.gamma.astype(np.float64)
            variance = len(rows) * term**2 + np.square(rows).sum(axis=1) * (found.drop > 0) + 1
            relative: Array = np.sqrt(variance) / (found.beta + rows.sum(axis=1) * term)
            total += float(relative.mean())
        return total

    drops = range(largest.bit_length())
    return min((norm_constants(beta, gamma, largest, widths, drop) for drop in drops), key=error)


def inner_properties(op: gdn.NormalizeOp, drop: int) -> dict[str, Attribute]:
    """The implementation of a GDN, its norm's bits, and the bits of f(x) that are dropped, as far
    as they are not the default."""
    found: dict[str, Attribute | None] = {
        "core": op.core,
        "norm_bits": op.norm_bits,
        "drop": integer_attr(drop) if drop else None,
    }
    return {name: value for name, value in found.items() if value is not None}


class QuantizeNormalization(RewritePattern):
    """gdn.normalize on an integer input becomes gdn.core."""

    @op_type_rewrite_pattern
    def match_and_rewrite(self, op: gdn.NormalizeOp, rewriter: PatternRewriter) -> None:
        storage = storage_of(op.input)
        if storage is None:
            return
        l2, inverse = op.norm.data is Norm.L2, bool(op.inverse.value.data)
        step, power = scale_of(op.input.type), 2 if l2 else 1
        largest = max(abs(v) for v in integer_range(storage)) ** power
        beta, gamma = (array_of(v).astype(np.float64) for v in (op.beta, op.gamma))
        widths = NormWidths(
            number_of(op, "norm_bits", NORM_BITS), number_of(op, "gamma_bits", GAMMA_LIMITS[1])
        )
        gamma = gamma * step**power
        if widths.norm < NORM_BITS:
            norm = narrow_constants(beta, gamma, largest, widths, power)
        else:
            norm = norm_constants(beta, gamma, largest, widths)
        root = np.sqrt(norm.scale) if l2 else norm.scale
        factor = (1 / root if inverse else root) * step
        ratios = factor / (assigned(op.result).scale * 2.0**OUTPUT_BITS)
        scale = multipliers(ratios, SHIFTS)
        new: list[Operation] = [
            constant(norm.beta, integer_type(NORM_TYPE_BITS)),
            constant(norm.gamma, integer_type(widths.gamma, signed=False)),
            constant(scale.values, integer_type(32)),
        ]
        core = gdn.CoreOp.build(
            operands=[op.input, *(c.results[0] for c in new)],
            properties={
                "norm": op.norm,
                "inverse": op.inverse,
                "shift": integer_attr(scale.shift),
                "layer": op.layer,
                **inner_properties(op, norm.drop),
            },
            result_types=[integer_tensor(op.result)],
        )
        rewriter.replace(op, [*new, core])
