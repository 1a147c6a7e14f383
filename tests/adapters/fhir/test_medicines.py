"""Medicines: what is taken now, however it is coded, and what is no longer or not yet."""

from __future__ import annotations

from typing import Any

import pytest

from mgdecide.assessment import assess
from tests.adapters.fhir.charts import ATC, ME, RXNORM, codes, concept, read, request


def classes(*resources: Any, **options: Any) -> set[str]:
    row = assess(read(*resources, **options)[0])._reading.row
    return {name.removeprefix("on_") for name, said in row.items() if name.startswith("on_") and said is True}


@pytest.mark.parametrize(
    ("code", "system", "text", "found"),
    [
        ("7646", RXNORM, None, "ppi"),  # omeprazole, the ingredient
        ("198051", RXNORM, None, "ppi"),  # omeprazole 20 MG delayed release oral capsule
        ("A02BC01", ATC, None, "ppi"),
        ("x", "urn:local", "Omeprazole 20 MG Delayed Release Oral Capsule", "ppi"),
        ("310798", RXNORM, "hydrochlorothiazide 25 MG Oral Tablet", "diuretic"),
        ("x", "urn:local", "lisinopril 10 MG / hydrochlorothiazide 12.5 MG Oral Tablet", "diuretic"),
    ],
)
def test_every_way_to_name_a_medicine(code: str, system: str, text: str | None, found: str) -> None:
    assert found in classes(request(code, system, medicationCodeableConcept=concept(code, system, text)))


def test_of_several_rxnorm_codes_a_known_one_is_taken() -> None:
    several = {"coding": [{"system": RXNORM, "code": "99999999"}, {"system": RXNORM, "code": "7646"}]}
    assert "ppi" in classes(request(medicationCodeableConcept=several))


def test_a_medicine_nobody_knows_is_kept_and_listed() -> None:
    patient, report = read(
        request("x", "urn:local", medicationCodeableConcept={"text": "Zanzibarine 5 mg"}), medications_complete=True
    )
    assert [each.name for each in patient.medications] == ["Zanzibarine 5 mg"]
    assert codes(report) == {"MGD-F125"}
    assessment = assess(patient)
    assert any("Zanzibarine" in text for text in assessment.not_checked)
    assert assessment._reading.row.get("on_ppi") is None


@pytest.mark.parametrize(
    "status", ["on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown", None]
)
def test_only_active_requests_count(status: str | None) -> None:
    patient, report = read(request(status=status))
    assert not patient.medications
    assert codes(report) == {"MGD-F107"}


def test_a_status_nobody_knows_keeps_the_list_from_being_complete() -> None:
    assert not read(request("7646", RXNORM, "unknown"), medications_complete=True)[0].medications_complete
    assert read(request("7646", RXNORM, "stopped"), medications_complete=True)[0].medications_complete


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"intent": "proposal"}, "MGD-F107"),
        ({"doNotPerform": True}, "MGD-F107"),
        ({"authoredOn": "2026-09-01"}, "MGD-F108"),
        ({"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"end": "2026-01-01"}}}}]}, "MGD-F123"),
        ({"dosageInstruction": [{"timing": {"repeat": {"boundsPeriod": {"start": "2026-10-01"}}}}]}, "MGD-F108"),
        ({"dispenseRequest": {"validityPeriod": {"end": "2025-01-01"}}}, "MGD-F123"),
    ],
)
def test_requests_that_do_not_speak_of_today(other: dict[str, Any], code: str) -> None:
    patient, report = read(request(**other))
    assert not patient.medications
    assert codes(report) == {code}


def test_clock_times_are_read() -> None:
    dosage = [
        {"timing": {"repeat": {"timeOfDay": ["20:00:00", "07:30"]}}},
        {"timing": {"code": {"text": "BID"}}},
        {"text": "x"},
    ]
    assert read(request(dosageInstruction=dosage))[0].medications[0].times == (450, 1200)


def statement(status: str = "active", **other: object) -> dict[str, Any]:
    return {
        "resourceType": "MedicationStatement",
        "id": "s",
        "status": status,
        "subject": ME,
        "medicationCodeableConcept": concept("7646", RXNORM),
    } | other


@pytest.mark.parametrize(
    ("resource", "taken"),
    [
        (statement(), True),
        (statement("completed"), False),
        (statement("not-taken"), False),
        (statement("intended"), False),
        (statement(effectivePeriod={"start": "2026-01-01", "end": "2026-02-01"}), False),
        (statement(effectivePeriod={"start": "2026-01-01"}), True),
        (statement(effectiveDateTime="2027-01-01"), False),
    ],
)
def test_statements(resource: dict[str, Any], taken: bool) -> None:
    assert bool(read(resource)[0].medications) is taken


@pytest.mark.parametrize(
    ("status", "when", "taken"),
    [
        ("completed", "2026-08-28T08:00:00Z", True),
        ("completed", "2026-08-01", False),
        ("in-progress", "2026-08-01", True),
        ("not-done", "2026-08-28", False),
        ("entered-in-error", "2026-08-28", False),
        ("completed", "2026-09-01", False),
    ],
)
def test_administrations(status: str, when: str, taken: bool) -> None:
    given = statement(status, resourceType="MedicationAdministration", effectiveDateTime=when)
    assert bool(read(given)[0].medications) is taken


MEDICATION = {"resourceType": "Medication", "id": "omep", "code": concept("7646", RXNORM)}


@pytest.mark.parametrize(
    "reference",
    [
        "Medication/omep",
        "urn:uuid:omep",
        "urn:x:2",
        "https://ehr.example/fhir/Medication/omep",
        "Medication/omep/_history/2",
    ],
)
def test_references_of_every_form(reference: str) -> None:
    by = request(medicationCodeableConcept=None, medicationReference={"reference": reference})
    assert "ppi" in classes(by, MEDICATION)


def test_a_contained_medication() -> None:
    by = request(medicationCodeableConcept=None, medicationReference={"reference": "#omep"}, contained=[MEDICATION])
    assert "ppi" in classes(by)


def test_a_medication_known_by_its_ingredients() -> None:
    mixed = {
        "resourceType": "Medication",
        "id": "mix",
        "code": {"text": "House capsule no. 4"},
        "ingredient": [
            {"itemCodeableConcept": concept("7646", RXNORM)},
            {"itemCodeableConcept": concept("5487", RXNORM)},
        ],
    }
    found = classes(request(medicationCodeableConcept=None, medicationReference={"reference": "Medication/mix"}), mixed)
    assert {"ppi", "diuretic"} <= found


def test_a_reference_that_leads_nowhere_is_kept_as_unknown() -> None:
    lost = request(medicationCodeableConcept=None, medicationReference={"reference": "Medication/gone"})
    patient, report = read(lost, medications_complete=True)
    assert len(patient.medications) == 1
    assert codes(report) == {"MGD-F124"}
    assert assess(patient)._reading.row.get("on_ppi") is None
    named = read(request(medicationCodeableConcept=None, medicationReference={"display": "omeprazole 20 mg"}))[0]
    assert [each.name for each in named.medications] == ["omeprazole 20 mg"]


def test_one_medicine_ordered_twice_is_one_with_the_times_of_both() -> None:
    def at(time: str, id: str) -> dict[str, Any]:
        return request(id=id, dosageInstruction=[{"timing": {"repeat": {"timeOfDay": [time]}}}])

    (medicine,) = read(at("07:00:00", "a"), at("19:00:00", "b"))[0].medications
    assert medicine.times == (420, 1140)
