"""The training loop of a student: its steps, its state, and how it goes on.

Weights, crops and noise follow from the seed and the number of the step, so the state of a training
is its weights, its optimizer and its log. Precision, devices and processes are Lightning Fabric's
business: `torchrun` starts several, on GPUs or not.
"""

import math
import os
import time
from typing import Any

import numpy as np
import torch
from lightning_fabric import Fabric
from lightning_fabric.strategies.ddp import DDPStrategy
from torch import Tensor

from ..errors import ModelError
from .checkpoints import StudentFile, finished_state, write_student
from .families import build_student
from .formats import Formats
from .images import TrainingImages
from .log import TrainingLog
from .losses import TERMS, Distillation
from .recipe import Card, Recipe
from .run import Reporter, Run
from .teacher import Teacher

LARGEST_GRADIENT = 1.0


class Training:
    """A student being trained: weights, optimizer, position, log."""

    def __init__(
        self,
        recipe: Recipe,
        run: Run,
        card: Card,
        images: TrainingImages,
        teacher: Teacher | None,
        formats: Formats | None,
    ):
        self.recipe, self.run, self.card, self.images = recipe, run, card, images
        self.teacher = teacher
        self.fabric = _fabric(run.mixed)
        if recipe.batch % self.fabric.world_size:
            raise ValueError(
                f"batch must be a multiple of the {self.fabric.world_size} processes, found "
                f"{recipe.batch}"
            )
        _seed(recipe.seed)
        self.student = build_student(recipe.architecture)
        self.module = Distillation(self.student, recipe, teacher, formats)
        wanted = [value for value in self.module.parameters() if value.requires_grad]
        self.optimizer = torch.optim.Adam(wanted, recipe.lr)
        self._wrapped, self._wrapped_optimizer = self.fabric.setup(self.module, self.optimizer)
        if teacher:
            teacher.to(self.fabric.device)
        self.step, self.sums = 0, torch.zeros(len(TERMS), dtype=torch.float64)
        self.log = TrainingLog(run.log if self.fabric.is_global_zero else None, [])

    def restore(self, found: StudentFile) -> None:
        """Takes up the state that `save` wrote."""
        if found.training is None:
            raise ModelError(f"{self.run.state_path}: holds no unfinished training")
        self.student.load_state_dict(found.state)
        self.module.adapter.load_state_dict(found.training["adapter"])
        self.module.hyper_adapter.load_state_dict(found.training["hyper_adapter"])
        self.optimizer.load_state_dict(found.training["optimizer"])
        self.step, self.sums = found.training["step"], found.training["sums"]
        self.log.rows.extend(found.training["rows"])

    def save(self) -> None:
        """Writes the state; it is a checkpoint of the student as well."""
        if not self.fabric.is_global_zero:
            return
        training = {
            "step": self.step,
            "sums": self.sums,
            "rows": self.log.rows,
            "optimizer": self.optimizer.state_dict(),
            "adapter": self.module.adapter.state_dict(),
            "hyper_adapter": self.module.hyper_adapter.state_dict(),
        }
        state = finished_state(self.student, self.recipe.architecture, half=False)
        write_student(self.run.state_path, state, self.recipe.architecture, self.card, training)

    def train(self, reporter: Reporter) -> None:
        """Runs the steps that are left, and writes the student."""
        self.log.start()
        if self.step == 0:
            self.save()
        clock, steps = _Clock(self.step), self.recipe.steps
        while self.step < steps:
            self.sums += self._update().double().cpu()
            self.step += 1
            if self.step % self.run.log_every == 0:
                row = self._log_row()
                if self.fabric.is_global_zero:
                    left = clock.left(self.step, steps)
                    reporter.step(f"step {self.step} of {steps}: {row}, {left}")
            if self.step % self.run.save_every == 0 and self.step < steps:
                self.save()
        self._finish()

    def _update(self) -> Tensor:
        """One step; the `TERMS` of its batch."""
        module, optimizer = self._wrapped, self._wrapped_optimizer
        recipe, rank, world = self.recipe, self.fabric.global_rank, self.fabric.world_size
        batch = self.images.batch(recipe.seed, self.step, recipe.batch)
        images = torch.as_tensor(batch[rank::world]).to(self.fabric.device).float() / 255
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate(self.step)
        distils = self.teacher is not None and self.step >= recipe.plain_steps
        targets = self.teacher.targets(images) if self.teacher and distils else None
        _seed(recipe.seed, 1 + self.step * world + rank)
        terms: Tensor = module(images, targets)
        optimizer.zero_grad()
        self.fabric.backward(terms[0])
        norm = self.fabric.clip_gradients(
            module, optimizer, max_norm=LARGEST_GRADIENT, error_if_nonfinite=False
        )
        if norm is None or not torch.isfinite(norm):
            raise ModelError(
                f"step {self.step}: the loss has no finite gradient any more; lower the learning "
                f"rate ({recipe.lr})"
            )
        optimizer.step()
        return terms.detach()

    def _log_row(self) -> str:
        """Adds the means since the last row to the log; what they are, in words."""
        means = self.sums.to(self.fabric.device) / self.run.log_every
        self.sums = torch.zeros_like(self.sums)
        fabric: Any = self.fabric
        reduced: Tensor = fabric.all_reduce(means, reduce_op="mean")
        loss, bpp, mse, *rest = map(float, reduced)
        psnr = -10 * math.log10(mse)
        self.log.add([self.step, self.recipe.learning_rate(self.step - 1), loss, bpp, psnr, *rest])
        return f"loss {loss:.4f}, {bpp:.4f} bpp, {psnr:.2f} dB"

    def _finish(self) -> None:
        if self.fabric.is_global_zero:
            architecture = self.recipe.architecture
            state = finished_state(self.student, architecture, self.run.half)
            write_student(self.run.output, state, architecture, self.card)
            self.run.state_path.unlink(missing_ok=True)
        self.fabric.barrier()


class _Clock:
    """How fast steps go, and when the last one will be done."""

    def __init__(self, step: int):
        self._start, self._first = time.monotonic(), step

    def left(self, step: int, steps: int) -> str:
        """Steps a second since the start, and minutes that are left."""
        rate = (step - self._first) / (time.monotonic() - self._start)
        return f"{rate:.2f} steps/s, {(steps - step) / rate / 60:.0f} min left"


def _fabric(mixed: bool) -> Fabric:
    """One process, or those that torchrun has started."""
    local, world = (int(os.environ.get(f"{kind}WORLD_SIZE", 1)) for kind in ("LOCAL_", ""))
    has_gpu = torch.cuda.is_available()
    fabric = Fabric(
        accelerator="cuda" if has_gpu else "cpu",
        devices=local,
        num_nodes=world // local,
        strategy=DDPStrategy(find_unused_parameters=True) if world > 1 else "auto",
        precision="bf16-mixed" if has_gpu and mixed else "32-true",
    )
    fabric.launch()
    return fabric


def _seed(*numbers: int) -> None:
    """Seeds torch's generators with what the numbers hash to."""
    seed = int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0])
    torch.default_generator.manual_seed(seed)
    torch.cuda.manual_seed(seed)
