"""What is known of an IP in a catalog, kept in the file that Vivado keeps it in (as JSON)."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

COMPONENT = "component.xml"


@dataclass(frozen=True)
class PackagedIp:
    """An IP: vendor, library, name and version; protocol and side of its interfaces; the bits of
    its streams; its clock and reset; and where its registers are, as `interface/address block`."""

    vlnv: str
    interfaces: dict[str, tuple[str, str]]
    bits: dict[str, int]
    clock: str
    reset: str
    registers: str

    def save(self, folder: Path) -> None:
        """Puts it into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / COMPONENT).write_text(json.dumps(asdict(self)))

    @staticmethod
    def load(folder: Path) -> "PackagedIp":
        """The IP of a folder."""
        found = json.loads((folder / COMPONENT).read_text())
        interfaces = {name: tuple(pair) for name, pair in found.pop("interfaces").items()}
        return PackagedIp(interfaces=interfaces, **found)


def exported_by_hls(name: str, bits_in: int, bits_out: int) -> PackagedIp:
    """The IP that Vitis HLS exports of a core: UG1399, of `s_axilite` and `axis`; ports called `in`
    and `out` get another name."""
    return PackagedIp(
        f"xilinx.com:hls:{name}:1.0",
        {
            "s_axi_control": ("aximm", "slave"),
            "in_r": ("axis", "slave"),
            "out_r": ("axis", "master"),
        },
        {"in_r": bits_in, "out_r": bits_out},
        "ap_clk",
        "ap_rst_n",
        "s_axi_control/Reg",
    )
