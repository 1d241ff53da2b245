"""The report of a stream program against sums made from its ops."""

import json
from dataclasses import replace

import pytest
from xdsl.dialects.builtin import ModuleOp

from licc.backends.report import Report, build_report
from licc.backends.report.estimates import estimate_lines, total_estimates
from licc.backends.targets import load_target
from licc.backends.targets.calibration import Calibration, Spread
from licc.compiler import make_context
from licc.dialects import stream
from licc.dialects.cost import actor_cost
from licc.passes.balance_pipeline import BalancePipeline
from licc.passes.fuse_streams import FuseStreams
from licc.passes.size_fifos import SizeFifos
from licc.tests.unit.stream_programs import UI8, Program, hyperprior, module


def compiled(program: ModuleOp, dsp: int = 400) -> ModuleOp:
    for pass_ in (FuseStreams(), BalancePipeline(dsp=dsp), SizeFifos()):
        pass_.apply(make_context(), program)
    return program


def report(program: ModuleOp) -> Report:
    return build_report(program, load_target("zcu102"), 150.0, (64, 48), {"family": "test"})


@pytest.fixture(scope="module")
def program() -> ModuleOp:
    built = Program("g_a", 3, 48, 64, UI8).conv(8, 5, 2).normalize().conv(12, 5, 2)
    return compiled(module(built))


def test_head(program: ModuleOp) -> None:
    found, calibration = report(program), load_target("zcu102").calibration
    assert calibration is not None
    assert found["size"] == [64, 48]
    assert found["model"] == {"family": "test"}
    assert found["target"] == {
        "name": "zcu102",
        "part": "xczu9eg-ffvb1156-2-e",
        "clock_mhz": 150.0,
        "calibration": list(calibration.sources),
    }
    assert list(found["engines"]) == ["encoder"]
    assert json.loads(json.dumps(found)) == found


def test_rate_is_that_of_the_slowest_stage(program: ModuleOp) -> None:
    engine = report(program)["engines"]["encoder"]
    slowest = max(stage["cycles"] for stage in engine["stages"])
    assert engine["cycles_per_frame"] == slowest
    assert engine["fps"] == {"value": 150e6 / slowest, "basis": "modelled"}
    assert engine["latency_cycles"] > slowest


def test_macs_are_the_useful_ones(program: ModuleOp) -> None:
    engine = report(program)["engines"]["encoder"]
    first, core, second = 24 * 32 * 25 * 3 * 8, 24 * 32 * 8 * 8, 12 * 16 * 25 * 8 * 12
    by_name = {stage["name"]: stage for stage in engine["stages"] if stage["macs"]}
    assert {name: stage["macs"] for name, stage in by_name.items()} == {
        "g_a.0": first,
        "g_a.1": core,
        "g_a.2": second,
    }
    assert engine["macs_per_frame"] == first + core + second


def test_stages_merge_line_buffers_and_name_what_they_do(program: ModuleOp) -> None:
    engine = report(program)["engines"]["encoder"]
    ops = [stage["op"] for stage in engine["stages"] if stage["op"] != "width_converter"]
    assert ops == ["conv2d", "normalize", "conv2d"]
    first = engine["stages"][0]
    assert (first["weight_bits"], first["activation_bits"]) == (8, 8)
    assert set(first["parallelism"]) == {"po", "pi", "pk", "px"}


def test_resources_are_sums(program: ModuleOp) -> None:
    engine = report(program)["engines"]["encoder"]
    resources = engine["resources"]
    for name in ("dsp", "bram36", "lut", "ff"):
        stages = sum(stage[name] for stage in engine["stages"])
        assert resources[name]["used"] == stages + engine["infrastructure"][name]
    assert resources["dsp"]["used"] == sum(actor_cost(op).dsp for op in program.walk()) <= 400
    assert resources["dsp"]["available"] == 2520


def test_dsp_efficiency(program: ModuleOp) -> None:
    engine = report(program)["engines"]["encoder"]
    able = sum(stage["dsp"] * (2 if stage["op"] == "conv2d" else 1) for stage in engine["stages"])
    expected = engine["macs_per_frame"] / (able * engine["cycles_per_frame"])
    assert engine["dsp_efficiency"] == pytest.approx(expected)
    assert 0 < engine["dsp_efficiency"] <= 1


def test_engines_of_a_hyperprior() -> None:
    found = report(compiled(hyperprior(8, 12, 256, 256), dsp=600))
    assert list(found["engines"]) == ["encoder", "decoder"]
    names = {stage["name"].split(".")[0] for stage in found["engines"]["decoder"]["stages"]}
    assert names == {"g_s", "h_s"}
    ops = {stage["op"] for stage in found["engines"]["decoder"]["stages"]}
    assert "conv_transpose2d" in ops


def test_fifo_depth_is_what_the_stage_writes(program: ModuleOp) -> None:
    engine = report(program)["engines"]["encoder"]
    (core,) = (op for op in program.walk() if isinstance(op, stream.NormalizeOp))
    stage = next(stage for stage in engine["stages"] if stage["op"] == "normalize")
    assert stage["fifo_depth"] == core.result.type.depth


def test_what_figures_rest_on_is_said_once_or_for_each_engine() -> None:
    target = replace(load_target("zcu102"), calibration=None)
    program = compiled(hyperprior(8, 12, 256, 256), dsp=600)
    bare = build_report(program, target, 150.0, (64, 48), {"family": "test"})["engines"]
    assert estimate_lines(bare) == [
        "DSP, BRAM36: structural, uncalibrated",
        "LUT, FF: linear-in-width, uncalibrated",
    ]
    spread = {"lut": Spread(3, 0.05, -0.125, 0.0625), "dsp": Spread(1, 0.0, 0.0)}
    usages = bare["encoder"]["resources"]
    for name, estimate in total_estimates(
        Calibration(errors={"core": spread, "x": spread}), "x"
    ).items():
        usages[name]["estimate"] = estimate
    assert estimate_lines(bare) == [
        "encoder: DSP: structural, calibrated: error 0.0% rms, +0.0% worst "
        "(1 sample of class core)",
        "encoder: BRAM36: structural, uncalibrated",
        "encoder: LUT: linear-in-width, calibrated: error 5.0% rms, 6.2% left out, -12.5% worst "
        "(3 samples of class core)",
        "encoder: FF: linear-in-width, uncalibrated",
        "decoder: DSP, BRAM36: structural, uncalibrated",
        "decoder: LUT, FF: linear-in-width, uncalibrated",
    ]
