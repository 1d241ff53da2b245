"""IR to result: the interpreter, HLS C++, SystemVerilog, reports."""

from collections.abc import Callable

from xdsl.utils.target import Target


def get_all_targets() -> dict[str, Callable[[], type[Target]]]:
    """The targets of `licc-opt -t`, by name."""

    def get_hls() -> type[Target]:
        from .hls.target import HlsTarget

        return HlsTarget

    def get_rtl() -> type[Target]:
        from .rtl.target import RtlTarget

        return RtlTarget

    return {"hls": get_hls, "rtl": get_rtl}
