"""IR to result: the interpreter, HLS C++, reports."""

from collections.abc import Callable

from xdsl.utils.target import Target


def get_all_targets() -> dict[str, Callable[[], type[Target]]]:
    """The targets of `licc-opt -t`, by name."""

    def get_hls() -> type[Target]:
        from .hls.target import HlsTarget

        return HlsTarget

    return {"hls": get_hls}
