"""What became of an export: counted by type and reason, with the codes nobody knew."""

from __future__ import annotations

import textwrap
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import define, field

from mgdecide.adapters.bulk.lines import MOST_LINES, BadLine, name_of
from mgdecide.adapters.fhir.chart import Chart
from mgdecide.adapters.fhir.reasons import CODE_UNKNOWN, REASONS
from mgdecide.adapters.suggestions import safe_text
from mgdecide.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from mgdecide.adapters.bulk.parts import Tally

_MOST_CODES = 20
_MOST_SHOWN = 10


@define
class BulkReport:
    """The account of a bulk reading. Counts are of report lines, as in ``ReadingReport``."""

    on: date
    files: int
    folder: Path = Path()
    resources: Counter[str] = field(factory=Counter)
    """Resources in the files, by type, whether read or not."""
    patients: int = 0
    used: int = 0
    by_reason: Counter[str] = field(factory=Counter)
    """How often each reason was given, by code (``MGD-F...``)."""
    by_type: Counter[tuple[str, str]] = field(factory=Counter)
    unknown_codes: Counter[str] = field(factory=Counter)
    """Codes in no table, with how often they stood in the export."""
    not_dealt: int = 0
    """Lines that are not JSON of a resource, or name no patient."""
    unreadable: int = 0
    without_patient: int = 0
    of_nobody: Counter[str] = field(factory=Counter)
    """Lines not used at all that may be anybody's, by the type they seem to be of; empty where that is not told."""
    bad_lines: list[BadLine] = field(factory=list)
    """Where the first lines stand that were not used at all."""

    def add(self, tally: Tally) -> None:
        """Add what was counted in one part."""
        self.patients += tally.patients
        self.unreadable += tally.unreadable
        self.without_patient += tally.without_patient
        for (kind, code), count in tally.lines.items():
            self.by_type[kind, code] += count
            if code:
                self.by_reason[code] += count
            else:
                self.used += count
        self.unknown_codes.update(tally.unknown_codes)

    def note_bad(self, path: Path, line: int, code: str, nobodys: str | None) -> None:
        """Count a line that is not used at all; the first of them are named.

        ``nobodys`` is the type it seems to be of where nobody knows whose it is, None where its patient is known.
        """
        self.not_dealt += 1
        if nobodys is not None:
            self.of_nobody[nobodys] += 1
        if len(self.bad_lines) < MOST_LINES:
            self.bad_lines.append(BadLine(name_of(path, self.folder), line, code))

    def note_unknown(self, kind: str, codes: Counter[str]) -> None:
        """Add resources whose codes are in no table; they were set aside unread."""
        count = sum(codes.values())
        if count:
            self.by_reason[CODE_UNKNOWN] += count
            self.by_type[kind, CODE_UNKNOWN] += count
            self.unknown_codes.update({f"{kind}: {code}": number for code, number in codes.items()})

    def to_record(self) -> dict[str, object]:
        """The report as JSON."""
        return {
            "schema": "mgdecide/bulk-reading/1",
            "on": self.on.isoformat(),
            "files": self.files,
            "resources": dict(sorted(self.resources.items())),
            "patients": self.patients,
            "without_patient_resource": self.without_patient,
            "used": self.used,
            "reasons": {
                code: {"count": count, "why": REASONS.get(code, "")} for code, count in sorted(self.by_reason.items())
            },
            "unknown_codes": dict(self.unknown_codes.most_common(_MOST_CODES)),
            "lines_of_no_patient": self.not_dealt,
            "unreadable_lines": self.unreadable,
            "bad_lines": [line.to_record() for line in sorted(self.bad_lines)],
        }

    def to_text(self, *, width: int = 76) -> str:
        """The report for people."""
        total = sum(self.resources.values())
        lines = [f"Read {total} resources of {self.patients} patients from {self.files} files, judged on {self.on}."]
        lines += textwrap.wrap(", ".join(f"{kind} {count}" for kind, count in sorted(self.resources.items())), width)
        lines += ["", f"{self.used:>10}  used"]
        for code, count in sorted(self.by_reason.items()):
            text = f"{count:>10}  {code}  {REASONS.get(code, '')}"
            lines += textwrap.wrap(text, width, subsequent_indent=" " * 22)
        if self.without_patient:
            lines.append(f"{self.without_patient:>10}  patients without a Patient resource")
        if self.not_dealt or self.unreadable:
            lines.append(f"{self.not_dealt + self.unreadable:>10}  lines that are no resource of a patient")
        lines += [f"{'':>10}  {line}" for line in sorted(self.bad_lines)[:_MOST_SHOWN]]
        if len(self.bad_lines) > _MOST_SHOWN:
            lines.append(f"{'':>10}  and {self.not_dealt + self.unreadable - _MOST_SHOWN} more")
        if self.unknown_codes:
            lines += ["", "Codes in no table, the most frequent first:"]
            lines += [f"{count:>10}  {safe_text(name)}" for name, count in self.unknown_codes.most_common(_MOST_CODES)]
        return "\n".join(lines)


def check_complete(report: BulkReport, conditions: bool, medicines: bool) -> None:
    """A line that may be anybody's may be of anybody's list: to call such a list complete would make unknown false.

    Raises:
        InvalidInput: the list of conditions or of medicines is called complete beside such lines of its own (MGD-F145).
    """
    kinds = {kind: Chart(report.on, lambda *_: None) for kind in report.of_nobody}
    for kind, chart in kinds.items():
        chart.doubt(kind)
    of_conditions = sum(count for kind, count in report.of_nobody.items() if kinds[kind].doubtful_condition)
    of_medicines = sum(count for kind, count in report.of_nobody.items() if kinds[kind].doubtful_medicine)
    called = (
        ("problem list", conditions, of_conditions),
        ("medication list", medicines, of_medicines),
    )
    problems = [
        Problem(
            "MGD-F145",
            name,
            f"called complete, but lines that may be of it belong to no patient ({count})",
            "partial (the account then names the lines), or an export without them",
        )
        for name, complete, count in called
        if complete and count
    ]
    if problems:
        raise InvalidInput(problems)
