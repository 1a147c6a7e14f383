"""What became of every resource: what was used and as what, what was not used and why."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from attrs import define, field, frozen

from mgdecide.adapters.fhir.dates import UNDATED_DAY
from mgdecide.adapters.fhir.reasons import MEDICINE_UNKNOWN, REASONS, UNDATED
from mgdecide.adapters.suggestions import safe_text
from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import Medication

WIDTH = 76

Detail: TypeAlias = LabResult | Medication | str | tuple[object, ...]
Note: TypeAlias = tuple[str, object, bool, str, str, Detail]
"""Resource type, id, used, code, what it was taken for, and more of it; put into words only when asked for."""


@frozen
class Line:
    """One line of the report. ``code`` is empty where there is nothing to say against a use."""

    resource: str
    used: bool
    code: str
    what: str
    detail: str

    @property
    def why(self) -> str:
        """The reason in a sentence; empty where the resource was simply used."""
        return REASONS.get(self.code, "")

    def to_record(self) -> dict[str, object]:
        """The JSON shape; what is empty is absent."""
        told = {"code": self.code, "what": self.what, "detail": self.detail, "why": self.why}
        return {"resource": self.resource, "used": self.used} | {key: value for key, value in told.items() if value}


@define(slots=False, frozen=True, eq=False)
class ReadingReport:
    """The account of one reading; made from the notes taken on the way, worded when first asked for.

    ``patient`` is the id of the patient read (empty if the Bundle held none), ``on`` the day of assessment.
    """

    patient: str
    on: date | None
    resources: int
    unread: tuple[tuple[str, int], ...] = ()
    """Types that are not read, with how many resources of each there were."""
    _notes: tuple[Note, ...] = field(default=(), repr=False)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line; a resource with several results has several, and results stand after what was read at once."""
        return tuple(_line(note) for note in self._notes)

    @property
    def used(self) -> tuple[Line, ...]:
        """What entered the patient."""
        return tuple(line for line in self.lines if line.used)

    @property
    def not_used(self) -> tuple[Line, ...]:
        """What did not, each with its reason."""
        return tuple(line for line in self.lines if not line.used)

    def with_code(self, code: str) -> tuple[Line, ...]:
        """The lines of one reason: ``report.with_code("MGD-F110")``."""
        return tuple(line for line in self.lines if line.code == code)

    def number_with(self, code: str) -> int:
        """How many lines have one reason, without putting any into words."""
        return sum(note[3] == code for note in self._notes)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many lines there are of each reason; ``used`` counts those that entered the patient."""
        found = Counter(line.code for line in self.lines if line.code)
        return {"used": len(self.used), "not used": len(self.not_used), **dict(sorted(found.items()))}

    def to_record(self) -> dict[str, object]:
        """The report as JSON."""
        return {
            "schema": "mgdecide/reading/1",
            "patient": self.patient,
            "on": self.on.isoformat() if self.on else None,
            "resources": self.resources,
            "counts": self.counts,
            "lines": [line.to_record() for line in self.lines],
            "types_not_read": dict(self.unread),
        }

    def to_text(self, *, width: int = WIDTH) -> str:
        """The report for people, at most ``width`` columns wide, grouped by what became of the resources."""
        return "\n".join(self._told(width))

    def _told(self, width: int) -> Iterator[str]:
        day = f", judged on {self.on.isoformat()}" if self.on else ", no day of assessment given"
        who = safe_text(self.patient) or "(no id)"
        yield from _wrapped(f"Read {self.resources} resources of patient {who}{day}.", width)
        yield from _group("Used", [line for line in self.lines if line.used and not line.code], width)
        for used, title in ((True, "Used, with a doubt"), (False, "Not used")):
            codes = dict.fromkeys(line.code for line in self.lines if line.used is used and line.code)
            for code in sorted(codes):
                lines = [line for line in self.lines if line.code == code and line.used is used]
                yield from _group(f"{title}: {REASONS.get(code, '')} [{code}]", lines, width)
        if self.unread:
            types = ", ".join(f"{name} ({count})" for name, count in self.unread)
            yield ""
            yield from _wrapped(f"Types that are not read: {types}.", width)


def _group(title: str, lines: list[Line], width: int) -> Iterator[str]:
    if not lines:
        return
    yield ""
    yield from _wrapped(f"{title} ({len(lines)})", width)
    for line in lines:
        told = ": ".join(filter(None, (line.resource, " ".join(filter(None, (line.what, line.detail))))))
        yield from _wrapped(told, width, "  ")


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(text, width, initial_indent=indent, subsequent_indent=indent + ("  " if indent else ""))


def _line(note: Note) -> Line:
    kind, id, used, code, what, detail = note
    resource = f"{kind}/{safe_text(id)}" if isinstance(id, str) and id else kind
    if isinstance(detail, LabResult):
        day = detail.on.isoformat() if detail.on else "undated"
        code = code or ("" if detail.on else UNDATED)
        return Line(resource, used, code, what, f"{detail.shown} {detail.unit}, {day}")
    if isinstance(detail, Medication):
        if used and not code and not _recognised(detail):
            code = MEDICINE_UNKNOWN
        return Line(resource, used, code, safe_text(what), safe_text(detail.shown))
    told = detail if isinstance(detail, str) else ", ".join(_part(each) for each in detail)
    return Line(resource, used, code, safe_text(what), safe_text(told))


def _part(each: object) -> str:
    if isinstance(each, date):
        return "undated" if each == UNDATED_DAY else each.isoformat()
    return f"{each:f}" if isinstance(each, Decimal) else str(each)


def _recognised(medicine: Medication) -> bool:
    from mgdecide.knowledge.medicines import Recognised, classify

    return isinstance(classify(medicine.name, medicine.atc, medicine.rxnorm), Recognised)
