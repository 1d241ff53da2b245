"""What a user says of the bits of single layers."""

import re
from dataclasses import dataclass

BITS = re.compile(r"(?:w(?P<weights>\d+))?(?:a(?P<activations>\d+))?")


@dataclass(frozen=True)
class LayerBits:
    """Bits of a layer's weights, and of the values that it gives; None leaves it to the default."""

    weights: int | None = None
    activations: int | None = None

    @property
    def said(self) -> dict[str, int]:
        """What is not left to the default."""
        both = {"weights": self.weights, "activations": self.activations}
        return {what: bits for what, bits in both.items() if bits is not None}

    def __str__(self) -> str:
        return "".join(f"{what[0]}{bits}" for what, bits in self.said.items())


def parse_layers(text: str) -> dict[str, LayerBits]:
    """The bits of layers in a text like `g_a.0=w9, g_a.1=a10`, by their names; `ValueError` if it
    is not like that."""
    found: dict[str, LayerBits] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        layer, _, bits = part.partition("=")
        match = BITS.fullmatch(bits)
        if not layer or not bits or match is None:
            raise ValueError(
                f"bits of a layer must be like g_a.0=w9, g_a.1=a10 or h_a.2=w8a10, found {part}"
            )
        if layer in found:
            raise ValueError(f"bits of {layer} are given twice")
        found[layer] = LayerBits(**{what: int(n) for what, n in match.groupdict().items() if n})
    return found


def layers_text(layers: dict[str, LayerBits]) -> str:
    """The text that `parse_layers` takes."""
    return ",".join(f"{layer}={bits}" for layer, bits in layers.items())
