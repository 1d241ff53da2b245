"""Files of version 1 decode for ever to the same pixels, on every machine, with either coder.

`tests/golden/codec/` holds small codecs and what they made of images. `make golden` leaves them as
they are, for that is what they are there for, and makes those that are missing.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from licc.runtime import Codec
from licc.runtime.model_file import MODEL
from licc.tests.unit.codecs import picture, write_codec
from licc.tests.unit.students import ALL

CODECS = Path(__file__).parents[1] / "golden" / "codec"
FRAME = (128, 64)
IMAGES = {"small": (50, 40), "whole": FRAME, "tiles": (150, 70)}
FAMILIES = pytest.mark.parametrize("family", [str(architecture.family) for architecture in ALL])


@pytest.fixture
def folder(family: str, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The golden codec of a family."""
    folder = CODECS / family
    if folder.is_dir() or not request.config.getoption("--update-golden"):
        return folder
    (architecture,) = (one for one in ALL if str(one.family) == family)
    codec = Codec(write_codec(tmp_path / "codec", architecture, FRAME).design)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MODEL).write_bytes((codec.design / MODEL).read_bytes())
    hashes: dict[str, str] = {}
    for seed, (name, size) in enumerate(IMAGES.items()):
        data = codec.encode(picture(*size, seed), tile=True)
        (folder / f"{name}.licc").write_bytes(data)
        hashes[name] = sha256(codec.decode(data).tobytes()).hexdigest()
    (folder / "pixels.json").write_text(json.dumps(hashes, indent=2) + "\n")
    return folder


@FAMILIES
@pytest.mark.parametrize("library", [True, False])
def test_files_decode_to_the_same_pixels(
    folder: Path, library: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not library:
        monkeypatch.setitem(sys.modules, "constriction", None)
    codec = Codec(folder)
    for name, expected in json.loads((folder / "pixels.json").read_text()).items():
        data = (folder / f"{name}.licc").read_bytes()
        assert sha256(codec.decode(data).tobytes()).hexdigest() == expected
