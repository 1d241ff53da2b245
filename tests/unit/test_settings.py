"""What a compilation does where the user leaves it open."""

import pytest

from licc.settings import Settings, number_options, parse_precision


def numbers(settings: Settings) -> tuple[str | None, str | None]:
    return settings.precision, settings.rounding


def test_a_model_gets_the_default_or_what_it_was_trained_for() -> None:
    assert numbers(Settings().for_model(None)) == ("w9a10", "adaptive")
    assert numbers(Settings().for_model("w8a8")) == ("w8a8", "nearest")


def test_what_is_asked_for_wins() -> None:
    assert numbers(Settings(precision="w6a8").for_model("w8a8")) == ("w6a8", "nearest")
    assert numbers(Settings(precision="w6a8").for_model(None)) == ("w6a8", "adaptive")
    assert numbers(Settings(rounding="adaptive").for_model("w8a8")) == ("w8a8", "adaptive")


def test_passes_get_the_default_where_no_model_is_known() -> None:
    options = number_options(Settings())
    assert options["assign-precision"] == parse_precision("w9a10")
    assert options["round-weights"]["method"] == ("adaptive",)


@pytest.mark.parametrize("text", ["w8", "a8w8", "w8a8 ,g_a.0=w9x"])
def test_what_is_no_precision(text: str) -> None:
    with pytest.raises(ValueError, match=r"precision must be like w8a8|like g_a.0=w9"):
        parse_precision(text)
