"""Writes an HLS project: a folder that Vitis HLS and plain g++ both build, on any machine."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from xdsl.dialects.builtin import ModuleOp

from ...dialects.tensors import Array
from .core import Core, cores_of, own_structs
from .errors import HlsError
from .layout import layout_of
from .printer import print_header, print_source, print_test_bench, print_weights
from .scripts import (
    Device,
    golden_files,
    print_config,
    print_makefile,
    print_readme,
    print_tcl,
)

MANIFEST = "project.json"
AP_TYPES = "hls4ml"
PACKAGE = __name__.rpartition(".")[0]
NOTICE = """\
ap_int.h and the headers beside it are AMD's (Copyright Xilinx, Inc.), under the Apache License,
Version 2.0, whose text is in LICENSE. They were copied unchanged from {package} {version},
https://fastmachinelearning.org/hls4ml.
"""


def write_project(
    module: ModuleOp,
    folder: Path,
    frames: Mapping[str, tuple[Array, Array]],
    report: Mapping[str, Any],
) -> None:
    """Prints every function of a stream-level module as an IP core.

    `frames` holds, for each function, a frame [1, C, H, W] and what the interpreter makes of it;
    `report["target"]` the `part` and `clock_mhz`. Everything is checked before anything is
    written: `HlsError` if the module is not at the stream level, or if a frame is missing or does
    not fit.
    """
    cores = cores_of(module)
    device = Device.of(report["target"])
    golden = {core.name: _golden_bytes(core, frames) for core in cores}
    folder.mkdir(parents=True, exist_ok=True)
    _copy_headers(folder / "include")
    for struct in own_structs(cores):
        (folder / "include" / "licc" / f"{struct.name}.h").write_text(struct.header)
    for core in cores:
        _write_core(folder / core.name, core, device, golden[core.name])
    (folder / "Makefile").write_text(print_makefile(cores))
    (folder / "README.md").write_text(print_readme(cores, device))
    (folder / MANIFEST).write_text(_manifest(cores, device))


def _golden_bytes(core: Core, frames: Mapping[str, tuple[Array, Array]]) -> tuple[bytes, bytes]:
    if core.function not in frames:
        raise HlsError(f"@{core.function} has no golden frame")
    given, expected = frames[core.function]
    try:
        source, result = layout_of(core.input), layout_of(core.output)
        return source.to_bytes(given), result.to_bytes(expected)
    except ValueError as error:
        raise HlsError(f"golden frame of @{core.function}: {error}") from error


def _write_core(folder: Path, core: Core, device: Device, golden: tuple[bytes, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    texts = {
        f"{core.name}.h": print_header(core),
        f"{core.name}.cpp": print_source(core),
        f"{core.name}_weights.h": print_weights(core),
        f"{core.name}_test.cpp": print_test_bench(core),
        "hls_config.cfg": print_config(core, device),
        "run_hls.tcl": print_tcl(core, device),
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    for name, data in zip(golden_files(core.name), golden, strict=True):
        (folder / name).write_bytes(data)


def _manifest(cores: Sequence[Core], device: Device) -> str:
    entries = [
        {
            "function": core.function,
            "top": core.name,
            "input": asdict(layout_of(core.input)),
            "output": asdict(layout_of(core.output)),
        }
        for core in cores
    ]
    return json.dumps({**asdict(device), "cores": entries}, indent=2) + "\n"


def _copy_headers(folder: Path) -> None:
    with as_file(files(PACKAGE) / "include") as include:
        shutil.copytree(include, folder, dirs_exist_ok=True)
    try:
        package = distribution(AP_TYPES)
    except PackageNotFoundError as error:
        raise HlsError(f"AMD's ap_int.h is missing: pip install {AP_TYPES}") from error
    source = Path(str(package.locate_file("hls4ml/templates/vivado/ap_types")))
    shutil.copytree(source, folder / "ap_types", dirs_exist_ok=True)
    licence = next(f for f in package.files or () if f.name == "LICENSE" and "info" in str(f))
    shutil.copyfile(str(licence.locate()), folder / "ap_types" / "LICENSE")
    notice = NOTICE.format(package=AP_TYPES, version=package.version)
    (folder / "ap_types" / "NOTICE").write_text(notice)
