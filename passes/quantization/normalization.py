"""GDN in integers: norms in up to 48 bits, on a scale of their own for each channel."""

from dataclasses import dataclass

import numpy as np
from xdsl.ir import Operation
from xdsl.pattern_rewriter import PatternRewriter, RewritePattern, op_type_rewrite_pattern

from ...dialects import gdn
from ...dialects.gdn import NORM_BITS, SHIFTS, Norm
from ...dialects.quant import scale_of
from ...dialects.tensors import array_of, constant, integer_range, integer_type
from ...runtime.arithmetic import Array
from ...runtime.gdn_cores import OUTPUT_BITS
from .fixed_point import multipliers
from .formats import assigned, integer_attr, integer_tensor, storage_of

GAMMA_BITS = 16
NORM_TYPE_BITS = 64
ROW_SPREAD = 2.0**10


@dataclass(frozen=True)
class NormConstants:
    """Integer beta [C] and gamma [C, C], and the real scale [C] of the norm they give."""

    beta: Array
    gamma: Array
    scale: Array


def norm_constants(beta: Array, gamma: Array, largest: int) -> NormConstants:
    """Scales every row so that gamma fills 16 bits, or the norm 47 for inputs f(x) up to `largest`.

    beta [C] and gamma [C, C] are real, gamma in units of the integer input. The scales of two rows
    differ by at most 2^10, so that the 17-bit multipliers behind them keep their precision.
    """
    beta, gamma = np.maximum(beta, np.finfo(np.float32).tiny), np.maximum(gamma, 0.0)
    rows = gamma.max(axis=1)
    by_gamma = np.divide(
        (1 << GAMMA_BITS) - 1, rows, out=np.full(len(rows), np.inf), where=rows > 0
    )
    by_norm = 2.0 ** (NORM_BITS - 1) / (beta + (gamma.sum(axis=1) * largest))
    scale = np.minimum(by_gamma, by_norm)
    scale = np.minimum(scale, scale.min() * ROW_SPREAD)
    highest = (1 << (NORM_BITS - 1)) - 1
    whole_beta = np.clip(np.floor(beta * scale + 0.5), 1, highest).astype(np.int64)
    whole_gamma = np.floor(gamma * scale[:, np.newaxis] + 0.5).astype(np.int64)
    return NormConstants(whole_beta, np.minimum(whole_gamma, (1 << GAMMA_BITS) - 1), scale)


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
        norm = norm_constants(beta, gamma * step**power, largest)
        root = np.sqrt(norm.scale) if l2 else norm.scale
        factor = (1 / root if inverse else root) * step
        ratios = factor / (assigned(op.result).scale * 2.0**OUTPUT_BITS)
        scale = multipliers(ratios, SHIFTS)
        new: list[Operation] = [
            constant(norm.beta, integer_type(NORM_TYPE_BITS)),
            constant(norm.gamma, integer_type(GAMMA_BITS, signed=False)),
            constant(scale.values, integer_type(32)),
        ]
        core = gdn.CoreOp.build(
            operands=[op.input, *(c.results[0] for c in new)],
            properties={
                "norm": op.norm,
                "inverse": op.inverse,
                "shift": integer_attr(scale.shift),
                "layer": op.layer,
            },
            result_types=[integer_tensor(op.result)],
        )
        rewriter.replace(op, [*new, core])
