"""The tables of a sliding window that the line buffer's module takes, from `dialects.window`."""

from collections.abc import Iterator
from dataclasses import dataclass

from ...dialects.window import Window
from .parameters import Bits, table

COUNT_BITS, OFFSET_BITS = 8, 16


@dataclass(frozen=True)
class WindowTables:
    """A window whose neighbours read `pixels` banks: blocks of `step` columns lie in one bank after
    the other, and at a tap every neighbour reads another bank."""

    window: Window
    pixels: int

    @property
    def step(self) -> int:
        """Input columns (rows) from one pixel of the grid to the next."""
        return 1 if self.window.transposed else self.window.stride

    def parameters(self) -> dict[str, Bits]:
        """Tap counts [phase], offsets [phase][tap]; and [phase][neighbour or bank][tap] which bank
        a neighbour reads, which neighbour reads a bank, and how many columns further on."""
        counts = [len(self.window.taps(phase)) for phase in range(self.window.phases)]
        return {
            "TAP_COUNTS": table(counts, COUNT_BITS),
            "TAP_OFFSETS": table([offset for _, offset in self._taps(1)], OFFSET_BITS),
            "BANKS": table([self._bank(n, d) for n, d in self._taps(self.pixels)], COUNT_BITS),
            "BANK_READERS": table(
                [self._reader(b, d) for b, d in self._taps(self.pixels)], COUNT_BITS
            ),
            "BANK_COLUMNS": table(
                [self._columns(b, d) for b, d in self._taps(self.pixels)], OFFSET_BITS
            ),
        }

    def _taps(self, times: int) -> Iterator[tuple[int, int]]:
        """(number below `times`, offset) for every phase, number and tap; offset 0 where a phase
        has no such tap."""
        for phase in range(self.window.phases):
            offsets = [offset for _, offset in self.window.taps(phase)]
            offsets += [0] * (self.window.kernel - len(offsets))
            yield from ((number, offset) for number in range(times) for offset in offsets)

    def _bank(self, neighbour: int, offset: int) -> int:
        return (offset // self.step + neighbour) % self.pixels

    def _reader(self, bank: int, offset: int) -> int:
        return (bank - offset // self.step) % self.pixels

    def _columns(self, bank: int, offset: int) -> int:
        blocks = offset // self.step + self._reader(bank, offset)
        return blocks // self.pixels * self.step + offset % self.step
