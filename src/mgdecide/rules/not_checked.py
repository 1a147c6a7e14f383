"""What was not looked at, and why facts are unknown."""

from __future__ import annotations

from mgdecide.domain.patient import Patient
from mgdecide.rules.row import Reading
from mgdecide.rules.rulebook import Answers, Rulebook

SUICIDE_ITEMS = ("phq9_item_9", "bdi2_item_9", "epds_item_10", "hamd17_item_3", "madrs_item_10")
ALWAYS = (
    "Interactions that do not involve magnesium are not checked.",
    "Conditions outside the catalogue are not checked.",
)


def unknown_reasons(patient: Patient, reading: Reading, book: Rulebook) -> dict[str, str]:
    """Every fact of the catalogue that is not known, and why."""
    row = reading.row
    reasons: dict[str, str] = {}
    for fact in book.knowledge.catalogue:
        if fact.kind == "lab" and fact.name in reading.results:
            age = row.get(f"{fact.name}_age_days")
            if age is None:
                reasons[fact.name] = "no date"
            elif isinstance(age, float) and age > book.knowledge.number("stale.result"):
                reasons[fact.name] = "too old"
            elif f"{fact.name}_comparator" in row:
                reasons[fact.name] = "reported only with a comparator"
        elif row.get(fact.name) is None:
            reasons[fact.name] = _why(fact.group, patient, reading)
    return reasons


def _why(group: str, patient: Patient, reading: Reading) -> str:
    if group == "conditions" and not patient.conditions_complete:
        return "not given, and the problem list is not said to be complete"
    if group == "medicines":
        if patient.medications_complete and reading.unrecognised:
            return "a medicine on the list was not recognised"
        if not patient.medications_complete:
            return "not given, and the medication list is not said to be complete"
    return "not given"


def not_checked(patient: Patient, reading: Reading, answers: Answers, book: Rulebook) -> tuple[str, ...]:
    """What was not looked at, in a fixed order."""
    lines = [f"Medicine not recognised: {medicine.shown}." for medicine in reading.unrecognised]
    lines += patient.notes
    labels = {fact.name: fact.label for fact in book.knowledge.catalogue.group("scores")}
    if not any(name in reading.row for name in labels):
        lines.append("No score of depression, anxiety or alcohol use was given.")
    if not any(name in reading.row for name in SUICIDE_ITEMS):
        lines.append("No suicide item was given: PHQ-9 item 9 or an equal item was not checked.")
    if not any(fact.name in reading.row for fact in book.knowledge.catalogue.group("presenting")):
        lines.append("No acute sign was given as present or absent.")
    if not patient.conditions_complete:
        lines.append("Conditions that were not listed: the problem list is not said to be complete.")
    if not patient.medications_complete:
        lines.append("Medicines that were not listed: the medication list is not said to be complete.")
    undecided = [rule.id for rule, answer in zip(book.rules, answers.findings, strict=True) if answer is None]
    if undecided:
        lines.append(f"Rules left undecided because a fact is unknown: {', '.join(undecided)}.")
    return (*lines, *ALWAYS)
