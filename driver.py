"""`licc compile`, from a model file to a design folder; `licc verify` of such a folder."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from xdsl.dialects.builtin import IntegerType, ModuleOp, TensorType
from xdsl.dialects.func import FuncOp
from xdsl.passes import ModulePass
from xdsl.utils.hints import isa

from .backends.design import Design, DesignError, Parts, check_output, write_design
from .backends.design.export import export_codec
from .backends.design.program import Program
from .backends.design.same_image import SameImage
from .backends.design.verify import Verification, verify
from .backends.lint import require_clean
from .backends.report import build_report
from .backends.targets import Target, load_target
from .compiler import PassRun, Pipeline, known_passes, make_pipeline
from .dialects.coefficients import set_coefficients
from .dialects.gdn import Norm
from .dialects.stream_types import FifoType
from .dialects.torch_types import VTensorType
from .evaluation.pruning import pruned_first
from .explain import balance_pass, balance_report, explain_pipeline
from .frontend import ModelError, entropy_model, import_mlir, import_torch, load_model, raise_torch
from .frontend.sizes import check_size
from .passes.balance_pipeline import BalancePipeline, OutOfReach
from .passes.balancing.ways_out import Explanation
from .passes.calibrate import built_in_mosaic, middle
from .passes.quantize import Quantize
from .passes.select_direction import SelectDirection
from .passes.value_ranges import SEARCHED
from .runtime.codec import Transforms
from .runtime.images import find_images, read_image
from .runtime.model_file import CodecModel
from .settings import Settings, pass_options

if TYPE_CHECKING:
    from .evaluation.budget import Assignment
    from .evaluation.pruning import Pruned
    from .frontend.model import Model


@dataclass
class Observer:
    """What is told of a compilation while it runs: a line for each step and each warning, and each
    pass's run."""

    step: Callable[[str], None] = field(default=lambda text: None)
    passed: Callable[[PassRun], None] = field(default=lambda run: None)
    warn: Callable[[str], None] = field(default=lambda text: None)


def compile(
    model: str | Path,
    output: str | Path,
    settings: Settings | None = None,
    observer: Observer | None = None,
) -> Design:
    """Compiles a checkpoint, a `torch.export` archive or `.mlir` into a design folder.

    Raises `ModelError`, `TargetError`, `DesignError`, `LintError`, `PluginError`,
    `PassFailedException` or `ValueError`, each with one line for the person at the terminal; then
    nothing is written. Where no pipeline fits, or none that is fast enough, that is
    `OutOfReach`, with the explanation if one was asked for.
    """
    settings, observer, source = settings or Settings(), observer or Observer(), Path(model)
    _passes(settings, load_target(settings.target))
    check_output(Path(output))
    if settings.calibrate:
        find_images((settings.calibrate,))
    with pruned_first(source, settings, observer.step) as (source, settings, pruned):
        return _compile(source, Path(output), settings, observer, pruned)


def _compile(
    source: Path,
    output: Path,
    settings: Settings,
    observer: Observer,
    pruned: "Pruned | None",
) -> Design:
    """Compiles a model all of whose channels stay, but for those that `prune-channels` removes."""
    target = load_target(settings.target)
    observer.step(f"importing {source.name}")
    loaded = _load(source, settings, observer)
    settings = settings.for_model(loaded.precision if loaded else None)
    settings, assignment = _measured(source, loaded, settings, observer)
    passes = _passes(settings, target)
    balance = balance_pass(passes) if settings.explain else None
    levels = _Levels(settings, observer)
    module, about = _import(source, loaded, settings)
    entropy = entropy_model(loaded, observer.warn) if loaded else None
    budget = asdict(assignment) if assignment else None
    about["numbers"] = {**settings.numbers(), "budget": budget}
    about["pruning"] = pruned.to_json() if pruned else None
    if level_of(module) == "import":
        levels.dump("00-import", module)
        raise_torch(module, source.name)
    reference = module.clone()
    set_coefficients(module, target.coefficients)
    explain = _explainer(balance, module, target, observer)
    try:
        Pipeline(passes, levels.observe).apply(module)
    except OutOfReach as error:
        error.explanation = explain()
        raise
    if not (levels.integer and levels.whole) or level_of(module) != "stream":
        raise ValueError(
            "the pipeline does not end at the stream level; licc-opt runs parts of it on text"
        )
    balanced = balance_report(module, explain())
    observer.step("running the golden frame")
    program = Program(module, reference)
    image = built_in_mosaic(*_frame_size(reference))
    frames = program.trace(image)
    observer.step("writing the design")
    clock, (height, width) = settings.clock_mhz or target.clock_mhz, image.shape[2:]
    report = build_report(module, target, clock, (width, height), about, balanced)
    modules = {"float": reference, "integer": levels.integer, "stream": module}
    whole = Pipeline(tuple(one for one in passes if one.name == Quantize.name))
    whole.apply(levels.whole)
    codec = CodecModel(export_codec(levels.integer, levels.whole), entropy, (width, height))
    parts = Parts(report, modules, frames, codec, source)

    def check(folder: Path) -> None:
        observer.step("checking the C++")
        require_clean(folder, uram=target.resources.uram > 0)

    return write_design(output, parts, check)


def _passes(settings: Settings, target: Target) -> tuple[ModulePass, ...]:
    """The pipeline that settings ask for."""
    options = pass_options(settings, target)
    return make_pipeline(settings.passes, options, known_passes(settings.load))


def _measured(
    source: Path, model: "Model | None", settings: Settings, observer: Observer
) -> "tuple[Settings, Assignment | None]":
    """Settings with the ranges and bits that measuring a model finds where they ask for that, and
    what is known of the bits."""
    if settings.budget is None and settings.ranges != SEARCHED:
        return settings, None
    if model is None:
        raise ModelError(
            f"{source}: IR has no entropy model to measure with; give bits or ranges instead of "
            f"a budget or {SEARCHED}"
        )
    from .evaluation.measured import measured

    return measured(model, settings, observer.step)


def _explainer(
    balance: BalancePipeline | None, module: ModuleOp, target: Target, observer: Observer
) -> Callable[[], Explanation | None]:
    """What explains the pipeline of a module, if there is a pass to ask."""

    def explain() -> Explanation | None:
        if balance is None:
            return None
        observer.step("looking for ways out")
        return explain_pipeline(balance, module, target)

    return explain


def level_of(module: ModuleOp) -> str:
    """The level of the IR that a module is at: import, float, integer or stream."""
    function = next((op for op in module.ops if isinstance(op, FuncOp)), None)
    if function is None or function.is_declaration or not function.args:
        raise ModelError("the module holds no function of a codec (@g_a, @g_s, @h_a, @h_s)")
    type = function.function_type.inputs.data[0]
    if isinstance(type, VTensorType):
        return "import"
    if isinstance(type, FifoType):
        return "stream"
    return "integer" if isa(type, TensorType[IntegerType]) else "float"


class _Levels:
    """Keeps the last integer module, and dumps the module after every pass where asked to."""

    def __init__(self, settings: Settings, observer: Observer):
        self.integer: ModuleOp | None = None
        self.whole: ModuleOp | None = None
        self._folder, self._observer = settings.dump_ir, observer
        image = middle(read_image(settings.check)) if settings.check else None
        self._same = None if image is None else SameImage(image, observer.step)
        folder = self._folder
        if folder:
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise DesignError(f"{folder}: cannot write here: {error.strerror}") from error

    def observe(self, run: PassRun | None, module: ModuleOp) -> None:
        """Called by the pipeline before the first pass and after each one."""
        level = level_of(module)
        if run is None and level != "float":
            raise ValueError(
                f"a compilation starts at the float level, found the {level} level; "
                "licc-opt runs passes on text of any level"
            )
        if level == "integer":
            self.integer = module.clone()
        if level == "float" and (run is None or run.name != SelectDirection.name):
            self.whole = module.clone()
        self.dump(f"{run.number:02}-{run.name}" if run else "00-float", module)
        if run:
            self._observer.passed(run)
        if self._same:
            self._same(run.name if run else "import", level, module)

    def dump(self, name: str, module: ModuleOp) -> None:
        """Writes a module to the folder of dumps, if there is one."""
        if self._folder:
            (self._folder / f"{name}.mlir").write_text(f"{module!s}\n")


def _load(source: Path, settings: Settings, observer: Observer) -> "Model | None":
    """The model of a file; none if it holds IR."""
    check_size(*settings.size)
    if not source.is_file():
        raise ModelError(f"{source}: no such file")
    if source.suffix == ".mlir":
        return None
    loaded = load_model(source, Norm(settings.norm) if settings.norm else None)
    if loaded.assumption:
        observer.step(loaded.assumption)
    return loaded


def _import(
    source: Path, loaded: "Model | None", settings: Settings
) -> tuple[ModuleOp, dict[str, object]]:
    """The module of a model at the import level (or that of a file's text), and what a report says
    of it."""
    if loaded is None:
        return import_mlir(source), {"file": source.name, "family": "mlir"}
    about: dict[str, object] = {
        "file": source.name,
        "family": loaded.family,
        "channels": loaded.channels,
        "latents": loaded.latents,
        "sha256": loaded.provenance.sha256,
        "norm": settings.norm,
    }
    width, height = settings.size
    return import_torch(loaded, height, width), about


def _frame_size(module: ModuleOp) -> tuple[int, int]:
    """Height and width of the image that a float module encodes or decodes."""
    for op in module.ops:
        if isinstance(op, FuncOp) and op.sym_name.data in ("g_a", "g_s"):
            types = op.function_type
            pixels = types.inputs if op.sym_name.data == "g_a" else types.outputs
            type = pixels.data[0]
            if isa(type, TensorType):
                return type.get_shape()[2], type.get_shape()[3]
    raise ModelError("the module has neither @g_a nor @g_s")


def verify_design(
    design: Design, images: tuple[Path, ...], step: Callable[[str], None], rtl: bool = False
) -> Verification:
    """Every link of a design's chain of proof on images; see `licc.backends.design.verify`."""
    return verify(design, images, _torch(design), step, rtl)


def _torch(design: Design) -> Transforms | str:
    """PyTorch on the design's own model file, or why that cannot be."""
    if design.model.suffix == ".mlir":
        return "the design was compiled from IR"
    norm = design.report["model"]["norm"]
    try:
        model = load_model(design.model, Norm(norm) if norm else None)
    except ModelError as error:
        return str(error)
    return _reference(model)


def _reference(model: "Model") -> Transforms:
    from .frontend.model import run_function

    return lambda name, frame: run_function(model, name, frame)
