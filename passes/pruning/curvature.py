"""How much the loss of a codec grows with errors inside it, by the Gauss–Newton approximation.

To second order, and with residuals that do not point anywhere, an error e of a value costs
½ eᵀ H e, where H = Jᵀ D J: D is the curvature of the loss in what the functions give (pixels,
latents, predicted scales), J the derivative of these by the value. A random vector of independent
signs times √D, pulled back through the functions, is a vector g with E[g gᵀ] = H (Hutchinson,
1989). Averaged over pixels and images, as a Kronecker-factored approximation has it (Martens and
Grosse, ICML 2015), each convolution gets the second moment of g over its output channels.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from xdsl.dialects.arith import ConstantOp
from xdsl.dialects.builtin import ModuleOp
from xdsl.dialects.func import FuncOp
from xdsl.ir import SSAValue

from ...backends.interpreter import Listener, run
from ...dialects import gdn, nn
from ...runtime.arithmetic import Array
from .adjoints import by_pixel, norms_of, power_of, pull_back

PROBES = 2
SEED = 5


@dataclass
class Trace:
    """The float codec on one image: what each function was given and gave, and the value of every
    op (float32 [1, C, H, W])."""

    given: dict[str, Array] = field(default_factory=dict[str, Array])
    results: dict[str, Array] = field(default_factory=dict[str, Array])
    values: dict[SSAValue, Array] = field(default_factory=dict[SSAValue, Array])


Curvatures = Callable[[Trace], Mapping[str, Array]]
"""The diagonal of D for an image: by function, an array that broadcasts to what the function gives.
The loss of an image is the sum of its parts."""


@dataclass
class Sensitivity:
    """Of a whole image, by layer: for convolutions the second moment H [out, out] of output
    channels, for one output pixel, and the number of these; for GDNs how much n_i counts, in
    relative terms, summed over pixels [C]."""

    channels: dict[str, Array] = field(default_factory=dict[str, Array])
    pixels: dict[str, float] = field(default_factory=dict[str, float])
    norms: dict[str, Array] = field(default_factory=dict[str, Array])


def trace(module: ModuleOp, frame: Array) -> Trace:
    """Runs the codec on a float image, with rounded latents."""
    found = Trace()
    functions = {op.sym_name.data: op for op in module.ops if isinstance(op, FuncOp)}

    def observe(value: SSAValue, array: Array) -> None:
        if not isinstance(value.owner, ConstantOp):
            found.values[value] = array

    def transform(name: str, given: Array) -> Array:
        found.given[name] = found.values[functions[name].args[0]] = given
        found.results[name] = run(module, name, given, Listener(observe))
        return found.results[name]

    latent = transform("g_a", frame)
    means = np.zeros_like(latent)
    if "h_a" in functions:
        hyper = np.rint(transform("h_a", latent))
        if "h_s" in functions:
            parameters = transform("h_s", hyper)
            if parameters.shape[1] == 2 * latent.shape[1]:
                means = parameters[:, latent.shape[1] :]
    transform("g_s", np.rint(latent - means) + means)
    return found


def measure(module: ModuleOp, traces: Sequence[Trace], curvatures: Curvatures) -> Sensitivity:
    """The sensitivity of a codec, the mean over its traces."""
    found, rng = _Sums(module), np.random.default_rng(SEED)
    for traced in traces:
        roots = {name: np.sqrt(each) for name, each in curvatures(traced).items()}
        for _ in range(PROBES):
            found.add(traced, roots, rng)
    return found.mean(len(traces) * PROBES)


class _Sums:
    def __init__(self, module: ModuleOp):
        self.functions = {op.sym_name.data: op for op in module.ops if isinstance(op, FuncOp)}
        self.found = Sensitivity()
        self.trace = Trace()

    def add(self, traced: Trace, roots: Mapping[str, Array], rng: np.random.Generator) -> None:
        """Pulls one random vector back, through the decoder first."""
        self.trace = traced

        def probe(name: str) -> Array:
            shape = traced.results[name].shape
            signs = np.where(rng.random(shape) < 0.5, np.float32(-1), np.float32(1))
            return signs * roots.get(name, np.zeros((), np.float32))

        latent = self.pull("g_s", probe("g_s")) + probe("g_a")
        if "h_a" in self.functions:
            hyper = probe("h_a")
            if "h_s" in self.functions:
                hyper = hyper + self.pull("h_s", probe("h_s"))
            latent = latent + self.pull("h_a", hyper)
        self.pull("g_a", latent)

    def pull(self, name: str, gradient: Array) -> Array:
        return pull_back(self.functions[name], self.trace.values, gradient, self.observe)

    def observe(self, value: SSAValue, gradient: Array) -> None:
        g = by_pixel(gradient)
        match value.owner:
            case nn.Conv2dOp() | nn.ConvTranspose2dOp() as op:
                name = op.layer.data
                _add(self.found.channels, name, g.T @ g)
                self.found.pixels[name] = self.found.pixels.get(name, 0.0) + len(g)
            case gdn.NormalizeOp() as op:
                relative = g * by_pixel(self.trace.values[op.result]) * power_of(op)
                relative /= norms_of(op, self.trace.values[op.input])
                _add(self.found.norms, op.layer.data, np.square(relative).sum(axis=0))
            case _:
                pass

    def mean(self, count: int) -> Sensitivity:
        """The sums, divided."""
        pixels = {name: total / count for name, total in self.found.pixels.items()}
        channels = {
            name: total / count / pixels[name] for name, total in self.found.channels.items()
        }
        norms = {name: total / count for name, total in self.found.norms.items()}
        return Sensitivity(channels, pixels, norms)


def _add(sums: dict[str, Array], name: str, part: Array) -> None:
    sums[name] = sums[name] + part if name in sums else part.astype(np.float64)
