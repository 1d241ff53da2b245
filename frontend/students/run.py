"""Where a training reads and writes, and what is told of it. Uses no torch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ...dialects.gdn import Norm


@dataclass(frozen=True)
class Run:
    """Where a training reads and writes, and how often.

    `output` is the student's file; until it is there, `state_path` beside it holds the training,
    written anew every `save_every` steps. `resume` goes on from it. `log` is a CSV file with a row
    for every `log_every` steps. `start` is a checkpoint of the same architecture, whose weights the
    student begins with instead of random ones. `teacher` is a checkpoint, `teacher_norm` its form
    of GDN where the file does not say. `half` saves float16 parameters. `mixed` allows bfloat16 on
    a GPU.
    """

    images: tuple[Path, ...]
    output: Path
    start: Path | None = None
    teacher: Path | None = None
    teacher_norm: Norm | None = None
    resume: bool = False
    log: Path | None = None
    log_every: int = 100
    save_every: int = 1000
    half: bool = False
    mixed: bool = True

    def __post_init__(self) -> None:
        for name, value in (("log_every", self.log_every), ("save_every", self.save_every)):
            if value < 1:
                raise ValueError(f"{name} must be at least 1 step, found {value}")

    @property
    def state_path(self) -> Path:
        """The file of the unfinished training: `student.training.pt` for `student.pt`."""
        return self.output.with_name(f"{self.output.stem}.training.pt")


@dataclass
class Reporter:
    """What is told of a training while it runs: what it does now, and what is wrong with data."""

    step: Callable[[str], None] = field(default=lambda text: None)
    warn: Callable[[str], None] = field(default=lambda text: None)
