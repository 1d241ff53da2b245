"""The commands `licc encode` and `licc decode`: images to bitstreams and back, by a design."""

import argparse
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .cli_dimension import frame_size
from .files import write_file

if TYPE_CHECKING:
    from .console import Console
    from .runtime import Codec

PIPE = Path("-")
CODED = ".licc"
FORMATS = ("png", "ppm")


@dataclass(frozen=True)
class Job:
    """What is read, and what is written; `-` is a pipe."""

    source: Path
    output: Path


def add_encode(parser: argparse.ArgumentParser) -> None:
    """The arguments of `licc encode`."""
    _add_codec(parser, "IMAGE", "an image (PNG, PPM, JPEG, WebP), a folder of images, or -")
    add = parser.add_argument
    add("--tile", action="store_true", help="code what is larger than the frame in tiles")


def add_decode(parser: argparse.ArgumentParser) -> None:
    """The arguments of `licc decode`."""
    _add_codec(parser, "FILE", "what `licc encode` wrote, a folder of such files, or -")
    add = parser.add_argument
    add("--format", choices=FORMATS, help="of images in a folder or a pipe (png)")


def _add_codec(parser: argparse.ArgumentParser, metavar: str, sources: str) -> None:
    add = parser.add_argument
    add("design", type=Path, metavar="DESIGN", help="a folder that `licc compile` wrote")
    add("sources", type=Path, nargs="+", metavar=metavar, help=sources)
    add(
        "-o",
        "--output",
        type=Path,
        required=True,
        metavar="OUT",
        help="a file; a folder for a folder or several files; - for the standard output",
    )
    add("--frame", type=frame_size, metavar="WxH", help="another frame than the design's")
    add("--threads", type=_positive, metavar="N", help="threads (one for each processor)")
    add("--cpp", action="store_true", help="run the design's C++ (slower, the same bits)")
    add("--quiet", action="store_true", help="print errors only")


def _positive(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"must be 1 or more, found {text}")
    return int(text)


def run_encode(options: argparse.Namespace, console: "Console") -> int:
    """Codes images; 1 if any cannot be."""
    from .runtime.images import SUFFIXES, decode_image

    def encode(codec: "Codec", content: bytes, job: Job) -> tuple[bytes, str]:
        image = decode_image(content)
        data = codec.encode(image, tile=options.tile)
        height, width = image.shape[:2]
        rate = 8 * len(data) / (height * width)
        return data, f"{width} x {height}, {len(data):,} bytes, {rate:.4f} bpp"

    return _run(options, console, _jobs(options, SUFFIXES, CODED), encode)


def run_decode(options: argparse.Namespace, console: "Console") -> int:
    """Decodes bitstreams; 1 if any cannot be."""
    from .runtime.images import encode_image

    def decode(codec: "Codec", content: bytes, job: Job) -> tuple[bytes, str]:
        image = codec.decode(content)
        return encode_image(image, _format(options, job)), f"{image.shape[1]} x {image.shape[0]}"

    jobs = _jobs(options, (CODED,), f".{options.format or FORMATS[0]}")
    for job in jobs:
        _format(options, job)
    return _run(options, console, jobs, decode)


def _format(options: argparse.Namespace, job: Job) -> str:
    """The format of an image that is written."""
    if job.output == PIPE:
        return options.format or FORMATS[0]
    suffix = job.output.suffix.lower().removeprefix(".")
    if suffix in FORMATS:
        return suffix
    raise ValueError(f"{job.output}: must end in .{' or .'.join(FORMATS)}")


def _run(
    options: argparse.Namespace,
    console: "Console",
    jobs: tuple[Job, ...],
    code: Callable[["Codec", bytes, Job], tuple[bytes, str]],
) -> int:
    """Does all jobs, those behind one that fails too."""
    from .runtime import Codec

    codec = Codec(options.design, threads=options.threads, frame=options.frame, cpp=options.cpp)
    failed = False
    for number, job in enumerate(jobs, start=1):
        name = "standard input" if job.source == PIPE else str(job.source)
        try:
            with console:
                if len(jobs) > 1:
                    console.step(f"{name} ({number} of {len(jobs)})")
                content = sys.stdin.buffer.read() if job.source == PIPE else job.source.read_bytes()
                data, about = code(codec, content, job)
                _write(job.output, data)
        except (OSError, ValueError) as error:
            failed = True
            console.error(f"{name}: {getattr(error, 'strerror', None) or error}")
            continue
        if job.output != PIPE:
            console.print(f"{job.output}: {about}")
    return 1 if failed else 0


def _write(output: Path, data: bytes) -> None:
    if output == PIPE:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    write_file(output, data)


def _jobs(options: argparse.Namespace, suffixes: tuple[str, ...], written: str) -> tuple[Job, ...]:
    """What is to be done; `ValueError` where that is unclear, before anything is written."""
    sources: list[Path] = options.sources
    output = options.output
    found = tuple(_files(sources, suffixes))
    several = len(sources) > 1 or sources[0].is_dir()
    if PIPE in sources and several:
        raise ValueError("the standard input is one file: name it alone")
    if not several and not output.is_dir():
        jobs = (Job(found[0], output),)
    elif output == PIPE or output.is_file():
        raise ValueError(f"{output}: expected a folder for {len(found)} files")
    else:
        names = [(source.stem if source != PIPE else "stdin") + written for source in found]
        if twice := {name for name in names if names.count(name) > 1}:
            raise ValueError(f"{output}: two of the files would be written as {min(twice)}")
        jobs = tuple(Job(one, output / name) for one, name in zip(found, names, strict=True))
    for job in jobs:
        if job.output != PIPE and job.output.resolve() == job.source.resolve():
            raise ValueError(f"{job.output}: would be written in its own place")
    return jobs


def _files(sources: Iterable[Path], suffixes: tuple[str, ...]) -> Iterable[Path]:
    """The files among sources, and those of the suffixes in folders among them, sorted."""
    for source in sources:
        if source.is_dir():
            files = sorted(path for path in source.iterdir() if path.suffix.lower() in suffixes)
            if not files:
                raise ValueError(f"{source}: no file of {', '.join(suffixes)} in this folder")
            yield from files
        elif source == PIPE or source.exists():
            yield source
        else:
            raise ValueError(f"{source}: no such file or folder")
