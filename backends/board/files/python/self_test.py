"""Runs every core on its golden frame and compares what comes back.

    python3 self_test.py                on the board
    python3 self_test.py --simulate     on the design's C++, once ../cpp/Makefile has built it

Status 0: all as expected, 1: a frame differs, 2: the hardware reports an error.
"""

import hashlib
import sys

from licc_board import HERE, Board, BoardError, PynqDevice, SimulatedDevice


def main() -> int:
    """Prints a line for each core; the exit status."""
    simulate = "--simulate" in sys.argv[1:]
    device = SimulatedDevice() if simulate else PynqDevice(HERE.parent / "vivado" / "licc.bit")
    board, failed = Board(device), False
    for name in board.cores:
        golden = HERE.parent / "hls" / name
        given = (golden / f"{name}_input.bin").read_bytes()
        expected = (golden / f"{name}_expected.bin").read_bytes()
        for frame in (1, 2):
            found, wanted = (
                hashlib.sha256(data).hexdigest() for data in (board.run(name, given), expected)
            )
            verdict = "as expected" if found == wanted else f"expected {wanted}"
            failed = failed or found != wanted
            print(f"{name}, frame {frame}: {found}, {verdict}")
    return int(failed)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BoardError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(2)
