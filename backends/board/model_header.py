"""`model.h`: what the C++ codec of a package knows of the design."""

from collections.abc import Iterable, Mapping

from ...runtime.bitstream import HASH_BYTES
from ...runtime.entropy import Tables
from ...runtime.frame_layout import FrameLayout
from ...runtime.latent_coder import LatentShapes
from ...runtime.model_file import CodecModel
from ..hls.build import BuiltCore

FUNCTIONS = ("g_a", "g_s", "h_a", "h_s")
ENTRIES_PER_LINE = 16


def print_model(model: CodecModel, shapes: LatentShapes, cores: Mapping[str, BuiltCore]) -> str:
    """The header, for a model that has an entropy model, the shapes of the latents of its frame,
    and the cores by function; a core that is not there has empty frames."""
    entropy = model.entropy
    assert entropy is not None
    conditional = entropy.conditional
    width, height = model.frame
    parts = [
        f"constexpr std::uint32_t frame_width = {width}, frame_height = {height};",
        f"constexpr hash program{{{_bytes(model.digest)}}};",
        f"constexpr hash tables{{{_bytes(entropy.digest)}}};",
        f"constexpr bool hyperprior = {'true' if conditional else 'false'};",
        f"constexpr shape latent{{{_numbers(shapes.latent[1:])}}};",
        f"constexpr shape hyper_latent{{{_numbers(shapes.hyper[1:] if shapes.hyper else ())}}};",
        *_layouts(cores),
        _tables("bottleneck", entropy.bottleneck),
        _tables("conditional", conditional.tables if conditional else None),
        _array("thresholds", conditional.thresholds.tolist() if conditional else ()),
    ]
    body = "\n".join(parts)
    return f"""// What the codec knows of this design. Printed by licc.
#pragma once

#include "container.h"
#include "shapes.h"

namespace licc::codec::model {{

{body}

}} // namespace licc::codec::model
"""


def _layouts(cores: Mapping[str, BuiltCore]) -> Iterable[str]:
    for function in FUNCTIONS:
        core = cores.get(function)
        for side, layout in (("input", core and core.input), ("output", core and core.output)):
            yield f"constexpr layout {function}_{side}{{{_layout(layout) if layout else ''}}};"


def _layout(layout: FrameLayout) -> str:
    shape = _numbers((layout.channels, layout.height, layout.width))
    return f"{{{shape}}}, {layout.padded_channels}, {layout.lane_bytes}"


def _tables(name: str, tables: Tables | None) -> str:
    """CDFs without what fills their rows up."""
    lengths: list[int] = tables.lengths.tolist() if tables else []
    offsets: list[int] = tables.offsets.tolist() if tables else []
    entries: list[int] = []
    for row, length in zip(tables.cdf if tables else (), lengths, strict=True):
        entries += row[:length].tolist()
    parts = f"{name}_entries, {name}_lengths, {name}_offsets"
    return "\n".join(
        (
            _array(f"{name}_entries", entries),
            _array(f"{name}_lengths", lengths),
            _array(f"{name}_offsets", offsets),
            f"constexpr cdfs {name}{{{len(lengths)}, {parts}}};",
        )
    )


def _array(name: str, values: Iterable[int]) -> str:
    """An array; of none, one of a zero that nothing reads."""
    found = list(values) or [0]
    lines = [found[i : i + ENTRIES_PER_LINE] for i in range(0, len(found), ENTRIES_PER_LINE)]
    text = ",\n".join(f"    {_numbers(line)}" for line in lines)
    return f"inline constexpr std::int32_t {name}[] = {{\n{text},\n}};"


def _bytes(digest: bytes) -> str:
    return _numbers(digest[:HASH_BYTES])


def _numbers(values: Iterable[int]) -> str:
    return ", ".join(map(str, values))
