"""Small CompressAI models with random weights, images, and the command line when it fails."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, int, int], Path]:
    """`checkpoint(family, n, m)` is the file of a random model with a GDN far from the identity."""
    from licc.tests.bench.models import write_checkpoint

    folder = tmp_path_factory.mktemp("checkpoints")

    def make(family: str, n: int, m: int) -> Path:
        path = folder / f"{family}-{n}-{m}.pth"
        if not path.exists():
            write_checkpoint(path, family, n, m)
        return path

    return make


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder with three small images."""
    from licc.tests.unit.students import write_images

    return write_images(tmp_path / "images")
