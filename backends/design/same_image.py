"""Runs one image after every pass, and names the pass that changes what comes out."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import PassFailedException

from ...dialects.quant import UniformAttr
from ...runtime.arithmetic import Array
from ...runtime.differences import first_difference
from ..interpreter import function_names, run
from .program import boundary_formats, run_float, to_integers


@dataclass
class SameImage:
    """Called after every pass with its name, the level of the IR and the module.

    The inputs of all functions are fixed by the float program before the first pass. Between float
    modules `tell` is given the largest change relative to the range of the result, and where the
    program becomes an integer one, the mean distance to the float program in integer steps. From
    there on every bit must stay: `PassFailedException` names the pass that changes one.
    """

    image: Array
    tell: Callable[[str], None]
    _inputs: dict[str, Array] = field(default_factory=dict[str, Array])
    _formats: dict[str, tuple[UniformAttr, UniformAttr]] = field(
        default_factory=dict[str, tuple[UniformAttr, UniformAttr]]
    )
    _results: dict[str, Array] = field(default_factory=dict[str, Array])
    _integer: bool = False

    def __call__(self, name: str, level: str, module: ModuleOp) -> None:
        """Runs the image through a module and compares with the module before."""
        if not self._inputs:
            self._inputs = run_float(module, self.image).inputs
            self._formats = {key: boundary_formats(module, key) for key in self._inputs}
        becomes_integer = level != "float" and not self._integer
        self._integer = level != "float"
        for function in function_names(module):
            frame, (source, target) = self._inputs[function], self._formats[function]
            given = to_integers(frame, source) if self._integer else frame
            result = run(module, function, given)
            before = self._results.get(function)
            self._results[function] = result
            if before is None:
                continue
            if becomes_integer:
                steps = np.abs(result - to_integers(before, target).astype(np.float64)).mean()
                self.tell(f"{name}: @{function} becomes integer, {steps:.3g} steps off on average")
            elif self._integer:
                _require_equal(name, function, before, result)
            else:
                change = float(np.abs(result - before).max() / (np.ptp(before) or 1.0))
                self.tell(f"{name}: @{function} changes by {change:.1e} of its range at most")


def _require_equal(name: str, function: str, before: Array, after: Array) -> None:
    if difference := first_difference(before, after):
        raise PassFailedException(
            f"{name} changes the image: {difference.count} of {before.size} values of @{function}, "
            f"first in {difference}"
        )
