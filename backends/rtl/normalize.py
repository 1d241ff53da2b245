from ..hls.core import Process
from .errors import RtlError
from .parameters import Parameter


def normalize(process: Process) -> tuple[dict[str, Parameter], dict[str, str]]:
    raise RtlError(f"{process.name}: not yet")
