"""Files that are written whole or not at all."""

import json
import os
from pathlib import Path

PARTIAL = ".partial"


def write_file(path: Path, content: bytes) -> None:
    """Puts a whole file in place of another; after a failure, or a kill, the old one is still
    there, or none. What is no regular file, as `/dev/stdout`, is written to. Raises `OSError`."""
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    partial = path.with_name(path.name + PARTIAL)
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def write_json(path: Path, content: object) -> None:
    """Writes plain values as indented JSON, as `write_file`."""
    write_file(path, f"{json.dumps(content, indent=2)}\n".encode())
