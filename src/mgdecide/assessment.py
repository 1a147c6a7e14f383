"""assess(patient): asks the rulebook in order and decides nothing itself."""

from __future__ import annotations

import json
from functools import cached_property

from attrs import define

from mgdecide.domain.patient import Patient
from mgdecide.domain.verdicts import (
    EvidenceSummary,
    Finding,
    Gate,
    Json,
    Provenance,
    Regimens,
    Status,
    Unknown,
    Withheld,
)
from mgdecide.errors import InvalidInput, Problem
from mgdecide.knowledge.edition import Knowledge, default_knowledge
from mgdecide.rules.day_plan import day_plan
from mgdecide.rules.findings import findings
from mgdecide.rules.gate_verdict import gate_verdict
from mgdecide.rules.measured import Measured, measured
from mgdecide.rules.not_checked import not_checked, unknown_reasons
from mgdecide.rules.regimens import evidence, regimens
from mgdecide.rules.row import Judge, Reading, columns_of, read_patient_row
from mgdecide.rules.rulebook import Answers, Rulebook, rulebook
from mgdecide.rules.status_verdict import status_verdict
from mgdecide.rules.unknowns import Ledger, ledger
from mgdecide.rules.wording import Wording

SCHEMA = "mgdecide/assessment/1"

__all__ = ["Assessment", "assess", "columns_of", "facts_of"]


@define(slots=False, frozen=True, eq=False, repr=False)
class Assessment:
    """Everything mgdecide has to say of one patient, with reasons. Frozen; equal input gives equal records.

    Every question is answered when it is made; each part is put into words when first asked for.
    ``regimens`` is a type, not a flag: match it as ``Regimens(items=...)`` or ``Withheld(reason=..., needs=...)``.
    """

    patient: Patient
    _reading: Reading
    _answers: Answers
    _book: Rulebook

    def __repr__(self) -> str:
        """The verdicts in a line, and nothing of the patient."""
        return (
            f"Assessment(gate={self.gate.state.value!r}, status={self.status.category!r}, "
            f"urgent={len(self.urgent)}, findings={len(self.findings)})"
        )

    @cached_property
    def urgent(self) -> tuple[Finding, ...]:
        """What somebody has to act on now, worst first."""
        return findings(self._book.urgent, self._answers.urgent, self._wording)

    @cached_property
    def gate(self) -> Gate:
        """Whether anything forbids oral magnesium, or that cannot be told, and why."""
        return gate_verdict(self._book, self._answers, self.urgent, self._wording)

    @cached_property
    def status(self) -> Status:
        """Where serum magnesium stands."""
        return status_verdict(self._book, self._answers, self._reading, self._unit_doubts)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What to know or do, worst first."""
        return findings(self._book.rules, self._answers.findings, self._wording)

    @cached_property
    def regimens(self) -> Regimens | Withheld:
        """The regimens as studied, with this patient's fit, behind an open gate; else why they are withheld."""
        return regimens(self._book, self._answers, self.gate)

    @cached_property
    def evidence(self) -> tuple[EvidenceSummary, ...]:
        """Every body of evidence, with its certainty in general and for this patient."""
        return evidence(self._book, self._answers)

    @property
    def provenance(self) -> Provenance:
        """Which library and which knowledge answered."""
        return self._book.knowledge.provenance

    @cached_property
    def unknowns(self) -> tuple[Unknown, ...]:
        """The facts that were not known and could change the gate or a fit; worked out when first asked for."""
        return _ledger(self._book).unknowns(self._reading, unknown_reasons(self.patient, self._reading, self._book))

    @cached_property
    def not_checked(self) -> tuple[str, ...]:
        """What was not looked at, in words: medicines not recognised, scores not taken, rules left undecided."""
        return not_checked(self.patient, self._reading, self._answers, self._book)

    @cached_property
    def day_plan(self) -> str | None:
        """When magnesium may be taken, where more than two medicines must be kept apart from it; else None."""
        return day_plan(self._book, self._answers, self._reading)

    @cached_property
    def measured(self) -> tuple[Measured, ...]:
        """What was measured beside magnesium: kidney function, scores, suicide items, each beside its edges."""
        return measured(self.patient, self._reading, self._answers, self._book)

    @property
    def crisis_line(self) -> str:
        """Where to call, as a sentence after another one, in the words of the site; empty where it set none."""
        return self._wording.crisis_line()

    @cached_property
    def _wording(self) -> Wording:
        return Wording(self.patient, self._reading, self._book, self._answers)

    @property
    def _unit_doubts(self) -> dict[str, str]:
        return {finding.rule: finding.text for finding in self.findings if finding.kind == "data_quality"}

    def to_record(self) -> Json:
        """The JSON shape of the published schema (``mgdecide schema assessment``)."""
        held = self.regimens
        return {
            "schema": SCHEMA,
            "patient": self.patient.id,
            "assessed_on": self.patient.assessed_on.isoformat() if self.patient.assessed_on else None,
            "urgent": [finding.to_record() for finding in self.urgent],
            "gate": self.gate.to_record(),
            "status": self.status.to_record(),
            "measured": [each.to_record() for each in self.measured],
            "findings": [finding.to_record() for finding in self.findings],
            "regimens": [each.to_record() for each in held.items] if isinstance(held, Regimens) else None,
            "withheld": held.to_record() if isinstance(held, Withheld) else None,
            "evidence": [summary.to_record() for summary in self.evidence],
            "day_plan": self.day_plan,
            "unknowns": [unknown.to_record() for unknown in self.unknowns],
            "not_checked": list(self.not_checked),
            "provenance": self.provenance.to_record(),
        }

    def to_json(self) -> str:
        """``to_record`` as JSON text; the same bytes for the same input, everywhere."""
        return json.dumps(self.to_record(), ensure_ascii=False, indent=2)


def assess(patient: Patient, *, knowledge: Knowledge | None = None) -> Assessment:
    """Judge one patient.

    Args:
        patient: what is known; see ``read_patient``.
        knowledge: another edition or a site's own limits; the one this release ships by default.

    Pure: no clock, network or randomness. Ages of results are judged at ``patient.assessed_on``.

    Raises:
        InvalidInput: no Patient, such as a record that was not read yet (MGD-I101).

    >>> from mgdecide import assess, read_patient
    >>> assess(read_patient({"age_years": 54, "sex": "female"}))
    Assessment(gate='undecided', status='undetermined', urgent=0, findings=3)
    """
    if not isinstance(patient, Patient):
        raise InvalidInput(
            Problem("MGD-I101", "patient", type(patient).__name__, "a Patient: assess(read_patient(record))")
        )
    book = rulebook(knowledge or default_knowledge())
    return assess_reading(patient, read_patient_row(patient, book.knowledge, _rank(book)), book)


def assess_reading(patient: Patient, reading: Reading, book: Rulebook) -> Assessment:
    """Judge one row of facts; ``patient`` is only named and shown."""
    return Assessment(patient, reading, book.answer(reading.row), book)


def facts_of(patient: Patient, *, knowledge: Knowledge | None = None) -> dict[str, object]:
    """The row of facts a cohort engine would judge for this patient; absent columns are unknown."""
    book = rulebook(knowledge or default_knowledge())
    return read_patient_row(patient, book.knowledge, _rank(book)).row


def _rank(book: Rulebook) -> Judge:
    return lambda columns: book.answer(columns).status


def _ledger(book: Rulebook) -> Ledger:
    """The ledger of a rulebook, built once."""
    found = book.memo.get("ledger")
    if found is None:
        found = book.memo["ledger"] = ledger(book)
    assert isinstance(found, Ledger)
    return found
