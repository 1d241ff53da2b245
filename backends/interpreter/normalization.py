"""The gdn dialect, in real numbers and in integers."""

from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls
from xdsl.ir import Attribute

from ...dialects import gdn, stream
from ...dialects.gdn import Norm
from ...dialects.gdn_cores import core_of, number_of
from ...runtime import float_operators, operators
from ...runtime.arithmetic import Array
from .quantization import target


def normalized(op: gdn.CoreOp | stream.NormalizeOp, result: Attribute, args: PythonValues) -> Array:
    """GDN on integers, in the integer tensor type of the result."""
    bounds, dtype = target(result)
    frame, beta, gamma, multiplier = args
    return operators.gdn_core(
        frame,
        beta,
        gamma,
        multiplier,
        op.shift.value.data,
        l2=op.norm.data is Norm.L2,
        inverse=bool(op.inverse.value.data),
        bounds=bounds,
        dtype=dtype,
        core=core_of(op),
        drop=number_of(op, "drop", 0),
    )


@register_impls
class GdnFunctions(InterpreterFunctions):
    """Generalised divisive normalisation."""

    @impl(gdn.NormalizeOp)
    def run_normalize(
        self, interpreter: Interpreter, op: gdn.NormalizeOp, args: PythonValues
    ) -> PythonValues:
        """GDN on float32."""
        frame, beta, gamma = args
        l2 = op.norm.data is Norm.L2
        inverse = bool(op.inverse.value.data)
        return (float_operators.normalize(frame, beta, gamma, l2=l2, inverse=inverse),)

    @impl(gdn.CoreOp)
    def run_core(
        self, interpreter: Interpreter, op: gdn.CoreOp, args: PythonValues
    ) -> PythonValues:
        """GDN on integers."""
        return (normalized(op, op.result.type, args),)
