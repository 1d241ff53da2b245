"""Rebuilds a model's transforms from the keys and shapes of its state dict, never from a name.

Known: CompressAI's FactorizedPrior, ScaleHyperprior and MeanScaleHyperprior of any width and depth,
and transform pairs without an entropy model. A hyperprior's activation is what the file says, else
the one of the model's paper. A state dict holds no strides: they follow from the kernel (9: 4,
5: 2, 3 and 1: 1), as in every published model of these families.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import Tensor, nn

from ..dialects.gdn import Norm
from .checkpoint import Checkpoint
from .layers import Abs, Normalize, Offset, convolution, transposed_convolution
from .model import Model, Stage
from .state import State
from .students import Activation

STRIDES = {1: 1, 3: 1, 5: 2, 9: 4}
ENTROPY_MODELS = ("entropy_bottleneck", "gaussian_conditional")
QUANTILES = "entropy_bottleneck.quantiles"
CONVOLUTION = {"weight", "bias"}
NORMALIZE = {
    *("beta", "beta_eff", "beta_reparam.pedestal", "beta_reparam.lower_bound.bound"),
    *("gamma", "gamma_eff", "gamma_reparam.pedestal", "gamma_reparam.lower_bound.bound"),
}
ACTIVATIONS = {Activation.RELU: nn.ReLU, Activation.LEAKY_RELU: nn.LeakyReLU}
PIXELS = 3
BETA_BOUND = (1e-6 + 2.0**-36) ** 0.5
GAMMA_BOUND = 2.0**-18
PEDESTAL = 2.0**-36


@dataclass(frozen=True)
class Plan:
    """What keys and shapes of a function do not say: its direction and its activation."""

    name: str
    synthesis: bool
    norm: Norm
    activation: Callable[[], nn.Module] | None = None

    def is_transposed(self, stride: int) -> bool:
        """Layers of a synthesis are transposed; a hyper synthesis ends in plain ones."""
        return self.synthesis and (stride > 1 or self.name == "g_s")


def build_model(checkpoint: Checkpoint, norm: Norm | None = None) -> Model:
    """The model of a checkpoint; `norm` wins over what the file says, and l2 is what CompressAI's
    GDN means. Raises `ModelError` for keys, shapes or values that fit no family."""
    state = State(checkpoint.provenance.file, checkpoint.tensors)
    state.expect_only("g_a", "g_s", "h_a", "h_s", *ENTROPY_MODELS)
    known = norm or checkpoint.norm
    norm = known or Norm.L2
    stages = {"g_a": _build(state, Plan("g_a", False, norm), PIXELS)}
    latents = stages["g_a"].outputs
    stages["g_s"] = _build(state, Plan("g_s", True, norm), latents)
    if stages["g_s"].outputs != PIXELS:
        raise state.error("g_s", f"expected 3 output channels, found {stages['g_s'].outputs}")
    family = "FactorizedPrior" if state.has(QUANTILES) else "TransformPair"
    if state.has("h_a") or state.has("h_s"):
        family, hyper = _build_hyperprior(state, norm, checkpoint.activation, latents)
        stages |= hyper
    return Model(
        family,
        checkpoint.provenance,
        _with_medians(state, stages),
        channels=checkpoint.tensors[f"g_a.{min(state.layers('g_a'))}.weight"].shape[0],
        latents=latents,
        tables=state.tables(ENTROPY_MODELS),
        assumed_norm=None if known else norm,
        precision=checkpoint.precision,
    )


def _build_hyperprior(
    state: State, norm: Norm, named: Activation | None, latents: int
) -> tuple[str, dict[str, Stage]]:
    last = f"h_s.{max(state.layers('h_s'))}.weight"
    weight = state.tensor(last, None, None, None, None)
    outputs = weight.shape[0 if STRIDES.get(weight.shape[2]) == 1 else 1]
    if outputs not in (latents, 2 * latents):
        raise state.error(
            last,
            f"expected {latents} output channels (scales of the {latents} latents) or "
            f"{2 * latents} (scales and means), found {outputs}",
        )
    has_means = outputs == 2 * latents
    usual = Activation.LEAKY_RELU if has_means else Activation.RELU
    activation = ACTIVATIONS[named or usual]
    analysis = _build(state, Plan("h_a", False, norm, activation), latents)
    synthesis = _build(state, Plan("h_s", True, norm, activation), analysis.outputs)
    if analysis.stride != synthesis.stride:
        raise state.error(
            "h_s", f"expected the stride of h_a, {analysis.stride}, found {synthesis.stride}"
        )
    if has_means:
        return "MeanScaleHyperprior", {"h_a": analysis, "h_s": synthesis}
    return "ScaleHyperprior", {
        "h_a": _around(analysis, before=("abs", Abs())),
        "h_s": _around(synthesis, after=(str(max(state.layers("h_s")) + 1), nn.ReLU())),
    }


def _with_medians(state: State, stages: dict[str, Stage]) -> dict[str, Stage]:
    if not state.has(QUANTILES):
        return stages
    analysis, synthesis = ("h_a", "h_s") if "h_a" in stages else ("g_a", "g_s")
    quantiles = state.tensor(QUANTILES, stages[analysis].outputs, 1, 3)
    medians = quantiles[:, 0, 1].clone()
    return stages | {
        analysis: _around(stages[analysis], after=("median", Offset(-medians))),
        synthesis: _around(stages[synthesis], before=("median", Offset(medians))),
    }


def _around(
    stage: Stage,
    before: tuple[str, nn.Module] | None = None,
    after: tuple[str, nn.Module] | None = None,
) -> Stage:
    items = (before, *stage.module.named_children(), after)
    layers = OrderedDict(item for item in items if item is not None)
    return replace(stage, module=nn.Sequential(layers).eval())


def _build(state: State, plan: Plan, inputs: int) -> Stage:
    found = state.layers(plan.name)
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    channels, stride = inputs, 1
    for index in range(max(found) + 1):
        path, leaves = f"{plan.name}.{index}", found.get(index, set[str]())
        if leaves and leaves <= CONVOLUTION:
            layer, channels, step = _build_convolution(state, plan, path, channels)
            stride *= step
        elif leaves and leaves <= NORMALIZE:
            layer = _build_normalize(state, plan, path, channels)
        elif plan.activation is not None:
            layer = plan.activation()
        elif leaves:
            raise state.error(
                path,
                "expected a convolution (weight, bias) or a GDN (beta, gamma), found "
                f"{', '.join(sorted(leaves))}; export the transforms with torch.export (.pt2) "
                "instead",
            )
        else:
            raise state.error(
                path,
                "has no tensors, so the file does not say which activation it is; export the "
                "transforms with torch.export (.pt2) instead",
            )
        layers[str(index)] = layer
    return Stage(nn.Sequential(layers).eval(), inputs, channels, stride)


def _build_convolution(
    state: State, plan: Plan, path: str, channels: int
) -> tuple[nn.Module, int, int]:
    name = f"{path}.weight"
    kernel = state.tensor(name, None, None, None, None).shape[3]
    if kernel not in STRIDES:
        raise state.error(
            name,
            f"expected a kernel of {', '.join(map(str, STRIDES))}, whose stride is known, found "
            f"{kernel}; export the transforms with torch.export (.pt2) instead",
        )
    stride = STRIDES[kernel]
    transposed = plan.is_transposed(stride)
    shape = (channels, None) if transposed else (None, channels)
    weight = state.tensor(name, *shape, kernel, kernel)
    outputs = weight.shape[1 if transposed else 0]
    bias = state.tensor(f"{path}.bias", outputs) if state.has(f"{path}.bias") else None
    build = transposed_convolution if transposed else convolution
    return build(weight, bias, stride), outputs, stride


def _build_normalize(state: State, plan: Plan, path: str, channels: int) -> Normalize:
    if state.has(f"{path}.gamma_eff"):
        beta = state.tensor(f"{path}.beta_eff", channels)
        gamma = state.tensor(f"{path}.gamma_eff", channels, channels)
    else:
        beta = _effective(state, f"{path}.beta", BETA_BOUND, channels)
        gamma = _effective(state, f"{path}.gamma", GAMMA_BOUND, channels, channels)
    return Normalize(beta, gamma, plan.norm, plan.synthesis)


def _effective(state: State, name: str, default_bound: float, *shape: int) -> Tensor:
    """max(value, bound)² - pedestal, in float32 as CompressAI's NonNegativeParametrizer."""
    value = state.tensor(name, *shape)
    bound = _scalar(state, f"{name}_reparam.lower_bound.bound", default_bound, value)
    pedestal = _scalar(state, f"{name}_reparam.pedestal", PEDESTAL, value)
    return value.maximum(bound) ** 2 - pedestal


def _scalar(state: State, name: str, default: float, like: Tensor) -> Tensor:
    return state.tensor(name, 1) if state.has(name) else like.new_tensor([default])
