"""Small CompressAI models with random weights, images, and the command line when it fails."""

from collections.abc import Callable
from pathlib import Path

import pytest

from licc.cli import main


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


@pytest.fixture
def fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs `licc` with arguments that must fail and write nothing; gives the one line of the
    message."""

    def run(*arguments: str | Path) -> str:
        before = sorted(tmp_path.rglob("*"))
        status = main([*map(str, arguments)])
        message = capsys.readouterr().err
        assert status == 1
        assert "Traceback" not in message
        assert sorted(tmp_path.rglob("*")) == before
        error = message.rpartition("licc: error: ")[2]
        assert len(error.splitlines()) == 1
        return error

    return run
