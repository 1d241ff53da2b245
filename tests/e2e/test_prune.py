"""`licc prune` as a user runs it: the checkpoint that it writes, and wrong input."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import compressai.models
import numpy as np
import pytest
import torch

import licc
from licc.backends.interpreter import run
from licc.cli import main
from licc.compiler import Pipeline, known_passes, make_pipeline
from licc.evaluation.pruning.pace import Pace
from licc.frontend import import_model, load_model
from licc.frontend.model import run_function
from licc.frontend.students import Architecture, Family
from licc.frontend.students.checkpoints import write_student
from licc.passes.calibrate import middle
from licc.passes.pruning.work import total_macs
from licc.runtime.images import read_image
from licc.tests.unit.students import write_teacher

ARCHITECTURES = [Architecture(family, 7, 9) for family in Family]
SLOW_ONES = [
    pytest.param(one, marks=[pytest.mark.slow] if one.has_hyperprior else [], id=one.family)
    for one in ARCHITECTURES
]
MODELS = dict(
    zip(
        Family,
        (
            compressai.models.FactorizedPrior,
            compressai.models.ScaleHyperprior,
            compressai.models.MeanScaleHyperprior,
        ),
        strict=True,
    )
)
DEAD = 4


def write_start(path: Path, architecture: Architecture) -> Path:
    """A random student with a latent that is always its median, 0, where there is no hyperprior."""
    model = write_teacher(path, architecture)
    if architecture.family is Family.FACTORIZED:
        state = model.state_dict()
        state["g_a.6.weight"][DEAD] = 0
        state["g_a.6.bias"][DEAD] = 0
        state["entropy_bottleneck.quantiles"][DEAD, 0, 1] = 0
        write_student(path, state, architecture, {})
    return path


@pytest.mark.parametrize("architecture", SLOW_ONES)
def test_compressai_runs_what_is_left(
    architecture: Architecture, tmp_path: Path, images: Path
) -> None:
    start = write_start(tmp_path / "start.pt", architecture)
    output = tmp_path / "pruned.pt"
    settings = licc.Settings(prune="flops=0.6", calibrate=images)
    report = licc.prune(start, output, settings).to_json()
    assert 0.4 < report["macs"]["after"] / report["macs"]["before"] <= 0.6
    state: dict[str, Any] = torch.load(output, weights_only=True)["state_dict"]
    model = MODELS[architecture.family].from_state_dict(state).eval()
    x = middle(read_image(images / "0.png")).astype(np.float32) / np.float32(255)
    with torch.no_grad():
        code = model.compress(torch.as_tensor(x))
        decoded = model.decompress(code["strings"], code["shape"])["x_hat"].numpy()
        latent = model.g_a(torch.as_tensor(x)).numpy()
    assert np.ptp(decoded) > 0
    module = import_model(output, 64, 64)
    Pipeline(make_pipeline("prune-channels", {}, known_passes())).apply(module)
    whole = total_macs(import_model(start, 64, 64))
    shares = [total_macs(module) / whole, report["macs"]["after"] / report["macs"]["before"]]
    assert shares[0] == pytest.approx(shares[1], rel=1e-3)
    found = run(module, "g_a", x)
    assert np.abs(found - run_function(load_model(output), "g_a", x)).max() < 1e-4 * np.ptp(found)
    if architecture.family is not Family.FACTORIZED:
        assert np.abs(found - latent).max() < 1e-4 * np.ptp(latent)


def test_a_latent_that_is_always_the_median_goes_free(tmp_path: Path, images: Path) -> None:
    start = write_start(tmp_path / "start.pt", ARCHITECTURES[0])
    settings = licc.Settings(prune="flops=1", calibrate=images)
    found = licc.prune(start, tmp_path / "pruned.pt", settings)
    assert found.channels["g_a.6"] == (9, 8)
    medians = [
        torch.load(path, weights_only=True)["state_dict"]["entropy_bottleneck.quantiles"][:, 0, 1]
        for path in (start, tmp_path / "pruned.pt")
    ]
    assert medians[1].tolist() == np.delete(medians[0].numpy(), DEAD).tolist()
    x = middle(read_image(images / "0.png")).astype(np.float32) / np.float32(255)
    latents = run_function(load_model(start), "g_a", x)
    found_latents = run_function(load_model(tmp_path / "pruned.pt"), "g_a", x)
    assert np.corrcoef(np.delete(latents, DEAD, 1).ravel(), found_latents.ravel())[0, 1] > 0.99


@pytest.mark.slow
def test_a_frame_rate_takes_channels_from_the_slowest_stage(tmp_path: Path, images: Path) -> None:
    start = write_start(tmp_path / "start.pt", replace(ARCHITECTURES[0], n=40))
    steps: list[str] = []
    settings = licc.Settings(calibrate=images, size=(320, 176), target="kv260")
    rate, stage = Pace(load_model(start), settings, {}).measure({})
    wanted = replace(settings, prune=f"fps={1.1 * rate}")
    found = licc.prune(start, tmp_path / "pruned.pt", wanted, steps.append)
    assert f"{rate:.1f} frames a second, {stage} binds" in steps
    assert found.fps is not None
    assert found.fps >= 1.1 * rate
    before, after = found.macs[stage]
    assert after < before


def test_command_line(tmp_path: Path, images: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start = write_start(tmp_path / "start.pt", ARCHITECTURES[0])
    output, figures = tmp_path / "pruned.pt", tmp_path / "pruned.json"
    arguments = ["--prune", "flops=0.8", "--calibrate", images, "-o", output, "--json", figures]
    assert main(["prune", str(start), *map(str, arguments)]) == 0
    shown = capsys.readouterr().out
    assert "of the products of a frame are left" in shown
    assert "measured" in shown
    report = json.loads(figures.read_text())
    assert report["demand"] == "flops=0.8"
    assert report["loss"]["basis"] == "measured"
    assert report["macs"]["after"] <= 0.8 * report["macs"]["before"]


@pytest.mark.parametrize(
    ("demand", "expected"),
    [
        ("flops=2", "above 0 and up to 1, found 2"),
        ("flops=0.001", "is out of reach: with one channel in every layer 0.0"),
        pytest.param("fps=1e9", "and no channel is left", marks=pytest.mark.slow),
        ("share=0.5", "prune must be like flops=0.7"),
        ("norm=1e9", "would remove every channel of g_a.0"),
    ],
)
def test_wrong_demands(fails, tmp_path: Path, images: Path, demand: str, expected: str) -> None:
    start = write_start(tmp_path / "start.pt", ARCHITECTURES[0])
    arguments = ["--calibrate", images, "-o", tmp_path / "out.pt"]
    assert expected in fails("prune", start, "--prune", demand, *arguments)


def test_wrong_files(fails, tmp_path: Path, images: Path) -> None:
    start = write_start(tmp_path / "start.pt", ARCHITECTURES[0])
    few = tmp_path / "few"
    few.mkdir()
    (images / "0.png").rename(few / "0.png")
    out = ["--prune", "flops=0.7", "-o", tmp_path / "out.pt"]
    assert "2 or more are needed, found 1" in fails("prune", start, *out, "--calibrate", few)
    assert "give the checkpoint" in fails("prune", tmp_path / "model.mlir", *out)
    assert "no file in a folder" in fails("prune", start, "--prune", "0", "-o", "no/such/out.pt")


@pytest.mark.slow
def test_a_pruned_design_is_what_was_pruned(tmp_path: Path, images: Path) -> None:
    start = write_start(tmp_path / "start.pt", ARCHITECTURES[1])
    design, proof, figures = (tmp_path / name for name in ("design", "proof.json", "bench.json"))
    options = ["--prune", "flops=0.7", "--calibrate", images, "--quiet"]
    commands = [
        ["compile", start, "--size", "128x128", "-o", design, *options],
        ["verify", design, "--images", images / "0.png", "--json", proof, "--quiet"],
        ["bench", start, "--images", images / "0.png", "--json", figures, *options],
    ]
    for command in commands:
        assert main([str(word) for word in command]) == 0
    pruning = json.loads((design / "report.json").read_text())["model"]["pruning"]
    assert pruning["source"]["file"] == "start.pt"
    measured, proven = (json.loads(path.read_text()) for path in (figures, proof))
    assert measured["prune"] == "flops=0.7"
    assert measured["mean"]["integer"]["psnr"] == proven["psnr_int"]
    assert measured["mean"]["float"]["psnr"] != proven["psnr_float"]
