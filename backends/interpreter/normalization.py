"""The gdn dialect, in real numbers and in integers."""

from xdsl.interpreter import Interpreter, InterpreterFunctions, PythonValues, impl, register_impls

from ...dialects import gdn
from ...dialects.gdn import Norm
from ...runtime import float_operators, operators
from .quantization import target


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
        bounds, dtype = target(op.result.type)
        frame, beta, gamma, multiplier = args
        result = operators.gdn_core(
            frame,
            beta,
            gamma,
            multiplier,
            op.shift.value.data,
            l2=op.norm.data is Norm.L2,
            inverse=bool(op.inverse.value.data),
            bounds=bounds,
            dtype=dtype,
        )
        return (result,)
