"""A design for a Zynq UltraScale+ board: the block design, the drivers and their self tests, all of
one register map. Writes files; runs nothing on a board.
"""

import json
import shutil
from collections.abc import Mapping
from importlib.resources import as_file, files
from pathlib import Path

from ...runtime.design_codec import Codec, latent_shapes
from ...runtime.model_file import MODEL, read_model
from ..design.folder import Design
from ..design.writer import any_entry, replace_folder
from ..hls.build import Project
from ..hls.scripts import Device, golden_files
from ..rtl import write_rtl
from ..rtl.scripts import write_scripts
from ..targets import list_targets, load_target
from .errors import BoardError
from .model_header import print_model
from .registers import BoardCore, place, to_header, to_json
from .texts import (
    Backend,
    Hardware,
    print_cores_makefile,
    print_design,
    print_overlay,
    print_simulated_cores,
)

__all__ = ["Backend", "BoardError", "package_design"]

MARK = "registers.json"
FAMILIES = ("xczu", "xck")
BUILT = ("build", "build-exact", "build_tcl", "vitis")
TRANSFORMS = ({"g_a", "g_s"}, {"g_a", "g_s", "h_a", "h_s"})
"""What codes an image: without a hyperprior, and with one."""
COPIED = ("report.json", "model.licc")
ROOT, RUNTIME = __name__.removesuffix(".backends.board"), "runtime"


def package_design(
    design: Design, output: Path, backend: Backend = Backend.HLS
) -> tuple[BoardCore, ...]:
    """Writes the package of a design to a new folder, or over an older package, whole or not at
    all; what cores it has, and where their registers lie. With `Backend.RTL` the SystemVerilog is
    in it too, and the block design takes its cores.

    Raises `BoardError` for a part that is no Zynq UltraScale+, a frame that an AXI VDMA cannot move
    or a folder that cannot be written, `HlsError` if the design's project is broken, `RtlError` if
    there is something in it that the SystemVerilog does not have.
    """
    target = design.report["target"]
    device = Device.of(target)
    if not device.part.startswith(FAMILIES):
        raise BoardError(
            f"{device.part} is no Zynq UltraScale+ (xczu…, xck…): licc packages designs for boards "
            f"of that family, as {', '.join(_boards())}"
        )
    cores = place(Project(design.hls).cores)
    if output.exists() and not (output / MARK).is_file() and any_entry(output):
        raise BoardError(f"{output}: exists and is no package; name a new folder")
    board = str(target["name"]) if str(target["name"]) in list_targets() else ""
    hardware = Hardware(device, board, backend)
    try:
        output.resolve().parent.mkdir(parents=True, exist_ok=True)
        replace_folder(output, lambda folder: _fill(folder, design, hardware, cores))
    except OSError as error:
        raise BoardError(f"{output}: cannot write here: {error.strerror}") from error
    return cores


def _fill(folder: Path, design: Design, hardware: Hardware, cores: tuple[BoardCore, ...]) -> None:
    with as_file(files(__name__) / "files") as written:
        shutil.copytree(written, folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(design.hls, folder / "hls", ignore=shutil.ignore_patterns(*BUILT))
    if hardware.backend is Backend.RTL:
        project = write_rtl(design.module("stream"), folder / "rtl")
        write_scripts(project, hardware.device)
    for name in COPIED:
        shutil.copyfile(design.path / name, folder / name)
    _copy_runtime(folder / "python" / "licc")
    _write_codec(folder, design)
    for name, text in _texts(hardware, cores).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)


def _write_codec(folder: Path, design: Design) -> None:
    """What the C++ codec knows of a design that has all transforms, and the file that the integer
    program makes of the golden image."""
    project, model = Project(design.hls), read_model(design.path / MODEL)
    if model.entropy is None or not TRANSFORMS[model.entropy.conditional is not None] <= {
        *project.cores
    }:
        return
    header = print_model(model, latent_shapes(model, model.frame), project.cores)
    (folder / "cpp" / "model.h").write_text(header)
    source = project.cores["g_a"]
    golden = design.hls / source.top / golden_files(source.top)[0]
    image = source.input.from_bytes(golden.read_bytes())[0].transpose(1, 2, 0)
    (folder / "golden.licc").write_bytes(Codec(design.path).encode(image))


def _copy_runtime(folder: Path) -> None:
    """licc as far as a board needs it: what decodes and encodes, with NumPy and Pillow alone."""
    with as_file(files(ROOT)) as package:
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(package / RUNTIME, folder / RUNTIME, ignore=ignore)
        shutil.copyfile(package / "__init__.py", folder / "__init__.py")


def _texts(hardware: Hardware, cores: tuple[BoardCore, ...]) -> Mapping[str, str]:
    return {
        MARK: json.dumps(to_json(cores), indent=2) + "\n",
        "vivado/design.tcl": print_design(hardware, cores),
        "cpp/registers.h": to_header(cores),
        "cpp/cores.mk": print_cores_makefile(cores),
        "cpp/simulated_cores.cpp": print_simulated_cores(cores),
        "linux/licc.dtso": print_overlay(cores),
    }


def _boards() -> tuple[str, ...]:
    """The targets of licc's own that are of the family."""
    return tuple(name for name in list_targets() if load_target(name).part.startswith(FAMILIES))
