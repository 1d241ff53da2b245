"""torch.export archives: every op that licc compiles, at any size, and every refusal."""

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from compressai.layers import GDN, GDN1
from torch import Tensor, nn

from licc.backends import interpreter
from licc.frontend import ModelError, import_model, load_model

EXAMPLE = 32
SIZE = (16, 48)


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.pt2"


def norm(kind: type[GDN], channels: int, inverse: bool = False) -> GDN:
    """A GDN far from the identity."""
    layer = kind(channels, inverse=inverse)
    layer.beta.data = 0.5 + torch.rand(channels)
    layer.gamma.data = 0.6 * torch.rand(channels, channels)
    return layer


class Residual(nn.Module):
    """x + f(x)."""

    def __init__(self, channels: int):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.act = nn.LeakyReLU(0.2)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.act(self.conv(x))


class PlainNorm(nn.Module):
    """A GDN as people write it without a library, and an offset for each channel."""

    def __init__(self, channels: int):
        super().__init__()
        self.beta = nn.Parameter(0.5 + torch.rand(channels))
        self.gamma = nn.Parameter(torch.rand(channels, channels))
        self.offset = nn.Parameter(torch.randn(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        norm = F.conv2d(x * x, self.gamma[:, :, None, None], self.beta)
        return x / torch.sqrt(norm) - self.offset


def save(module: nn.Module, channels: int, path: Path) -> None:
    """Exports with an example of 32 x 32 pixels or latents, another size than `SIZE`."""
    dtype = next((tensor.dtype for tensor in module.parameters()), torch.float32)
    example = torch.zeros(1, channels, EXAMPLE, EXAMPLE, dtype=dtype)
    torch.export.save(torch.export.export(module.eval(), (example,)), path)


def check(module: nn.Module, channels: int, path: Path) -> str:
    """The IR of an exported module computes what the module computes; gives the IR's text."""
    save(module, channels, path)
    model = load_model(path)
    (name,) = model.stages
    program = import_model(model, *SIZE)
    x = torch.randn(model.input_shape(name, *SIZE))
    with torch.no_grad():
        expected = module(x).numpy()
        np.testing.assert_array_equal(model.functions[name](x).numpy(), expected)
    actual = interpreter.run(program, name, x.numpy())
    np.testing.assert_allclose(actual, expected, atol=1e-5 * max(1.0, np.ptp(expected)))
    return str(program)


def chain(*layers: tuple[int, int, int, int, int, bool]) -> nn.Module:
    """Convolutions of (in, out, kernel, stride, padding, bias)."""
    return nn.Sequential(*(nn.Conv2d(i, o, k, s, p, bias=b) for i, o, k, s, p, b in layers))


ENCODERS = {
    "odd kernels": lambda: chain(
        (3, 5, 9, 4, 4, True), (5, 6, 3, 2, 1, False), (6, 7, 1, 1, 0, True), (7, 4, 7, 1, 3, False)
    ),
    "even kernels": lambda: chain((3, 5, 2, 2, 0, True), (5, 6, 4, 2, 1, False)),
    "wide stride": lambda: chain((3, 5, 5, 4, 2, True), (5, 6, 1, 2, 0, True)),
    "same": lambda: nn.Conv2d(3, 5, 3, padding="same"),
    "gdn": lambda: nn.Sequential(
        nn.Conv2d(3, 5, 5, 2, 2), norm(GDN, 5), nn.Conv2d(5, 7, 1), norm(GDN1, 7)
    ),
    "activations": lambda: nn.Sequential(
        nn.Conv2d(3, 5, 5, 2, 2), nn.LeakyReLU(), nn.Conv2d(5, 4, 3, 1, 1), nn.ReLU(inplace=True)
    ),
    "residual": lambda: nn.Sequential(nn.Conv2d(3, 5, 5, 2, 2), Residual(5), Residual(5)),
    "plain": lambda: nn.Sequential(nn.Conv2d(3, 5, 5, 2, 2), PlainNorm(5), nn.Conv2d(5, 6, 1)),
}
DECODERS = {
    "strides": lambda: nn.Sequential(
        nn.ConvTranspose2d(5, 4, 3, 1, 1),
        nn.ConvTranspose2d(4, 6, 5, 2, 2, 1, bias=False),
        nn.ConvTranspose2d(6, 3, 9, 4, 4, 3),
    ),
    "even kernels": lambda: nn.Sequential(
        nn.ConvTranspose2d(5, 4, 4, 2, 1), nn.ConvTranspose2d(4, 3, 2, 2)
    ),
    "igdn": lambda: nn.Sequential(
        norm(GDN, 5, True),
        nn.ConvTranspose2d(5, 4, 5, 2, 2, 1),
        norm(GDN1, 4, True),
        nn.Conv2d(4, 3, 3, 1, 1),
    ),
}


@pytest.mark.parametrize("name", ENCODERS)
def test_encoder_at_another_size(name: str, path: Path) -> None:
    assert "@g_a" in check(ENCODERS[name](), 3, path)


@pytest.mark.parametrize("name", DECODERS)
def test_decoder_at_another_size(name: str, path: Path) -> None:
    assert "@g_s" in check(DECODERS[name](), 5, path)


def test_layers_are_named_by_their_module(path: Path) -> None:
    text = check(nn.Sequential(nn.Conv2d(3, 5, 5, 2, 2), Residual(5)), 3, path)
    assert re.findall(r'layer = "([^"]*)"', text) == ["g_a.0", "g_a.1.conv", "g_a.1.act", "g_a.1"]


def test_dynamic_example_sizes(path: Path) -> None:
    auto = torch.export.Dim.AUTO
    module = nn.Conv2d(3, 5, 5, 2, 2).eval()
    example = torch.zeros(1, 3, EXAMPLE, EXAMPLE)
    torch.export.save(
        torch.export.export(module, (example,), dynamic_shapes=({2: auto, 3: auto},)), path
    )
    assert "tensor<1x3x16x48xf32" in str(import_model(path, *SIZE))


class FixedSize(nn.Module):
    """Knows the size that it was exported at."""

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :2].reshape(1, 2, EXAMPLE * EXAMPLE).reshape(1, 2, EXAMPLE, EXAMPLE)


class Transformed(nn.Module):
    """An op that torch-mlir itself cannot lower."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.fft.fft2(x[:, :2]).real


class Two(nn.Module):
    """Two results."""

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x, x


def conv(*layers: nn.Module) -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), *layers)


REFUSED = {
    "softmax": (conv(nn.Softmax(1)), "aten.softmax.int in module '1' of g_a is not supported"),
    "gelu": (conv(nn.GELU()), "aten.gelu.default in module '1'"),
    "batch norm": (conv(nn.BatchNorm2d(6)), "aten.batch_norm.default in module '1'"),
    "shuffle": (conv(nn.PixelUnshuffle(2)), "aten.pixel_unshuffle.default in module '1'"),
    "reflection": (nn.Conv2d(3, 6, 3, padding=1, padding_mode="reflect"), "aten.pad.default"),
    "groups": (conv(nn.Conv2d(6, 6, 3, groups=3)), "and 3 groups"),
    "dilation": (conv(nn.Conv2d(6, 6, 3, dilation=2)), "dilation (2, 2)"),
    "rectangle": (conv(nn.Conv2d(6, 6, (3, 5), padding=(1, 2))), "padding (1, 2)"),
    "stride": (conv(nn.Conv2d(6, 6, 3, 8, 1)), "g_a.1: nn.conv2d: stride must be 1, 2 or 4"),
    "kernel": (conv(nn.Conv2d(6, 6, 11, 1, 5)), "g_a.1: nn.conv2d: kernel must be in 1..9"),
    "output": (
        nn.Sequential(nn.Conv2d(3, 6, 1, 2), nn.ConvTranspose2d(6, 6, 5, 2, 1)),
        "the output must be 2 times the input",
    ),
    "fixed size": (
        FixedSize(),
        "cannot import aten.reshape.default in the model's own",
    ),
    "not lowered": (Transformed(), "cannot import aten.fft_fft2.default in the model's own code"),
    "two results": (Two(), "expected one tensor in and one out, found 1 in and 2 out"),
    "enlarges": (nn.ConvTranspose2d(3, 6, 5, 2, 2, 1), "found g_a with a stride of 1/2"),
    "half": (conv().half(), "expected float32 frames [1, C, H, W] in and out"),
    "autoencoder": (nn.Conv2d(3, 3, 3, padding=1), "export the two transforms apart"),
    "nothing": (nn.ReLU(), "export the two transforms apart"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, path: Path) -> None:
    module, expected = REFUSED[name]
    save(module, 3, path)
    with pytest.raises(ModelError) as caught:
        import_model(path, *SIZE)
    assert expected in str(caught.value)
    assert "model.pt2: " in str(caught.value)
    assert "\n" not in str(caught.value)


def test_supported_ops_are_listed(path: Path) -> None:
    save(conv(nn.Softmax(1)), 3, path)
    with pytest.raises(ModelError, match="licc compiles conv2d, conv_transpose2d, GDN, GDN1, ReLU"):
        import_model(path, *SIZE)


def test_nan_weights(path: Path) -> None:
    module = conv(nn.ReLU())
    module[0].weight.data[0, 0, 0, 0] = float("nan")
    save(module, 3, path)
    with pytest.raises(ModelError, match=r"0\.weight: 1 of 162 values are NaN or infinite"):
        load_model(path)


def test_size_must_be_a_multiple_of_the_stride(path: Path) -> None:
    save(nn.Sequential(nn.Conv2d(3, 5, 5, 4, 2), nn.Conv2d(5, 6, 3, 2, 1)), 3, path)
    with pytest.raises(ModelError, match="must be multiples of 8, found 48 x 20"):
        import_model(path, 20, 48)


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(100)])
def test_not_an_archive(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"is not a torch\.export archive, or a damaged one"):
        load_model(path)


def test_truncated_archive(path: Path) -> None:
    save(conv(), 3, path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(ModelError, match="damaged"):
        load_model(path)


class Planted:
    """Unpickling it writes a file: what must never happen."""

    def __init__(self, target: Path):
        self.target = target

    def __reduce__(self):
        return Path.write_text, (self.target, "code ran")


def rewrite(path: Path, changes: dict[str, bytes]) -> None:
    """Replaces members of a zip file, by the end of their name, and adds the others."""
    with zipfile.ZipFile(path) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    root = next(iter(members)).split("/")[0]
    members |= {f"{root}/{name}": content for name, content in changes.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)


@pytest.mark.parametrize("member", ["data/sample_inputs/model.pt", "data/constants/opaque_obj_0"])
def test_code_in_an_archive_is_never_run(member: str, path: Path, tmp_path: Path) -> None:
    target = tmp_path / "planted"
    save(conv(), 3, path)
    torch.save(Planted(target), tmp_path / "planted.pt")
    rewrite(path, {member: (tmp_path / "planted.pt").read_bytes()})
    with pytest.raises(ModelError, match="code"):
        load_model(path)
    assert not target.exists()


def test_a_rewritten_archive_is_read(path: Path) -> None:
    """Else the test before could not fail."""
    save(conv(), 3, path)
    rewrite(path, {})
    assert load_model(path).family == "ExportedProgram"
