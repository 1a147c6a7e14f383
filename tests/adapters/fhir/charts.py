"""Small charts for tests: resources with as little as they need, and a Bundle around them."""

from __future__ import annotations

from datetime import date
from typing import Any

from mgdecide.adapters.fhir import ReadingReport, read_fhir
from mgdecide.domain.laboratory import LabResult
from mgdecide.domain.patient import Patient

DAY = date(2026, 8, 29)
LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
ICD, RXNORM, ATC = (
    "http://hl7.org/fhir/sid/icd-10-cm",
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://www.whocc.no/atc",
)
UCUM = "http://unitsofmeasure.org"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
ME = {"reference": "Patient/me"}

Resource = dict[str, Any]


def concept(code: str, system: str = LOINC, /, text: str | None = None) -> Resource:
    """A CodeableConcept of one code."""
    return {"coding": [{"system": system, "code": code}]} | ({"text": text} if text else {})


def quantity(value: object, unit: str | None = "mg/dL", /, **other: object) -> Resource:
    """A Quantity in UCUM; other members replace or, as None, remove."""
    full = {"value": value, "unit": unit, "system": UCUM, "code": unit} | other
    return {key: each for key, each in full.items() if each is not None}


def observation(
    loinc: str, value: object = None, ucum: str | None = "mg/dL", /, on: str = "2026-08-20", **other: object
) -> Resource:
    """A final Observation; other members replace or, as None, remove."""
    full = {
        "resourceType": "Observation",
        "id": f"o{loinc}",
        "status": "final",
        "code": concept(loinc),
        "subject": ME,
        "effectiveDateTime": on,
        "valueQuantity": None if value is None else quantity(value, ucum),
    } | other
    return {key: each for key, each in full.items() if each is not None}


def magnesium(value: object = 1.9, unit: str | None = "mg/dL", /, **other: Any) -> Resource:
    """A serum magnesium by its mass code."""
    return observation("19123-9", value, unit, **other)


def condition(code: str, system: str = SNOMED, status: str | None = "active", /, **other: object) -> Resource:
    """A Condition by one code."""
    full = {
        "resourceType": "Condition",
        "id": f"c{code}",
        "clinicalStatus": concept(status, CLINICAL) if status else None,
        "code": concept(code, system),
        "subject": ME,
    } | other
    return {key: each for key, each in full.items() if each is not None}


def request(code: str = "7646", system: str = RXNORM, status: str = "active", /, **other: object) -> Resource:
    """A MedicationRequest by one code; omeprazole unless told."""
    full = {
        "resourceType": "MedicationRequest",
        "id": f"m{code}",
        "status": status,
        "intent": "order",
        "medicationCodeableConcept": concept(code, system),
        "subject": ME,
        "authoredOn": "2026-06-01",
    } | other
    return {key: each for key, each in full.items() if each is not None}


def person(**other: object) -> Resource:
    """A woman of 54."""
    full = {"resourceType": "Patient", "id": "me", "gender": "female", "birthDate": "1972-03-01"} | other
    return {key: each for key, each in full.items() if each is not None}


def bundle(*resources: Resource, patient: Resource | None = None, bare: bool = False) -> Resource:
    """A collection of a patient and these resources; ``bare`` without a Patient."""
    held = [*([] if bare else [patient or person()]), *resources]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": f"urn:x:{at}", "resource": each} for at, each in enumerate(held)],
    }


def read(*resources: Resource, on: date | None = DAY, **options: Any) -> tuple[Patient, ReadingReport]:
    """Read a Bundle of these resources."""
    known = {key: options.pop(key) for key in ("patient", "bare") if key in options}
    return read_fhir(bundle(*resources, **known), on=on, **options)


def labs(patient: Patient, test: str = "serum_magnesium") -> tuple[LabResult, ...]:
    """The results of one test."""
    return tuple(result for result in patient.labs if result.test == test)


def codes(report: ReadingReport) -> set[str]:
    """The codes a report holds."""
    return {line.code for line in report.lines if line.code}
