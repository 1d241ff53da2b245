"""The options of `licc distill`, and what they ask for. Nothing heavy is imported with it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .console import Console
    from .frontend.students import Formats, Recipe, Run

NORMS = ("l1", "l2")


def add_distill_options(parser: argparse.ArgumentParser) -> None:
    """Gives a parser the options of the command."""
    add = parser.add_argument
    add("--teacher", type=Path, metavar="CKPT", help="a checkpoint to learn from (none)")
    add("--teacher-norm", choices=NORMS, help="its GDN, if the checkpoint does not say (l2)")
    add("--teacher-step", type=float, default=1.0, help="its latents are rounded to (1)")
    add("--student", choices=("factorized", "hyperprior", "mean-scale"), required=True)
    add("--n", type=int, required=True, help="channels of the hidden layers")
    add("--m", type=int, default=192, help="channels of the latent (192)")
    add("--from", type=Path, dest="start", metavar="CKPT", help="weights to begin with")
    add(
        "--begin",
        choices=("components", "random"),
        default="components",
        help="weights without --from: principal components of the images, or random (components)",
    )
    add("--quantize", metavar="wXaY", help="train with the rounding of a precision, as w8a8")
    add("--prune", type=float, metavar="NORM", help="train without the channels it would remove")
    add("--norm", choices=NORMS, default="l2", help="l2: GDN, l1: GDN1 (l2)")
    add("--activation", choices=("relu", "leaky_relu"), help="of the hyperprior (its paper's)")
    add(
        "--lambda",
        type=float,
        required=True,
        dest="lmbda",
        metavar="L",
        help="weight of 255^2 MSE against bits per pixel",
    )
    add("--images", type=Path, nargs="+", required=True, metavar="DIR", help="to train on")
    add("-o", "--output", type=Path, default=Path("student.pt"), metavar="FILE")
    add("--steps", type=int, default=100_000, help="(100000)")
    add("--batch", type=int, default=8, help="crops in a step, over all processes (8)")
    add("--crop", type=int, default=256, help="width and height of a crop in pixels (256)")
    add("--lr", type=float, default=5e-4, help="the peak of the learning rate (5e-4)")
    add("--seed", type=int, default=0, help="of weights, crops and noise (0)")
    add("--plain", type=float, default=0.2, help="share of steps before distillation begins (0.2)")
    add("--weight-rd", type=float, default=0.4, help="of rate and distortion in the loss (0.4)")
    add("--weight-latent", type=float, default=0.2, help="of the latents' term (0.2)")
    add("--weight-reconstruction", type=float, default=0.2, help="of the images' term (0.2)")
    add("--weight-hyper-latent", type=float, default=0.0, help="of the hyper-latents' term (0)")
    add("--weight-perceptual", type=float, default=0.0, help="of 1 - MS-SSIM (0)")
    add("--resume", action="store_true", help="go on with a training that was stopped")
    add("--log", type=Path, metavar="FILE.csv", help="write the training's figures to a file")
    add("--log-every", type=int, default=100, metavar="STEPS", help="(100)")
    add("--save-every", type=int, default=1000, metavar="STEPS", help="(1000)")
    add("--half", action="store_true", help="save float16 parameters")
    add("--full-precision", action="store_true", help="no bfloat16 on a GPU")
    add("--quiet", action="store_true", help="print errors only")


def recipe_of(options: argparse.Namespace) -> "Recipe":
    """What determines the student; `ValueError` for what is out of range."""
    from .dialects.gdn import Norm
    from .frontend.students import Activation, Architecture, Beginning, Family, Recipe, Weights

    activation = Activation(options.activation) if options.activation else None
    family, norm = Family(options.student), Norm(options.norm)
    return Recipe(
        architecture=Architecture(family, options.n, options.m, norm, activation),
        lmbda=options.lmbda,
        steps=options.steps,
        batch=options.batch,
        crop=options.crop,
        lr=options.lr,
        plain=options.plain,
        seed=options.seed,
        beginning=Beginning(options.begin),
        teacher_step=options.teacher_step,
        quantize=options.quantize,
        prune=options.prune,
        weights=Weights(
            options.weight_rd,
            options.weight_latent,
            options.weight_reconstruction,
            options.weight_hyper_latent,
            options.weight_perceptual,
        ),
    )


def run_of(options: argparse.Namespace) -> "Run":
    """Where the training reads and writes."""
    from .dialects.gdn import Norm
    from .frontend.students import Run

    return Run(
        images=tuple(options.images),
        output=options.output,
        start=options.start,
        teacher=options.teacher,
        teacher_norm=Norm(options.teacher_norm) if options.teacher_norm else None,
        resume=options.resume,
        log=options.log,
        log_every=options.log_every,
        save_every=options.save_every,
        half=options.half,
        mixed=not options.full_precision,
    )


def formats_of(recipe: "Recipe", run: "Run") -> "Formats | None":
    """The formats of the student that the run starts from, if it is to be trained with them."""
    if not recipe.needs_formats or run.start is None:
        return None
    from .student_formats import student_formats

    return student_formats(run.start, recipe.architecture.norm, recipe.quantize, recipe.prune)


def run_distill(options: argparse.Namespace, console: "Console") -> int:
    """The command; its exit status."""
    from .frontend.students import Reporter, distill

    recipe, run = recipe_of(options), run_of(options)
    reporter = Reporter(console.step, console.warning)
    with console:
        distill(recipe, run, reporter, formats_of(recipe, run))
    console.student(options.output)
    return 0
