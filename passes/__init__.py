"""IR to IR, one pass a file, each file named as its pass is called.

`get_all_passes` maps each name to a factory, so that a tool loads only what its pipeline uses.
"""

from collections.abc import Callable

from xdsl.passes import ModulePass


def get_all_passes() -> dict[str, Callable[[], type[ModulePass]]]:
    """All passes of licc, by name."""

    def get_assign_precision() -> type[ModulePass]:
        from .assign_precision import AssignPrecision

        return AssignPrecision

    def get_balance_pipeline() -> type[ModulePass]:
        from .balance_pipeline import BalancePipeline

        return BalancePipeline

    def get_calibrate() -> type[ModulePass]:
        from .calibrate import Calibrate

        return Calibrate

    def get_equalize_channels() -> type[ModulePass]:
        from .equalize_channels import EqualizeChannels

        return EqualizeChannels

    def get_fuse_streams() -> type[ModulePass]:
        from .fuse_streams import FuseStreams

        return FuseStreams

    def get_lower_to_stream() -> type[ModulePass]:
        from .lower_to_stream import LowerToStream

        return LowerToStream

    def get_prune_channels() -> type[ModulePass]:
        from .prune_channels import PruneChannels

        return PruneChannels

    def get_quantize() -> type[ModulePass]:
        from .quantize import Quantize

        return Quantize

    def get_select_direction() -> type[ModulePass]:
        from .select_direction import SelectDirection

        return SelectDirection

    def get_size_fifos() -> type[ModulePass]:
        from .size_fifos import SizeFifos

        return SizeFifos

    return {
        "assign-precision": get_assign_precision,
        "balance-pipeline": get_balance_pipeline,
        "calibrate": get_calibrate,
        "equalize-channels": get_equalize_channels,
        "fuse-streams": get_fuse_streams,
        "lower-to-stream": get_lower_to_stream,
        "prune-channels": get_prune_channels,
        "quantize": get_quantize,
        "select-direction": get_select_direction,
        "size-fifos": get_size_fifos,
    }
