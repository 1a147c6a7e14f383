"""What an assessment is made of: findings, the gate, the status, regimens with their fit, evidence, unknowns.

Severity (how bad) and certainty (how sure) are two scales and never meet in one number. Every class turns itself
into the JSON shape of the published schema with ``to_record``.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from attrs import field, frozen

Json = dict[str, object]


class Severity(Enum):
    """How bad it would be, worst first in every list."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


SEVERITY_ORDER = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


class GateState(Enum):
    """Whether anything forbids oral magnesium, or that cannot be told."""

    OPEN = "open"
    UNDECIDED = "undecided"
    CLOSED = "closed"


class Verdict(Enum):
    """Of one criterion's requirement."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


class Fit(Enum):
    """Whether a patient resembles the people a study enrolled; in the order regimens are listed."""

    FITS = "fits"
    CANNOT_TELL = "cannot tell"
    DOES_NOT_FIT = "does not fit"


FIT_ORDER = {Fit.FITS: 0, Fit.CANNOT_TELL: 1, Fit.DOES_NOT_FIT: 2}


@frozen
class Reason:
    """One comparison behind a finding: the fact, its value as given, and what it was compared with."""

    fact: str
    value: str
    comparison: str
    unit: str = ""

    def to_record(self) -> Json:
        record: Json = {"fact": self.fact, "value": self.value, "comparison": self.comparison}
        return record | {"unit": self.unit} if self.unit else record


def _no_reasons() -> tuple[Reason, ...]:
    return ()


@frozen
class Finding:
    """One thing to know or do. ``because`` is worked out when first asked for: it only retells known facts."""

    rule: str
    kind: str
    severity: Severity
    action: str
    text: str
    sources: tuple[str, ...]
    _reasons: Callable[[], tuple[Reason, ...]] = field(default=_no_reasons, eq=False, repr=False)
    subject: str = ""
    """The medicine or product concerned, as given; empty where the finding is about the patient as a whole."""
    details: tuple[tuple[str, object], ...] = field(default=(), eq=False)
    """Further JSON members, such as the separation statements of an interaction."""

    @property
    def because(self) -> tuple[Reason, ...]:
        return self._reasons()

    @property
    def order(self) -> tuple[int, str, str]:
        """Worst first, then by rule, then by subject."""
        return SEVERITY_ORDER[self.severity], self.rule, self.subject

    def to_record(self) -> Json:
        record: Json = {
            "rule": self.rule,
            "kind": self.kind,
            "severity": self.severity.value,
            "action": self.action,
            "text": self.text,
            "because": [reason.to_record() for reason in self.because],
            "sources": list(self.sources),
        }
        if self.subject:
            record["subject"] = self.subject
        return record | dict(self.details)


@frozen
class GateReason:
    """A rule that closes the gate or leaves it undecided."""

    rule: str
    text: str
    sources: tuple[str, ...]

    def to_record(self) -> Json:
        return {"rule": self.rule, "text": self.text, "sources": list(self.sources)}


@frozen
class Gate:
    """For oral magnesium. ``needs`` names the facts to measure or ask while it is undecided."""

    state: GateState
    because: tuple[GateReason, ...] = ()
    needs: tuple[str, ...] = ()

    def to_record(self) -> Json:
        return {
            "state": self.state.value,
            "because": [reason.to_record() for reason in self.because],
            "needs": list(self.needs),
        }


@frozen
class Grade:
    """A CTCAE grade; ``grade`` is None where it cannot be given, and ``reason`` says why."""

    term: str | None
    grade: int | None
    reason: str = ""

    def to_record(self) -> Json:
        record: Json = {"term": self.term, "grade": self.grade}
        return record | {"reason": self.reason} if self.reason else record


@frozen
class Interval:
    """The limits a value was compared with, in its own unit, and whose they are."""

    low: str | None
    high: str | None
    unit: str
    origin: str

    def to_record(self) -> Json:
        return {"low": self.low, "high": self.high, "unit": self.unit, "from": self.origin}


@frozen
class Status:
    """Where serum magnesium stands by named criteria; ``undetermined`` where that cannot be told."""

    category: str
    text: str
    ctcae: Grade | None = None
    value: str | None = None
    unit: str | None = None
    on: str | None = None
    interval: Interval | None = None
    converted: tuple[tuple[str, str], ...] = ()
    caveats: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def to_record(self) -> Json:
        return {
            "category": self.category,
            "ctcae": self.ctcae.to_record() if self.ctcae else None,
            "value": self.value,
            "unit": self.unit,
            "on": self.on,
            "interval": self.interval.to_record() if self.interval else None,
            "converted": dict(self.converted),
            "text": self.text,
            "caveats": list(self.caveats),
            "sources": list(self.sources),
        }


@frozen
class CriterionVerdict:
    """One requirement of a study and whether this patient meets it."""

    kind: str
    text: str
    verdict: Verdict

    def to_record(self) -> Json:
        return {"kind": self.kind, "text": self.text, "verdict": self.verdict.value}


@frozen
class RegimenDose:
    """A dose as a study gave it: in its own words, with its basis, and the elemental interval that follows."""

    salt: str
    stated: str
    basis: str
    low: float | None
    high: float | None
    route: str
    weeks: float | None
    note: str = ""

    def to_record(self) -> Json:
        record: Json = {
            "salt": self.salt,
            "stated": self.stated,
            "basis": self.basis,
            "elemental_mg_per_day": None if self.low is None else {"low": self.low, "high": self.high},
            "route": self.route,
            "weeks": self.weeks,
        }
        return record | {"note": self.note} if self.note else record


@frozen
class StudiedRegimen:
    """A regimen as studied: what is the same for every patient. Not a prescription."""

    study: str
    dose: RegimenDose
    comparator: str
    result: str
    certainty: str
    body: str
    flags: tuple[str, ...]
    sources: tuple[str, ...]
    design: str = ""


@frozen
class Regimen:
    """A regimen as studied, and how this patient compares with the people it was studied in. Not a prescription."""

    studied: StudiedRegimen
    fit: Fit
    criteria: tuple[CriterionVerdict, ...]

    @property
    def study(self) -> str:
        """The id of the study."""
        return self.studied.study

    @property
    def dose(self) -> RegimenDose:
        """The dose as the study gave it."""
        return self.studied.dose

    @property
    def comparator(self) -> str:
        """What it was compared with."""
        return self.studied.comparator

    @property
    def design(self) -> str:
        """The kind of study and its blinding."""
        return self.studied.design

    @property
    def result(self) -> str:
        """What the study found, in one sentence."""
        return self.studied.result

    @property
    def certainty(self) -> str:
        """The GRADE certainty of the body of evidence it belongs to."""
        return self.studied.certainty

    @property
    def body(self) -> str:
        """The body of evidence it belongs to."""
        return self.studied.body

    @property
    def flags(self) -> tuple[str, ...]:
        """Printed numbers that do not hold together."""
        return self.studied.flags

    @property
    def sources(self) -> tuple[str, ...]:
        """What a reader needs to find it."""
        return self.studied.sources

    @property
    def order(self) -> tuple[int, str]:
        """By fit, then by study; never by size of effect."""
        return FIT_ORDER[self.fit], self.study

    def to_record(self) -> Json:
        return {
            "study": self.study,
            "fit": self.fit.value,
            "criteria": [criterion.to_record() for criterion in self.criteria],
            "dose": self.dose.to_record(),
            "comparator": self.comparator,
            "design": self.design,
            "result": self.result,
            "certainty": self.certainty,
            "body": self.body,
            "flags": list(self.flags),
            "sources": list(self.sources),
        }


@frozen
class Regimens:
    """The regimens, behind an open gate."""

    items: tuple[Regimen, ...]


@frozen
class Withheld:
    """No regimens: why, and which facts are needed."""

    reason: str
    needs: tuple[str, ...] = ()

    def to_record(self) -> Json:
        return {"reason": self.reason, "needs": list(self.needs)}


@frozen
class DomainJudgement:
    """One GRADE domain: levels rated (0 or negative) and why."""

    domain: str
    levels: int
    reason: str

    def to_record(self) -> Json:
        return {"domain": self.domain, "levels": self.levels, "reason": self.reason}


@frozen
class EvidenceSummary:
    """One body of evidence: the effect as published or pooled, and its certainty in general and for this patient."""

    body: str
    outcome: str
    effect: Json | None
    participants: int | None
    studies: int | None
    certainty: str
    certainty_here: str
    domains: tuple[DomainJudgement, ...]
    statement: str
    outside: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def to_record(self) -> Json:
        return {
            "body": self.body,
            "outcome": self.outcome,
            "effect": self.effect,
            "participants": self.participants,
            "studies": self.studies,
            "certainty": self.certainty,
            "certainty_here": self.certainty_here,
            "domains": [judgement.to_record() for judgement in self.domains],
            "statement": self.statement,
            "outside": list(self.outside),
            "sources": list(self.sources),
        }


@frozen
class Unknown:
    """A fact that was not known: why, what it could change, and at which values."""

    fact: str
    reason: str
    changes: tuple[str, ...]
    at: tuple[str, ...]
    outcomes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def to_record(self) -> Json:
        return {
            "fact": self.fact,
            "reason": self.reason,
            "changes": list(self.changes),
            "at": list(self.at),
            "outcomes": {name: list(values) for name, values in self.outcomes},
        }


@frozen
class Provenance:
    """Which library and which knowledge answered; ``overlay`` names every number a site changed."""

    library: str
    knowledge: str
    digest: str
    overlay: Json | None = None

    def to_record(self) -> Json:
        record: Json = {"library": self.library, "knowledge": self.knowledge, "digest": self.digest}
        return record | {"site": self.overlay} if self.overlay else record
