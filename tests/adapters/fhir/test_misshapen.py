"""What could not be read is unknown: a list with a misshapen entry is never complete; nothing on it is made false."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from mgdecide.adapters.fhir import read_fhir
from mgdecide.assessment import assess

ON = date(2026, 8, 29)
_PATIENT = {"resourceType": "Patient", "id": "p-1", "gender": "female", "birthDate": "1972-01-01"}
_SUBJECT = {"reference": "Patient/p-1"}
_KIDNEY = {"coding": [{"system": "http://snomed.info/sct", "code": "433146000"}]}  # chronic kidney disease stage 5


def read(*resources: object) -> tuple[bool, bool]:
    """Whether the lists count as complete where the caller says so of both."""
    entries = [{"resource": _PATIENT}, *({"resource": each} for each in resources)]
    patient, _ = read_fhir(
        {"resourceType": "Bundle", "type": "collection", "entry": entries},
        on=ON,
        conditions_complete=True,
        medications_complete=True,
    )
    return patient.conditions_complete, patient.medications_complete


def condition(**more: object) -> dict[str, object]:
    return {"resourceType": "Condition", "id": "c", "code": _KIDNEY, "subject": _SUBJECT, **more}


def order(**more: object) -> dict[str, object]:
    named = {"medicationCodeableConcept": {"text": "furosemide"}}
    return (
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": _SUBJECT} | named | more
    )


def test_whole_resources_leave_the_lists_complete() -> None:
    assert read(condition(recordedDate="2026-01-01"), order()) == (True, True)


@pytest.mark.parametrize(
    "broken",
    [
        condition(recordedDate="2026-13-45"),
        condition(code="kidney failure"),
        condition(code={"coding": "433146000"}),
        condition(clinicalStatus=["active"]),
        {"resourceType": "Procedure", "id": "d", "status": "completed", "code": ["dialysis"], "subject": _SUBJECT},
    ],
)
def test_a_misshapen_condition_or_procedure_leaves_the_problem_list_open(broken: Mapping[str, object]) -> None:
    assert read(broken) == (False, True)


@pytest.mark.parametrize(
    "broken",
    [
        order(medicationCodeableConcept="furosemide"),
        order(medicationCodeableConcept={"text": ["furosemide"]}),
        order(medicationCodeableConcept={"text": {"value": "furosemide"}}),
        order(medicationCodeableConcept={"coding": [{"display": 7}]}),
    ],
)
def test_a_misshapen_medicine_leaves_the_medication_list_open(broken: Mapping[str, object]) -> None:
    assert read(broken) == (True, False)


def test_an_entry_that_is_no_resource_leaves_both_open() -> None:
    assert read("a resource?") == (False, False)
    assert read({"resourceType": ["Condition"], "code": _KIDNEY}) == (False, False)


def test_a_misshapen_result_leaves_both_complete() -> None:
    assert read({"resourceType": "Observation", "status": "final", "code": [], "subject": _SUBJECT}) == (True, True)


def test_the_gate_of_such_a_chart_asks_for_what_was_lost() -> None:
    """The whole way: what a complete list would have made false is asked for again."""

    def needs(*more: object) -> set[str]:
        entries = [{"resource": each} for each in (_PATIENT, *more)]
        bundle = {"resourceType": "Bundle", "type": "collection", "entry": entries}
        patient, _ = read_fhir(bundle, on=ON, conditions_complete=True, medications_complete=True)
        return set(assess(patient).gate.needs)

    assert "dialysis" not in needs()
    assert "dialysis" in needs(condition(recordedDate="2026-13-45"))
