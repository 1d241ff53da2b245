"""Finds the modules of reports in a design."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..targets.calibration import CORE
from .reports import Amounts, CalibrationError, Report
from .subjects import Subject

SHOWN = 3
LIBRARY = "licc_"  # how the modules of licc's own RTL are called


@dataclass(frozen=True)
class Sample:
    """A subject, what a report says that it takes, and the report in a line."""

    subject: Subject
    measured: Amounts
    source: str


@dataclass(frozen=True)
class Match:
    """The samples of a few reports; the modules that are none of the design's, and the names of
    the actors and ports in the measured cores of which no report says anything."""

    samples: tuple[Sample, ...]
    unknown: tuple[str, ...]
    missing: tuple[str, ...]


def match(
    reports: Sequence[Report],
    subjects: Sequence[Subject],
    widths: Mapping[str, Mapping[str, int]],
) -> Match:
    """The samples that reports give of a design, of which `widths` are the bits of its ports.

    Raises `CalibrationError` for a report of which no module is the design's, or whose ports have
    other widths, and for a subject of which two modules say different things.
    """
    names = _Names(subjects)
    found: dict[Subject, Sample] = {}
    unknown: list[str] = []
    for report in reports:
        _check_ports(report, widths)
        unknown += names.collect(report, found)
    if all(subject.kind == CORE for subject in found):
        raise CalibrationError(
            "the reports have whole cores only, and coefficients are fitted to actors; give "
            "csynth.xml of Vitis HLS, or run yosys without -flatten"
        )
    cores = {subject.core for subject in found}
    missing = (s.name for s in subjects if s.core in cores and s not in found)
    return Match(tuple(found.values()), tuple(unknown), tuple(missing))


def _check_ports(report: Report, widths: Mapping[str, Mapping[str, int]]) -> None:
    for port, bits in widths.get(report.top, {}).items():
        found = report.port_bits.get(port, bits)
        if found != bits:
            raise CalibrationError(
                f"{report.file}: of another design: its port {port} has {found} bits, that of "
                f"{report.top} has {bits}"
            )


class _Names:
    """The subjects by the names of modules."""

    def __init__(self, subjects: Sequence[Subject]):
        self._subjects: dict[str, list[Subject]] = {}
        for subject in subjects:
            for name in subject.modules:
                self._subjects.setdefault(name, []).append(subject)
        self._instances = [f"{name}_" for subject in subjects for name in subject.instances]

    def collect(self, report: Report, found: dict[Subject, Sample]) -> list[str]:
        """Adds a report's samples; gives the modules that are neither of the design nor inside one
        of its actors, as `mac_g_a_0_mac_Pipeline_1` is."""
        unknown: list[str] = []
        for module, measured in report.modules:
            if subject := self._subject(report, module):
                _add(found, Sample(subject, measured, report.source))
            elif not module.startswith((LIBRARY, *self._instances)):
                unknown.append(module)
        if len(unknown) == len(report.modules):
            raise CalibrationError(
                f"{report.file}: no module of the design is in it; it has {_some(unknown)}, the "
                f"design {_some(list(self._subjects))}"
            )
        return unknown

    def _subject(self, report: Report, module: str) -> Subject | None:
        """The subject of that name, of the report's own core if several cores have one."""
        named = self._subjects.get(module, [])
        if len(named) > 1:
            named = [subject for subject in named if subject.core == report.top]
            if len(named) != 1:
                raise CalibrationError(
                    f"{report.file}: several cores have a {module}; give the csynth.xml of each"
                )
        return named[0] if named else None


def _add(found: dict[Subject, Sample], sample: Sample) -> None:
    known = found.setdefault(sample.subject, sample)
    if known.measured != sample.measured:
        raise CalibrationError(
            f"{sample.subject.name} is measured twice, and differently: by {known.source}, and by "
            f"{sample.source}; give the reports of one run"
        )


def _some(names: list[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
