"""Wrong input: one clear line, exit status 1, nothing left behind."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

from licc.cli import main

Checkpoint = Callable[[str, int, int], Path]


@pytest.fixture
def fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs `licc compile` with arguments that must fail; gives the message."""

    def run(*arguments: str | Path) -> str:
        output = tmp_path / "design"
        status = main(["compile", "-o", str(output), *map(str, arguments)])
        message = capsys.readouterr().err
        assert status == 1
        assert "Traceback" not in message
        assert not list(tmp_path.glob("*design*"))
        assert not list(tmp_path.glob(".licc*"))
        return message.rpartition("licc: error: ")[2].replace("\n", " ")

    return run


class Payload:
    """Unpickling this would create a file."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return (Path.touch, (self.path,))


def test_not_a_checkpoint(fails, tmp_path: Path) -> None:
    path = tmp_path / "model.pth"
    path.write_text("not a checkpoint")
    assert "model.pth" in fails(path)


def test_missing_file(fails, tmp_path: Path) -> None:
    assert "no such file" in fails(tmp_path / "model.pth")


def test_pickle_with_code(fails, tmp_path: Path) -> None:
    path, witness = tmp_path / "model.pth", tmp_path / "witness"
    path.write_bytes(pickle.dumps({"state_dict": Payload(witness)}))
    assert "model.pth" in fails(path)
    assert not witness.exists()


def test_truncated_file(fails, tmp_path: Path, checkpoint: Checkpoint) -> None:
    path = tmp_path / "model.pth"
    path.write_bytes(checkpoint("factorized", 8, 12).read_bytes()[:5000])
    assert "model.pth" in fails(path)


def test_truncated_ir(fails, tmp_path: Path) -> None:
    text = 'func.func @g_a() { %0 = arith.constant dense<"0x' + "00" * 4000
    (tmp_path / "model.mlir").write_text(text)
    assert "is cut off" in fails(tmp_path / "model.mlir")


def test_ir_without_functions(fails, tmp_path: Path) -> None:
    (tmp_path / "model.mlir").write_text("builtin.module {}")
    assert "holds no function" in fails(tmp_path / "model.mlir")


def test_nan_weights(fails, tmp_path: Path, checkpoint: Checkpoint) -> None:
    import torch

    state = torch.load(checkpoint("factorized", 8, 12), weights_only=True)
    state["g_a.2.weight"][0, 0, 0, 0] = float("nan")
    torch.save(state, tmp_path / "model.pth")
    assert "g_a.2.weight" in fails(tmp_path / "model.pth")


def test_channels_that_do_not_fit(fails, tmp_path: Path, checkpoint: Checkpoint) -> None:
    import torch

    state = torch.load(checkpoint("factorized", 8, 12), weights_only=True)
    state["g_a.2.weight"] = state["g_a.2.weight"][:, :5]
    torch.save(state, tmp_path / "model.pth")
    assert "g_a.2" in fails(tmp_path / "model.pth")


def test_unknown_operator(fails, tmp_path: Path) -> None:
    import torch

    class Softmax(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 4, 3, 2, 1)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return torch.softmax(self.conv(x), 1)

    program = torch.export.export(Softmax().eval(), (torch.rand(1, 3, 64, 64),))
    torch.export.save(program, tmp_path / "model.pt2")
    assert "softmax" in fails(tmp_path / "model.pt2", "--size", "64x64")


def test_size_that_is_no_multiple_of_the_stride(fails, checkpoint: Checkpoint) -> None:
    message = fails(checkpoint("factorized", 8, 12), "--size", "100x64")
    assert "16" in message
    assert "96" in message


def test_frame_rate_out_of_reach(fails, checkpoint: Checkpoint) -> None:
    message = fails(checkpoint("factorized", 8, 12), "--size", "128x64", "--fps", "1e6")
    assert "g_" in message
    assert "binds at" in message
    assert "needs at least" in message


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--target", "zcu999"), "zcu102"),
        (("--precision", "w9"), "w8a8"),
        (("--precision", "w1a8"), "2..16"),
        (("--precision", "w8a3"), "4..16"),
        (("--passes", "..., no-such-pass"), "no-such-pass"),
        (("--passes", "..., fuse-streams{speed=3}, ..."), "speed"),
        (("--load", "no-such-file.py"), "no-such-file.py"),
        (("--size", "9000x64"), "8192"),
        (("--fps", "-1"), "negative"),
        (("--fps", "nan"), "finite"),
    ],
)
def test_wrong_options(fails, checkpoint: Checkpoint, arguments, expected: str) -> None:
    assert expected in fails(checkpoint("factorized", 8, 12), "--size", "128x64", *arguments)


def test_cpp_that_is_not_clean(
    fails, tmp_path: Path, checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer that declares a stream too many."""
    from licc.backends.hls import project

    right = project.print_source
    wrong = "    hls::stream<int, 2> idle;\n    LICC_RUN"
    monkeypatch.setattr(
        project, "print_source", lambda core: right(core).replace("    LICC_RUN", wrong)
    )
    message = fails(checkpoint("factorized", 8, 12), "--size", "128x64", "--target", "kv260")
    assert "hls/g_a/g_a.cpp:" in message
    assert "stream-unconnected: no process reads or writes the stream `idle`" in message
    assert "(and 1 more)" in message


def test_empty_calibration_folder(fails, tmp_path: Path, checkpoint: Checkpoint) -> None:
    (tmp_path / "images").mkdir()
    message = fails(
        checkpoint("factorized", 8, 12), "--size", "128x64", "--calibrate", tmp_path / "images"
    )
    assert "images" in message


def test_unwritable_output(
    tmp_path: Path, checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    output = tmp_path / "file" / "design"
    status = main(["compile", str(checkpoint("factorized", 8, 12)), "-o", str(output)])
    assert status == 1
    assert "cannot write here" in capsys.readouterr().err


def test_a_folder_that_is_no_design_stays(
    tmp_path: Path, checkpoint: Checkpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "precious").write_text("text")
    assert main(["compile", str(checkpoint("factorized", 8, 12)), "-o", str(tmp_path)]) == 1
    assert "no design" in capsys.readouterr().err
    assert (tmp_path / "precious").read_text() == "text"


def test_verify_without_a_design(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(tmp_path), "--images", str(tmp_path)]) == 1
    assert "not a design" in capsys.readouterr().err
