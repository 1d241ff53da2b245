"""The widths of the checkpoint of a pruned program."""

from collections.abc import Mapping

from xdsl.dialects.builtin import ModuleOp

from ...dialects.tensors import shape_of
from ...frontend.pruned import Widths
from ...passes.pruning.groups import LATENT, boundary_values, codec_groups


def checkpoint_widths(module: ModuleOp, whole: Mapping[str, int]) -> Widths:
    """Hidden layers all get as many channels as the widest of them has left, hyper-latents
    included, for CompressAI's classes have one N for all; latents are as many as are left. In a
    hyper-synthesis that predicts means, layers have as many as in the `whole` program, for these
    are tied to the latents' number, which then stays."""
    groups = codec_groups(module)
    latent = set(boundary_values(module, LATENT))
    latents = [group for group in groups if latent.intersection(group.values)]
    has_means = any(shape_of(v)[1] > g.channels for g in latents for v in g.values)
    tied = [g for g in groups if has_means and g not in latents and g.name.startswith("h_s.")]
    shared = [group for group in groups if group not in latents and group not in tied]
    widest = max((group.channels for group in shared), default=0)
    outputs: dict[str, int] = {}
    inputs: dict[str, int] = {}
    for group in groups:
        channels = group.channels
        if group in tied:
            channels = whole[group.name]
        elif group in shared:
            channels = widest
        for writer in group.writers:
            parts = shape_of(writer.result)[1] // group.channels
            outputs[writer.layer.data] = channels * parts
        outputs |= {norm.layer.data: channels for norm in group.norms}
        inputs |= {reader.layer.data: channels for reader in group.readers}
    return Widths(outputs, inputs)
