"""`licc dimension`: the table, the file, and what it says to a wrong demand."""

import json
from pathlib import Path

import pytest

import licc
from licc.cli import main
from licc.frontend import ModelError

SMALL = ["dimension", "--size", "128x64", "--m", "8"]
KEYS = {"n", "macs_per_frame", "parameters", "fps", "dsp", "bram36", "lut", "fits"}


def test_table_and_file_agree(tmp_path: Path, capsys) -> None:
    file = tmp_path / "widths.json"
    assert main([*SMALL, "--n", "6,4", "4", "--fps", "1000", "--json", str(file)]) == 0
    found = json.loads(file.read_text())
    assert [width["n"] for width in found["widths"]] == [4, 6]
    assert found["largest_n"] == 6
    printed = capsys.readouterr().out
    for width in found["widths"]:
        assert width.keys() >= KEYS
        assert width["fits"]
        assert width["fastest_fps"] >= width["fps"] >= 1000
        for cell in (f"{width['cycles_per_frame']:,}", f"{width['dsp']:,}", f"{width['lut']:,}"):
            assert cell in printed
    assert "largest N that reaches 1000 fps: 6" in printed
    assert found["guaranteed"]["n"] == 6
    assert found["guaranteed"]["fits"]
    assert [path.name for path in tmp_path.iterdir()] == ["widths.json"]


def test_python_answers_what_the_command_does(tmp_path: Path) -> None:
    file = tmp_path / "widths.json"
    assert main([*SMALL, "--n", "4", "--fps", "1000", "--json", str(file), "--quiet"]) == 0
    found = licc.dimension(licc.Demand(m=8, size=(128, 64), fps=1000.0), [4])
    assert json.loads(json.dumps(found.to_json())) == json.loads(file.read_text())


def test_some_widths_fit(tmp_path: Path, capsys) -> None:
    """The smallest board, and a rate between those of two widths."""
    options = [*SMALL, "--target", "kv260", "--n", "4,24", "--quiet"]
    rates = tmp_path / "rates.json"
    main([*options, "--json", str(rates), "--fps", "1"])
    small, large = json.loads(rates.read_text())["widths"]
    assert small["fastest_fps"] > large["fastest_fps"]
    between = (small["fastest_fps"] + large["fastest_fps"]) / 2
    file = tmp_path / "widths.json"
    assert main([*options, "--fps", str(between), "--json", str(file)]) == 0
    found = json.loads(file.read_text())
    assert found["largest_n"] == 4
    assert [width["fits"] for width in found["widths"]] == [True, False]
    assert found["widths"][1]["fps"] == found["widths"][1]["fastest_fps"]
    assert "out of reach" in found["widths"][1]["shortfall"]


def test_no_width_fits(tmp_path: Path, capsys) -> None:
    file = tmp_path / "widths.json"
    assert main([*SMALL, "--n", "4", "--fps", "1e6", "--json", str(file)]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert error.startswith("licc: error: no width reaches 1e+06 frames a second: N=4: ")
    assert "out of reach" in error
    found = json.loads(file.read_text())
    assert (found["largest_n"], found["guaranteed"]) == (0, None)


WRONG = {
    "--n 0": "n must be 1 to 4096 channels, found 0",
    "--n -3": "n must be 1 to 4096 channels, found -3",
    "--m 0": "m must be 1 to 4096 channels, found 0",
    "--fps 0": "fps must be positive and finite, found 0.0",
    "--fps inf": "fps must be positive and finite, found inf",
    "--clock-mhz 0": "clock must be positive and finite, found 0.0 MHz",
    "--size 100x64": "factorized student: width and height must be multiples of 16, found "
    "100 x 64; the nearest sizes are 96 x 64 or 112 x 64",
    "--family hyperprior --size 1280x720": "hyperprior student: width and height must be multiples "
    "of 64, found 1280 x 720; the nearest sizes are 1280 x 704 or 1280 x 768",
    "--size 8208x16": "size must be 1x1 to 8192x8192, found 8208x16",
    "--target nowhere": "unknown target 'nowhere': known are kv260, zcu102, zcu104, or give the "
    "path of a file that describes one",
    "--activation relu": "a factorized student has no activation but GDN, found relu",
    "--precision w1a8": "assign-precision: weights must be in 2..16, found 1",
    "--precision big": "precision must be like w8a8 (bits of weights and activations), found big",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_demands(wrong: str, tmp_path: Path, capsys) -> None:
    file = tmp_path / "widths.json"
    assert main([*SMALL, "--n", "4", "--quiet", "--json", str(file), *wrong.split()]) == 1
    printed = capsys.readouterr()
    assert printed.err.splitlines() == [f"licc: error: {WRONG[wrong]}"]
    assert printed.out == ""
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be(tmp_path: Path, capsys) -> None:
    file = tmp_path / "missing" / "widths.json"
    assert main([*SMALL, "--json", str(file)]) == 1
    assert capsys.readouterr().err == f"licc: error: {file}: is no file in a folder that exists\n"


@pytest.mark.parametrize("wrong", ["--family transformer", "--n wide", "--direction up"])
def test_wrong_command_lines(wrong: str, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["dimension", *wrong.split()])
    assert ended.value.code == 2


def test_wrong_demands_in_python() -> None:
    with pytest.raises(ModelError, match="multiples of 16"):
        licc.dimension(licc.Demand(size=(1280, 719)))
    with pytest.raises(ValueError, match="at least one width"):
        licc.dimension(widths=[])
    with pytest.raises(ValueError, match="direction must be one of encoder, decoder, both"):
        licc.dimension(licc.Demand(direction="up"))
