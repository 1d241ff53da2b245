"""What a user says of the GDN cores of single layers."""

import re
from dataclasses import dataclass

CHOICE = re.compile(
    r"(?P<core>[a-z][a-z0-9-]*)?(?::(?=[ng])(?:n(?P<norm>\d+))?(?:g(?P<gamma>\d+))?)?"
)
SHAPE = "newton, table:n32 or :n32g12 (bits of norms and of gamma)"


@dataclass(frozen=True)
class GdnChoice:
    """An implementation, bits of the norms and of γ; None leaves it to the default."""

    core: str | None = None
    norm: int | None = None
    gamma: int | None = None

    def over(self, default: "GdnChoice") -> "GdnChoice":
        """This choice, with a default's for what it leaves open."""
        return GdnChoice(
            self.core or default.core, self.norm or default.norm, self.gamma or default.gamma
        )


def parse_choice(text: str) -> GdnChoice:
    """The choice in a text like `newton`, `table:n32` or `:n32g12`; `ValueError` if it is none."""
    match = CHOICE.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"a GDN core must be like {SHAPE}, found {text or 'nothing'}")
    norm, gamma = match["norm"], match["gamma"]
    return GdnChoice(match["core"], int(norm) if norm else None, int(gamma) if gamma else None)


def parse_gdn_layers(text: str) -> dict[str, GdnChoice]:
    """The choices of layers in a text like `g_a.1=newton, g_a.3=:n32`; `ValueError` if it is not
    like that."""
    found: dict[str, GdnChoice] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        layer, equals, choice = part.partition("=")
        if not layer or not equals:
            raise ValueError(f"the GDN core of a layer must be like g_a.1=newton, found {part}")
        if layer in found:
            raise ValueError(f"the GDN core of {layer} is given twice")
        found[layer] = parse_choice(choice)
    return found


def parse_gdn(text: str) -> dict[str, tuple[str] | tuple[int]]:
    """What a text like `cheapest:n32,g_a.1=newton` means as options of `choose-gdn-cores`;
    `ValueError` if it is none."""
    first, _, layers = text.partition(",")
    choice = parse_choice(first.strip())
    parse_gdn_layers(layers)
    options: dict[str, tuple[str] | tuple[int]] = {"layers": (layers,)}
    for name, value in (("norm", choice.norm), ("gamma", choice.gamma)):
        if value is not None:
            options[name] = (value,)
    if choice.core is not None:
        options["core"] = (choice.core,)
    return options
