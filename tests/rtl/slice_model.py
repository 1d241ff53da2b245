"""A DSP48E2 in Python, register by register, after AMD's UG579: what the Verilog model is tested
against. Integers are kept as unsigned bits of their width."""

from dataclasses import dataclass, field

import numpy as np

A_BITS, D_BITS, B_BITS, P_BITS = 30, 27, 18, 48
ADD, SUBTRACT = 0b0000, 0b0011


def signed(value: int, bits: int) -> int:
    """The lower bits of a value as two's complement."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


@dataclass(frozen=True)
class Configuration:
    """The parameters of a slice that are tried."""

    adds: bool = False
    areg: int = 1
    breg: int = 1
    creg: int = 1
    dreg: int = 1
    adreg: int = 1
    mreg: int = 1
    preg: int = 1
    rnd: int = 0

    def parameters(self) -> str:
        """As Verilog."""
        names = ("AREG", "BREG", "CREG", "DREG", "ADREG", "MREG", "PREG")
        numbers = (getattr(self, name.lower()) for name in names)
        registers = "".join(f".{n}({v}), " for n, v in zip(names, numbers, strict=True))
        select = "AD" if self.adds else "A"
        cascades = f".ACASCREG({self.areg}), .BCASCREG({self.breg}), "
        none = "".join(
            f".{name}REG(0), " for name in ("ALUMODE", "CARRYIN", "CARRYINSEL", "INMODE", "OPMODE")
        )
        return f'{registers}{cascades}{none}.AMULTSEL("{select}"), .RND(48\'h{self.rnd:x})'


@dataclass(frozen=True)
class Inputs:
    """What is at the ports in a cycle."""

    a: int
    b: int
    c: int
    d: int
    pcin: int
    opmode: int
    inmode: int
    alumode: int

    def row(self) -> bytes:
        """Eight words of 64 bits."""
        words = (self.a, self.b, self.c, self.d, self.pcin, self.opmode, self.inmode, self.alumode)
        return np.array(words, np.uint64).tobytes()


@dataclass
class Slice:
    """A slice at work. Registers are named as the guide names them."""

    configuration: Configuration
    registers: dict[str, int] = field(default_factory=dict[str, int])

    def __getitem__(self, name: str) -> int:
        return self.registers.get(name, 0)

    def operand(self, now: int, count: int, first: str, second: str, takes_first: int) -> int:
        """Behind none, one or two input registers, of which two leave a choice."""
        if count == 0:
            return now
        return self[first] if count == 2 and takes_first else self[second]

    def multiplicand(self, x: Inputs) -> tuple[int, int]:
        """What the multiplier takes of A and D, and what goes into the pre-adder's register."""
        chosen = self.configuration
        a = self.operand(x.a, chosen.areg, "A1", "A2", x.inmode & 1)
        a = 0 if x.inmode & 2 else signed(a, D_BITS)
        d = (self["D"] if chosen.dreg else x.d) if x.inmode & 4 else 0
        total = d - a if x.inmode & 8 else d + a
        if not chosen.adds:
            return a, total
        return signed(self["AD"] if chosen.adreg else total, D_BITS), total

    def cycle(self, x: Inputs) -> int:
        """P before the clock's edge; the registers are those after it."""
        chosen = self.configuration
        multiplicand, total = self.multiplicand(x)
        multiplier = self.operand(x.b, chosen.breg, "B1", "B2", x.inmode & 16)
        product = multiplicand * signed(multiplier, B_BITS)
        m = self["M"] if chosen.mreg else product
        c = self["C"] if chosen.creg else x.c
        p = self["P"]
        joined = ((self["A2"] if chosen.areg else x.a) << B_BITS) | (
            self["B2"] if chosen.breg else x.b
        )
        x_in = (0, m, p, joined)[x.opmode & 3]
        y_in = (0, 0, -1, c)[x.opmode >> 2 & 3]
        pcin, kept = signed(x.pcin, P_BITS), signed(p, P_BITS)
        z_in = (0, pcin, p, c, p, pcin >> 17, kept >> 17)[x.opmode >> 4 & 7]
        w_in = (0, p, chosen.rnd, c)[x.opmode >> 7]
        rest = w_in + x_in + y_in
        result = z_in - rest if x.alumode == SUBTRACT else z_in + rest
        result &= (1 << P_BITS) - 1
        self.registers = {
            "A1": x.a,
            "A2": self["A1"] if chosen.areg == 2 else x.a,
            "B1": x.b,
            "B2": self["B1"] if chosen.breg == 2 else x.b,
            "C": x.c,
            "D": x.d,
            "AD": total,
            "M": product,
            "P": result,
        }
        return p if chosen.preg else result
