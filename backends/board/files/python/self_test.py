"""Runs every core on its golden frame and compares what comes back; then codes the golden image.

    python3 self_test.py                on the board
    python3 self_test.py --simulate     on the design's C++, once ../cpp/Makefile has built it

Status 0: all as expected, 1: a frame differs, 2: the hardware reports an error.
"""

import json
import sys
from hashlib import sha256

from licc_board import HERE, Board, BoardError, PynqDevice, SimulatedDevice, transforms

from licc.runtime import Codec
from licc.runtime.errors import CodecError
from licc.runtime.frame_layout import FrameLayout

HLS = HERE.parent / "hls"


def main() -> int:
    """Prints a line for each frame; the exit status."""
    simulate = "--simulate" in sys.argv[1:]
    board = Board(
        SimulatedDevice() if simulate else PynqDevice(HERE.parent / "vivado" / "licc.bit")
    )
    same = True
    for name in board.cores:
        given, expected = golden(name, "input"), golden(name, "expected")
        for frame in (1, 2):
            same &= report(f"{name}, frame {frame}", board.run(name, given), expected)
    if {"g_a", "g_s"} <= board.cores.keys():
        same &= code(board)
    return 0 if same else 1


def golden(name: str, kind: str) -> bytes:
    """A golden frame."""
    return (HLS / name / f"{name}_{kind}.bin").read_bytes()


def report(title: str, found: bytes, expected: bytes) -> bool:
    """Prints the hash of what was found; whether it is what was expected."""
    wanted = sha256(expected).hexdigest()
    verdict = "as expected" if found == expected else f"expected {wanted}"
    print(f"{title}: {sha256(found).hexdigest()}, {verdict}")
    return found == expected


def code(board: Board) -> bool:
    """The golden image into a bitstream and back, with the board's transforms, then without."""
    cores = json.loads((HLS / "project.json").read_text())["cores"]
    layouts = {core["function"]: core for core in cores}
    source = FrameLayout(**layouts["g_a"]["input"]).from_bytes(golden("g_a", "input"))
    image = source[0].transpose(1, 2, 0)
    try:
        hardware = Codec(HERE.parent, hardware=transforms(board))
    except CodecError as error:
        print(f"no files are coded: {error}")
        return True
    data = hardware.encode(image)
    program = Codec(HERE.parent)
    same = report("the bitstream", data, program.encode(image))
    pixels = program.decode(data).tobytes()
    return report("its image", hardware.decode(data).tobytes(), pixels) and same


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BoardError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
