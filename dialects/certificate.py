"""The certificate of a function's FIFO depths, as `size-fifos` leaves it in the IR.

What it says, and how that is checked, is in docs/fifos.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from xdsl.dialects.builtin import ArrayAttr, IntAttr, ModuleOp, StringAttr
from xdsl.dialects.func import FuncOp
from xdsl.ir import Attribute, ParametrizedAttribute
from xdsl.irdl import irdl_attr_definition
from xdsl.parser import AttrParser
from xdsl.printer import Printer
from xdsl.utils.exceptions import VerifyException

FUNCTION_KEY = "stream.certificate"
LEAST_DEPTH = 2
NOTHING, DEADLOCK = 0, -1


@dataclass(frozen=True)
class FifoFigures:
    """What is certified of a FIFO, in words: how many a frame sends through it; its `depth`; the
    `bound` from which on no deadlock can be; the depth that is enough if all others have theirs
    (`least`; the rest is for words in the pipelines of kernels, which simulation does not see); and
    what a word less than that does (`less`): so many cycles from frame to frame are added, -1 if it
    is a deadlock, 0 if it was not tried, for it would be no cheaper."""

    words: int
    depth: int
    bound: int
    least: int
    less: int

    @property
    def critical(self) -> bool:
        """Whether a word less than the least depth stalls or deadlocks."""
        return self.less != NOTHING


HEAD: tuple[str, ...] = ("interval", "unbounded", "frames", "rows")
NAMES = ("words", "depth", "bound", "least", "less")


@irdl_attr_definition
class FifoCertificateAttr(ParametrizedAttribute):
    """One FIFO, by the actors at both ends: `#stream.fifo_certificate<"a fork -> c add",
    words = 128, depth = 65, bound = 33, least = 33, less = -1>`."""

    name = "stream.fifo_certificate"

    label: StringAttr
    words: IntAttr
    depth: IntAttr
    bound: IntAttr
    least: IntAttr
    less: IntAttr

    def __init__(self, label: str, figures: FifoFigures):
        numbers = (getattr(figures, name) for name in NAMES)
        super().__init__(StringAttr(label), *(IntAttr(number) for number in numbers))

    @property
    def figures(self) -> FifoFigures:
        """The numbers."""
        return FifoFigures(*(field.data for field in self._fields().values()))

    def _fields(self) -> dict[str, IntAttr]:
        fields = (self.words, self.depth, self.bound, self.least, self.less)
        return dict(zip(NAMES, fields, strict=True))

    def verify(self) -> None:
        found = self.figures
        for name in ("bound", "least"):
            if not 1 <= getattr(found, name) <= found.depth:
                raise VerifyException(
                    f"{self.name}: {name} must be in 1..{found.depth}, the depth, "
                    f"found {getattr(found, name)}"
                )
        if found.words < 1:
            raise VerifyException(f"{self.name}: words must be at least 1, found {found.words}")
        if found.less < DEADLOCK:
            raise VerifyException(
                f"{self.name}: less must be cycles, or {DEADLOCK} for a deadlock, "
                f"found {found.less}"
            )

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            label = StringAttr(parser.parse_str_literal())
            parser.parse_punctuation(",")
            return [label, *_parse_numbers(parser, NAMES)]

    def print_parameters(self, printer: Printer) -> None:
        with printer.in_angle_brackets():
            printer.print_string_literal(self.label.data)
            printer.print_string(", ")
            _print_numbers(printer, self._fields())


@irdl_attr_definition
class CertificateAttr(ParametrizedAttribute):
    """All FIFOs of a function in the order of the actors that write them: `interval` is the frame
    interval in cycles, simulated over `frames` frames; `unbounded` that of FIFOs without end; what
    a word less does was simulated on frames of which the coarsest ones have so many `rows`:
    `#stream.certificate<interval = 240, unbounded = 240, frames = 4, rows = 2, fifos = […]>`."""

    name = "stream.certificate"

    interval: IntAttr
    unbounded: IntAttr
    frames: IntAttr
    rows: IntAttr
    fifos: ArrayAttr[FifoCertificateAttr]

    def __init__(
        self,
        interval: int,
        unbounded: int,
        frames: int,
        rows: int,
        fifos: list[FifoCertificateAttr],
    ):
        numbers = (IntAttr(number) for number in (interval, unbounded, frames, rows))
        super().__init__(*numbers, ArrayAttr(fifos))

    def verify(self) -> None:
        for name in ("interval", "unbounded"):
            cycles = getattr(self, name).data
            if cycles < 1:
                raise VerifyException(
                    f"{self.name}: {name} must be at least 1 cycle, found {cycles}"
                )
        if self.frames.data < 3:
            raise VerifyException(
                f"{self.name}: frames must be at least 3, found {self.frames.data}"
            )
        if self.rows.data < 1:
            raise VerifyException(f"{self.name}: rows must be at least 1, found {self.rows.data}")

    def to_json(self) -> dict[str, object]:
        """The certificate for other tools."""
        return {
            "interval": self.interval.data,
            "unbounded": self.unbounded.data,
            "frames": self.frames.data,
            "rows": self.rows.data,
            "basis": "simulated",
            "fifos": [
                {
                    "fifo": fifo.label.data,
                    **{name: getattr(fifo.figures, name) for name in NAMES[:-1]},
                    "critical": fifo.figures.critical,
                    "one_less": _outcome(fifo.figures),
                }
                for fifo in self.fifos
            ],
        }

    @classmethod
    def parse_parameters(cls, parser: AttrParser) -> list[Attribute]:
        with parser.in_angle_brackets():
            numbers = _parse_numbers(parser, HEAD)
            parser.parse_punctuation(",")
            parser.parse_keyword("fifos")
            parser.parse_punctuation("=")
            return [*numbers, parser.parse_attribute()]

    def print_parameters(self, printer: Printer) -> None:
        numbers = (self.interval, self.unbounded, self.frames, self.rows)
        fields = dict(zip(HEAD, numbers, strict=True))
        with printer.in_angle_brackets():
            _print_numbers(printer, fields)
            printer.print_string(", fifos = ")
            printer.print_attribute(self.fifos)


def certificate_of(function: FuncOp) -> CertificateAttr | None:
    """The certificate that a function carries; None if it has none."""
    found = function.attributes.get(FUNCTION_KEY)
    return found if isinstance(found, CertificateAttr) else None


def certificates_of(module: ModuleOp) -> dict[str, object]:
    """The certificates of a module's functions as JSON, by the names of those that have one."""
    functions = [op for op in module.ops if isinstance(op, FuncOp)]
    found = {function.sym_name.data: certificate_of(function) for function in functions}
    return {name: one.to_json() for name, one in found.items() if one}


def _outcome(figures: FifoFigures) -> dict[str, object] | None:
    """What a word less than the least depth of a critical FIFO does: a deadlock, or cycles more."""
    if not figures.critical:
        return None
    deadlock = figures.less == DEADLOCK
    return {"deadlock": deadlock, "more_cycles": None if deadlock else figures.less}


def _parse_numbers(parser: AttrParser, names: tuple[str, ...]) -> list[Attribute]:
    """`name = 1, name = 2, …` in the given order."""
    numbers: list[Attribute] = []
    for i, name in enumerate(names):
        if i:
            parser.parse_punctuation(",")
        parser.parse_keyword(name)
        parser.parse_punctuation("=")
        numbers.append(IntAttr(parser.parse_integer(allow_boolean=False)))
    return numbers


def _print_numbers(printer: Printer, fields: Mapping[str, IntAttr]) -> None:
    printer.print_string(", ".join(f"{name} = {field.data}" for name, field in fields.items()))
