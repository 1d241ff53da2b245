"""Weights with which a pruned program gives what the whole one gave.

Layer after layer, in the order of the codec, each GDN and each convolution is fitted to what the
whole program has there, behind layers that are fitted already (channel pruning: He et al., ICCV
2017): least squares with a pull towards the weights that there are. There is no training.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import nnls
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from ...backends.interpreter import make_interpreter
from ...dialects import gdn
from ...dialects.tensors import array_of
from ...runtime.arithmetic import Array
from ..constants import replace_constant
from ..rounding.samples import patches, phases_of, positions
from .adjoints import magnitudes_of, norms_of
from .groups import Convolution, output_axis
from .least_squares import Moments, best_fit
from .linear import solve

ORDER = ("g_a", "h_a", "h_s", "g_s")
MOST_PATCHES = 4096
FOLDS = 2
NORM_PULL = 0.3
LEAST_BETA = 1e-6


@dataclass(frozen=True)
class Whole:
    """What a layer of the whole program gave on each image, in the rows that are kept: convolutions
    [1, C, H, W], GDNs their norms n [pixels, C]."""

    layers: Sequence[Mapping[str, Array]]
    kept: Mapping[str, Array]

    def result(self, image: int, layer: str) -> Array:
        """What a layer gave, in the rows that are kept."""
        found = self.layers[image][layer]
        return found[:, self.kept[layer]] if layer in self.kept else found


def refit(module: ModuleOp, frames: Sequence[Array], whole: Whole) -> None:
    """Fits the layers of a float module on float images."""
    functions = {op.sym_name.data: op for op in module.ops if isinstance(op, FuncOp)}
    inputs = list(frames)
    results: dict[str, list[Array]] = {}
    for name in (name for name in ORDER if name in functions):
        if name == "h_a":
            inputs = results["g_a"]
        elif name == "h_s":
            inputs = [np.rint(each) for each in results["h_a"]]
        elif name == "g_s":
            inputs = [_restored(results, image) for image in range(len(frames))]
        results[name] = _refit_function(module, functions[name], inputs, whole)


def _restored(results: Mapping[str, list[Array]], image: int) -> Array:
    """The latent as @g_s is given it."""
    latent = results["g_a"][image]
    parameters = results["h_s"][image] if "h_s" in results else latent
    has_means = parameters.shape[1] == 2 * latent.shape[1]
    means = parameters[:, latent.shape[1] :] if has_means else np.zeros_like(latent)
    return np.rint(latent - means) + means


def _refit_function(
    module: ModuleOp, function: FuncOp, inputs: Sequence[Array], whole: Whole
) -> list[Array]:
    """Fits op after op, and runs each behind that; the results."""
    interpreter = make_interpreter(module)
    returned = function.get_return_op()
    assert returned is not None
    values: list[dict[SSAValue, Array]] = [{function.args[0]: each} for each in inputs]
    for op in list(function.body.block.ops):
        if isinstance(op, ConstantOp) or op is returned:
            continue
        frames = [one[op.operands[0]] for one in values]
        if isinstance(op, Convolution):
            _fit_convolution(op, frames, whole)
        elif isinstance(op, gdn.NormalizeOp):
            _fit_norm(op, frames, whole)
        for one in values:
            given = (one[v] if v in one else array_of(v) for v in op.operands)
            (one[op.results[0]],) = interpreter.run_op(op, tuple(given))
    return [one[returned.arguments[0]] for one in values]


def _fit_convolution(op: Convolution, frames: Sequence[Array], whole: Whole) -> None:
    axis, stride = output_axis(op), op.window.phases
    kernels = np.moveaxis(array_of(op.weight).astype(np.float64), axis, 0).copy()
    bias = np.zeros(len(kernels)) if op.bias is None else array_of(op.bias).astype(np.float64)
    places = [
        (row, column)
        for row, column in product(range(stride), repeat=2)
        if op.window.taps(row) and op.window.taps(column)
    ]
    shift = np.zeros(len(kernels))
    for (row, column), phase in zip(places, phases_of(op.window), strict=True):
        folds: list[list[tuple[Array, Array]]] = [[] for _ in range(FOLDS)]
        for i, frame in enumerate(frames):
            at = positions(op.window, frame.shape, MOST_PATCHES, i)
            wanted = whole.result(i, op.layer.data)[0]
            target = wanted[:, at[0] * stride + row, at[1] * stride + column]
            folds[i % FOLDS].append((patches(frame, op.window, phase, at), target))
        part = (slice(None), slice(None), *phase.kernel_indices)
        old = kernels[part]
        sides = [_moments(fold) for fold in folds if fold]
        found = best_fit(old.reshape(len(old), -1), bias, sides, op.bias is not None)
        kernels[part] = found.weight.reshape(old.shape)
        shift += found.bias / len(places)
    replace_constant(op, op.weight, np.moveaxis(kernels, 0, axis))
    if op.bias is not None:
        replace_constant(op, op.bias, shift)


def _moments(parts: Sequence[tuple[Array, Array]]) -> Moments:
    x, y = (np.concatenate(side, axis=1) for side in zip(*parts, strict=True))
    count = np.float32(x.shape[1])
    moment, cross = (side @ x.T / count for side in (x, y))
    return Moments(
        moment.astype(np.float64), cross.astype(np.float64), x.mean(axis=1), y.mean(axis=1)
    )


def _fit_norm(op: gdn.NormalizeOp, frames: Sequence[Array], whole: Whole) -> None:
    """β and γ, not negative, with the least E((n' − n) / n)², and a pull towards what there is."""
    name = op.layer.data
    seen = np.concatenate([_thin(magnitudes_of(op, frame), i) for i, frame in enumerate(frames)])
    wanted = np.concatenate([_thin(whole.result(i, name), i) for i in range(len(frames))])
    beta, gamma = array_of(op.beta).astype(np.float64), array_of(op.gamma).astype(np.float64)
    features = np.concatenate([np.ones((len(seen), 1)), seen], axis=1).astype(np.float64)
    old = np.concatenate([beta[:, np.newaxis], gamma], axis=1)
    new = np.stack(
        [_fit_row(row, features, wanted[:, i].astype(np.float64)) for i, row in enumerate(old)]
    )
    replace_constant(op, op.beta, np.maximum(new[:, 0], LEAST_BETA))
    replace_constant(op, op.gamma, new[:, 1:])


def _fit_row(old: Array, features: Array, wanted: Array) -> Array:
    relative = features / wanted[:, np.newaxis]
    moment = relative.T @ relative / len(relative)
    target = relative.sum(axis=0) / len(relative)
    pull = NORM_PULL * np.diag(moment)
    factor = np.linalg.cholesky(moment + np.diag(pull + 1e-12))
    right = solve(factor, target + pull * old)
    return nnls(factor.T, right)[0]


def _thin(pixels: Array, seed: int) -> Array:
    """At most `MOST_PATCHES` of the rows."""
    if len(pixels) <= MOST_PATCHES:
        return pixels
    return pixels[np.random.default_rng(seed).permutation(len(pixels))[:MOST_PATCHES]]


def whole_layers(module: ModuleOp, values: Mapping[SSAValue, Array]) -> dict[str, Array]:
    """What `Whole` keeps of a trace of the whole program."""
    found: dict[str, Array] = {}
    for op in module.walk():
        if isinstance(op, Convolution):
            found[op.layer.data] = values[op.result]
        elif isinstance(op, gdn.NormalizeOp):
            found[op.layer.data] = norms_of(op, values[op.input])
    return found
