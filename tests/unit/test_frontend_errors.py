"""Wrong checkpoints: one line that names file, tensor, found, expected; no code is ever run."""

import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from compressai.models import FactorizedPrior, MeanScaleHyperprior, ScaleHyperprior
from torch import Tensor, nn

from licc.frontend import ModelError, import_mlir, import_model, load_model

State = dict[str, Tensor]


def message(action: Callable[[], object]) -> str:
    """The one line that an action fails with."""
    with pytest.raises(ModelError) as caught:
        action()
    text = str(caught.value)
    assert "\n" not in text
    return text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.pt"


class Planted:
    """Unpickling it writes a file: what must never happen."""

    def __init__(self, target: Path):
        self.target = target

    def __reduce__(self):
        return Path.write_text, (self.target, "code ran")


def test_pickled_code_is_never_run(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "planted"
    for save in (torch.save, lambda value, to: to.write_bytes(pickle.dumps(value))):
        save({"state_dict": Planted(target)}, path)
        text = message(lambda: load_model(path))
        assert "code" in text
        assert "state_dict" in text
        assert not target.exists()


def test_a_pickled_model_asks_for_its_state_dict(path: Path) -> None:
    torch.save(nn.Conv2d(3, 4, 3), path)
    assert "torch.nn.modules.conv.Conv2d" in message(lambda: load_model(path))


@pytest.mark.parametrize("content", [b"", b"hello, world", b"\x89PNG\r\n\x1a\n" + bytes(64)])
def test_not_a_checkpoint(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    text = message(lambda: load_model(path))
    assert f"{path}: is not a checkpoint" in text
    assert ".pt2" in text


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_truncated_file(keep: float, path: Path) -> None:
    torch.save(FactorizedPrior(4, 6).state_dict(), path)
    content = path.read_bytes()
    path.write_bytes(content[: int(keep * len(content))])
    assert "truncated or damaged" in message(lambda: load_model(path))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    assert "cannot be read" in message(lambda: load_model(tmp_path / "none.pt"))
    assert "cannot be read" in message(lambda: load_model(tmp_path))
    assert "cannot be read" in message(lambda: load_model(tmp_path / "none.pt2"))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (torch.zeros(3), "holds a Tensor, expected a state dict"),
        ({"epoch": 3, "loss": 0.5}, "holds no tensors by name (found epoch, loss)"),
        ({"state_dict": {}}, "holds no tensors by name (found state_dict)"),
        ({"layer.weight": torch.zeros(3)}, "layer.weight: belongs to no part"),
        ({"g_a.conv.weight": torch.zeros(4, 3, 5, 5)}, "expected g_a.<index>.<tensor>"),
        ({"g_a.0.conv1.weight": torch.zeros(4, 3, 3, 3)}, "g_a.0: expected a convolution"),
    ],
)
def test_not_a_state_dict(content: object, expected: str, path: Path) -> None:
    torch.save(content, path)
    assert expected in message(lambda: load_model(path))


def set_nan(state: State) -> None:
    state["g_a.2.weight"][0, 0, 0, 0] = float("nan")


def set_infinity(state: State) -> None:
    state["entropy_bottleneck.quantiles"][1, 0, 1] = float("inf")


def set_channels(state: State) -> None:
    state["g_a.2.weight"] = torch.zeros(8, 7, 5, 5)


def set_norm_channels(state: State) -> None:
    state["g_s.1.gamma"] = torch.zeros(8, 9)


def set_latents(state: State) -> None:
    state["g_s.0.weight"] = torch.zeros(11, 8, 5, 5)


def set_outputs(state: State) -> None:
    state["g_s.6.weight"], state["g_s.6.bias"] = torch.zeros(8, 4, 5, 5), torch.zeros(4)


def set_kernel(state: State) -> None:
    state["g_a.0.weight"] = torch.zeros(8, 3, 7, 7)


def set_rank(state: State) -> None:
    state["g_a.0.weight"] = torch.zeros(8, 3)


def set_integers(state: State) -> None:
    state["g_a.0.bias"] = torch.zeros(8, dtype=torch.int32)


def remove_beta(state: State) -> None:
    del state["g_a.1.beta"]


def remove_activation(state: State) -> None:
    for key in [key for key in state if key.startswith("g_a.1.")]:
        del state[key]


def remove_synthesis(state: State) -> None:
    for key in [key for key in state if key.startswith("g_s.")]:
        del state[key]


def set_medians(state: State) -> None:
    state["entropy_bottleneck.quantiles"] = torch.zeros(11, 1, 3)


def add_context_model(state: State) -> None:
    state["context_prediction.weight"] = torch.zeros(24, 12, 5, 5)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (set_nan, "g_a.2.weight: 1 of 1600 values are NaN or infinite"),
        (set_infinity, "entropy_bottleneck.quantiles: 1 of 36 values are NaN or infinite"),
        (set_channels, "g_a.2.weight: expected shape [any, 8, 5, 5], found [8, 7, 5, 5]"),
        (set_norm_channels, "g_s.1.gamma: expected shape [8, 8], found [8, 9]"),
        (set_latents, "g_s.0.weight: expected shape [12, any, 5, 5], found [11, 8, 5, 5]"),
        (set_outputs, "g_s: expected 3 output channels, found 4"),
        (set_kernel, "g_a.0.weight: expected a kernel of 1, 3, 5, 9"),
        (set_rank, "g_a.0.weight: expected shape [any, any, any, any], found [8, 3]"),
        (set_integers, "g_a.0.bias: expected float32 or float16, found torch.int32"),
        (remove_beta, "g_a.1.beta: is missing, expected shape [8]"),
        (remove_activation, "g_a.1: has no tensors, so the file does not say which activation"),
        (remove_synthesis, "g_s: has no tensors"),
        (set_medians, "entropy_bottleneck.quantiles: expected shape [12, 1, 3]"),
        (add_context_model, "context_prediction.weight: belongs to no part that licc compiles"),
    ],
)
def test_tensors_that_do_not_fit(
    change: Callable[[State], None], expected: str, path: Path
) -> None:
    state = FactorizedPrior(8, 12).state_dict()
    change(state)
    torch.save(state, path)
    text = message(lambda: load_model(path))
    assert text.startswith("model.pt: ")
    assert expected in text


def test_hyperprior_that_gives_neither_scales_nor_scales_and_means(path: Path) -> None:
    state = MeanScaleHyperprior(4, 6).state_dict()
    state["h_s.4.weight"], state["h_s.4.bias"] = torch.zeros(7, 9, 3, 3), torch.zeros(7)
    torch.save(state, path)
    assert "h_s.4.weight: expected 6 output channels (scales" in message(lambda: load_model(path))


@pytest.mark.parametrize(
    ("size", "nearest"),
    [
        ((100, 64), "the nearest sizes are 64 x 64 or 64 x 128"),
        ((0, 64), "the nearest sizes are 64 x 64"),
        ((720, 1280), "the nearest sizes are 1280 x 704 or 1280 x 768"),
    ],
)
def test_size_must_be_a_multiple_of_the_stride(
    size: tuple[int, int], nearest: str, path: Path
) -> None:
    torch.save(ScaleHyperprior(4, 6).state_dict(), path)
    text = message(lambda: import_model(path, *size))
    assert "must be multiples of 64" in text
    assert nearest in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("func.func @f() {", "is not IR that licc knows"),
        ('"unknown.op"() : () -> ()', "is not IR that licc knows"),
        (
            "func.func @f(%x: tensor<1x4x2x2xf32>) -> tensor<1x4x2x3xf32> {\n"
            '  %y = nn.relu %x {layer = "a"} : (tensor<1x4x2x2xf32>) -> tensor<1x4x2x3xf32>\n'
            "  func.return %y : tensor<1x4x2x3xf32>\n}",
            "does not verify",
        ),
    ],
)
def test_wrong_mlir(text: str, expected: str, tmp_path: Path) -> None:
    path = tmp_path / "model.mlir"
    path.write_text(text)
    with pytest.raises(ModelError, match=expected):
        import_mlir(path)


def test_binary_mlir(tmp_path: Path) -> None:
    path = tmp_path / "model.mlir"
    path.write_bytes(b"\xff\xfe\x00")
    assert "cannot be read as text" in message(lambda: import_mlir(path))


@pytest.mark.parametrize("missing", ["torch", "torch_mlir"])
def test_missing_torch_says_how_to_install_it(missing: str, path: Path) -> None:
    torch.save(FactorizedPrior(4, 6).state_dict(), path)
    program = (
        "import sys; sys.modules[sys.argv[1]] = None\n"
        "from licc.frontend import ModelError, import_model\n"
        "try:\n    import_model(sys.argv[2], 16, 16)\n"
        "except ModelError as error:\n    print(error)\n"
    )
    command = [sys.executable, "-c", program, missing, str(path)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert f"needs {missing}, which is not installed: pip install 'licc[torch]'" in output


def test_importing_the_frontend_imports_no_torch() -> None:
    program = "import sys, licc.frontend; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)
