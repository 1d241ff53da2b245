"""The compiler: which passes run in which order, and what a compilation makes of a model."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from xdsl.context import Context
from xdsl.dialects.builtin import ModuleOp
from xdsl.passes import ModulePass
from xdsl.utils.arg_spec import ArgSpec, ParameterListType, parse_pipeline
from xdsl.utils.exceptions import ArgSpecParseError, PassFailedException, VerifyException

from .dialects import get_all_dialects
from .passes import get_all_passes
from .passes.plugins import installed_passes, load_plugin, with_cores

PIPELINE = (
    "prune-channels",
    "equalize-channels",
    "calibrate",
    "assign-precision",
    "choose-gdn-cores",
    "fit-scales",
    "round-weights",
    "select-direction",
    "quantize",
    "lower-to-stream",
    "fuse-streams",
    "balance-pipeline",
    "size-fifos",
)
ELLIPSIS = "..."
SPACED_COMMA = re.compile(r'(?P<quoted>"[^"]*")|\s*,\s*')

PassFactory = Callable[[], type[ModulePass]]
PassOptions = Mapping[str, Mapping[str, ParameterListType]]


@dataclass(frozen=True)
class PassRun:
    """One pass that has run: its number in the pipeline, from 1; its name; seconds it took."""

    number: int
    name: str
    seconds: float


@dataclass
class Pipeline:
    """Passes with their options, ready to run on a module.

    `observe` is called before the first pass (with None) and after each one.
    """

    passes: tuple[ModulePass, ...]
    observe: Callable[[PassRun | None, ModuleOp], None] = field(default=lambda run, module: None)

    def apply(self, module: ModuleOp) -> None:
        """Runs all passes in place; `PassFailedException` names the pass that fails or breaks the
        IR."""
        context = make_context()
        self.observe(None, module)
        for number, pass_ in enumerate(self.passes, start=1):
            start = time.perf_counter()
            pass_.apply(context, module)
            try:
                module.verify()
            except VerifyException as error:
                raise PassFailedException(f"the IR after {pass_.name} is wrong: {error}") from error
            self.observe(PassRun(number, pass_.name, time.perf_counter() - start), module)


def make_context() -> Context:
    """A context that knows all of licc's dialects."""
    context = Context()
    for name, dialect in get_all_dialects().items():
        context.register_dialect(name, dialect)
    return context


def known_passes(files: tuple[Path, ...] = ()) -> dict[str, PassFactory]:
    """licc's passes, those of installed packages, and those that `files` define, by their names;
    `choose-gdn-cores` knows the GDN cores of all of them."""
    passes: dict[str, PassFactory] = get_all_passes() | installed_passes()
    plugins = [load_plugin(file) for file in files]
    for plugin in plugins:
        passes |= plugin.passes
    return with_cores(passes, plugins)


def make_pipeline(
    text: str, options: PassOptions, passes: Mapping[str, PassFactory]
) -> tuple[ModulePass, ...]:
    """The passes that `text` names, as in `"..., fuse-streams, mine{threshold=3}, ..."`.

    `...` stands for the default passes between its neighbours. `options` gives each pass its
    defaults; what stands in braces wins. `ValueError` for an unknown pass or option.
    """
    found: list[ModulePass] = []
    for spec in _expand(text):
        if spec.name not in passes:
            raise ValueError(f"unknown pass {spec.name}; there are {', '.join(sorted(passes))}")
        given = {key.replace("-", "_"): value for key, value in spec.parameters.items()}
        merged = ArgSpec(spec.name, {**options.get(spec.name, {}), **given})
        try:
            found.append(passes[spec.name]().from_spec(merged))
        except Exception as error:
            raise ValueError(f"pass {spec.name}: {error}") from error
    return tuple(found)


def _expand(text: str) -> list[ArgSpec]:
    """The specs of a pipeline text, with every `...` replaced by what it stands for."""
    pieces = [piece.strip(" ,") for piece in text.replace("…", ELLIPSIS).split(ELLIPSIS)]
    groups = [_parse(piece) for piece in pieces]
    specs = list(groups[0])
    for before, after in pairwise(groups):
        start = _position(before[-1].name) + 1 if before else 0
        end = _position(after[0].name) if after else len(PIPELINE)
        if start > end or (len(groups) > 2 and not before and not after):
            raise ValueError(f"pipeline {text}: a '...' stands for passes that run elsewhere in it")
        specs += [ArgSpec(name, {}) for name in PIPELINE[start:end]]
        specs += after
    return specs


def _parse(text: str) -> list[ArgSpec]:
    """The specs of a pipeline text without `...`; spaces around its commas do not count."""
    compact = SPACED_COMMA.sub(lambda match: match["quoted"] or ",", text)
    try:
        return list(parse_pipeline(compact)) if compact else []
    except ArgSpecParseError as error:
        raise ValueError(f"pipeline {text}: {error}") from error


def _position(name: str) -> int:
    if name not in PIPELINE:
        raise ValueError(
            f"'...' must stand next to one of licc's passes ({', '.join(PIPELINE)}), found {name}"
        )
    return PIPELINE.index(name)
