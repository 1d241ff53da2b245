"""The boards that licc carries: a small codec fits each, one that is too large is refused."""

import pytest
from xdsl.dialects.builtin import ModuleOp
from xdsl.utils.exceptions import PassFailedException

from licc.backends.report import build_report
from licc.backends.targets import Target, list_targets, load_target
from licc.compiler import make_context, make_pipeline
from licc.dialects.coefficients import set_coefficients
from licc.passes import get_all_passes
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.fuse_streams import FuseStreams
from licc.passes.size_fifos import SizeFifos
from licc.settings import Settings, pass_options
from licc.tests.unit.stream_programs import hyperprior, small_weights


def balanced(program: ModuleOp, target: Target) -> ModuleOp:
    options = pass_options(Settings(target=target.name), target)
    set_coefficients(program, target.coefficients)
    passes = make_pipeline("fuse-streams, balance-pipeline, size-fifos", options, get_all_passes())
    for each in passes:
        each.apply(make_context(), program)
    return program


@pytest.mark.parametrize("name", list_targets())
def test_a_small_codec_fits_what_the_shell_leaves(name: str) -> None:
    target = load_target(name)
    report = build_report(
        balanced(small_weights(hyperprior(16, 24, 256, 192)), target),
        target,
        target.clock_mhz,
        (256, 192),
        {},
    )
    for resource in ("dsp", "bram36", "lut", "ff"):
        used = sum(e["resources"][resource]["used"] for e in report["engines"].values())
        assert 0 < used <= getattr(target.available, resource)


@pytest.mark.parametrize(
    "budget", [{"bram36": 36}, {"lut": 30_000}, {"dsp": 300, "ff": 30_000, "bram36": 40}]
)
def test_a_tight_budget_holds_for_the_finished_design(budget: dict[str, int]) -> None:
    """What is known only later, such as the depth of FIFOs, has been allowed for."""
    program = small_weights(hyperprior(16, 24, 256, 192))
    for each in (FuseStreams(), BalancePipeline(**budget), SizeFifos()):
        each.apply(make_context(), program)
    report = build_report(program, load_target("zcu102"), 200.0, (256, 192), {})
    shares = [
        sum(e["resources"][resource]["used"] for e in report["engines"].values()) / limit
        for resource, limit in budget.items()
    ]
    assert 0.85 <= max(shares) <= 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "name", "message"),
    [
        (128, "zcu102", r"not even the smallest pipeline fits: .*half block RAMs needed, 1760 av"),
        (128, "kv260", r"\d+ half block RAMs needed, 264 available, \d+ short"),
        (64, "zcu104", r"\d+ half block RAMs needed, 576 available, \d+ short"),
    ],
)
def test_a_codec_that_is_too_large_is_refused(n: int, name: str, message: str) -> None:
    with pytest.raises(PassFailedException, match=message):
        balanced(hyperprior(n, 192, 1280, 768), load_target(name))
